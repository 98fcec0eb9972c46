"""What a command line or a setting is told that it has wrong, in Bahasa Indonesia.

Python's own libraries find these mistakes (argparse, msgspec) and name them in English.
"""

from __future__ import annotations

import re
from typing import Final

_SAID: Final = tuple(
    (re.compile(pattern, re.DOTALL), text)
    for pattern, text in (
        (r"the following arguments are required: (.*)", r"belum disebut: \1"),
        (r"one of the arguments (.*) is required", r"salah satu harus disebut: \1"),
        (r"unrecognized arguments: (.*)", r"tidak dikenal: \1"),
        (
            r"argument (.*?): invalid choice: (.*) \(choose from (.*)\)",
            r"\1: \2 tidak ada; pilih dari \3",
        ),
        (r"argument (.*?): expected .* arguments?", r"\1 memerlukan isi"),
        (r"argument (.*?): ignored explicit argument (.*)", r"\1 tidak diberi isi: \2"),
        (r"argument (.*?): invalid .* value: (.*)", r"\1: \2 tidak dapat dipakai"),
        (r"argument (.*?): not allowed with argument (.*)", r"\1 tidak dapat bersama \2"),
        (r"ambiguous option: (.*) could match (.*)", r"\1 dapat berarti \2"),
        (r"Expected `int` <= (\d+)", r"paling besar \1"),
        (r"Expected `int` >= (\d+)", r"paling kecil \1"),
        (r"Expected `int`, got .*", r"harus bilangan bulat"),
        (r"Expected `str`, got .*", r"harus teks"),
        (r"Expected `str` matching regex (.*)", r"harus seperti \1"),
        (r"Invalid enum value (.*)", r"\1 tidak ada"),
        (r"Object contains unknown field (.*)", r"\1 tidak dikenal"),
    )
)


def in_indonesian(message: str) -> str:
    """The same mistake in Bahasa Indonesia; a message that is not known stays as it is."""
    for pattern, text in _SAID:
        found = pattern.fullmatch(message)
        if found is not None:
            return found.expand(text)
    return message
