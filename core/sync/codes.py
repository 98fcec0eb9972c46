"""Codes that people read and type: pairing codes, the six digits on both screens, registers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from itertools import count
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals of which none is easily read as another: no 0, O, 1, I, L."""

CODE_LETTERS: Final = 8
_USABLE: Final = 256 - 256 % len(ALPHABET)


def pairing_code(random: bytes) -> str:
    """A one-time code from random bytes; bytes that would favour some letters are passed over.

    Raises:
        ValueError: too few bytes (give 32).
    """
    letters = [ALPHABET[byte % len(ALPHABET)] for byte in random if byte < _USABLE]
    if len(letters) < CODE_LETTERS:
        raise ValueError("a pairing code needs more random bytes")
    return "".join(letters[:CODE_LETTERS])


def read_code(text: str) -> str | None:
    """A typed code in normal form (capitals, no blanks or dashes), None where it is not one."""
    code = "".join(letter for letter in text.upper() if letter not in " -\t")
    good = len(code) == CODE_LETTERS and all(letter in ALPHABET for letter in code)
    return code if good else None


def show_code(code: str) -> str:
    """A code as it is shown: `ABCD-EFGH`."""
    return f"{code[:4]}-{code[4:]}"


def check_digits(server_key: bytes, device_key: bytes, code: str) -> str:
    """Six digits that both screens show, so that nobody stands between them unseen."""
    digest = hashlib.sha256(b"huyula pairing 1\n" + server_key + device_key + code.encode())
    return f"{int.from_bytes(digest.digest()[:8], 'big') % 1_000_000:06d}"


def show_digits(digits: str) -> str:
    """The six digits as both screens show them: `123 456`."""
    return f"{digits[:3]} {digits[3:]}"


def free_register(wanted: str, taken: Collection[str], own: Collection[str] = ()) -> str:
    """The register code for a counter that joins: its own if it is free, else the next `K2`.

    None of its older lines' (`own`) is given instead: their numbers are on paper, and a new line
    counts from one.
    """
    known = {code.casefold() for code in taken}
    if wanted and wanted.casefold() not in known:
        return wanted
    known |= {code.casefold() for code in own}
    return next(code for n in count(1) if (code := f"K{n}").casefold() not in known)
