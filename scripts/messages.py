"""Keeps the window's English beside its Bahasa Indonesia: `check` (default) or `update`.

`check` fails where a text of `pos/` has no English, where a placeholder is lost in it, or where
the catalogue holds what no code says. `update` rewrites the catalogue with every text in the
code, English kept, empty where it is still to be written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("pos/locale/en/LC_MESSAGES/huyula.po")
_KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_PLACE = re.compile(r"\{[^{}]*\}")


def extract(root: Path) -> Catalog:
    """Every text of the code under `root`/pos, in the order of files and lines."""
    found = Catalog(project="huyula", charset="utf-8", fuzzy=False)
    for file, line, message, comments, context in extract_from_dir(
        str(root / "pos"), keywords=_KEYWORDS, comment_tags=("Translators:",)
    ):
        found.add(message, None, [(f"pos/{file}", line)], auto_comments=comments, context=context)
    return found


def read(file: Path) -> Catalog:
    """The English catalogue, empty where there is none yet."""
    if not file.exists():
        return Catalog(locale="en", project="huyula", charset="utf-8", fuzzy=False)
    with file.open("rb") as source:
        return read_po(source, locale="en")


def problems(root: Path) -> Iterator[str]:
    """Yield one sentence for each text without English, broken or no longer used."""
    code, english = extract(root), read(root / CATALOGUE)
    for message in code:
        if message.id:
            yield from _problems_of(message, english.get(message.id, message.context))
    for message in english:
        if message.id and code.get(message.id, message.context) is None:
            yield f"no longer in the code: {message.id!r}"


def _problems_of(message: Message, found: Message | None) -> Iterator[str]:
    texts = _texts(_kept(message, found))
    where = ", ".join(f"{file}:{line}" for file, line in message.locations)
    counts = bool(found and found.pluralizable)
    if not all(texts) or counts is not bool(message.pluralizable):
        yield f"no English: {message.id!r} ({where})"
        return
    wanted = set(_PLACE.findall(_texts(message.id)[-1]))
    for text in texts[-1:]:
        if set(_PLACE.findall(text)) != wanted:
            yield f"other placeholders in English: {message.id!r} ({where})"


def _kept(message: Message, found: Message | None) -> str | tuple[str, ...]:
    """The English there is, in the shape that the code asks for now.

    A text that begins to count has its many and lacks its one; one that ceases to keeps its many.
    """
    if found is None or not found.string:
        return ("", "") if message.pluralizable else ""
    forms = _texts(found.string)
    if message.pluralizable:
        return forms if found.pluralizable else ("", *forms)
    return forms[-1]


def _texts(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def update(root: Path) -> None:
    """Write the catalogue anew: all texts of the code, sorted, with the English there was."""
    code, old = extract(root), read(root / CATALOGUE)
    new = Catalog(
        locale="en", project="huyula", version="1", charset="utf-8", fuzzy=False,
        last_translator="Huyula", language_team="Huyula", msgid_bugs_address="-",
        creation_date=old.creation_date, revision_date=old.creation_date,
    )  # fmt: skip
    new.header_comment = "# English of the counter's window; the texts in the code are Indonesian."
    for message in code:
        if message.id:
            english = _kept(message, old.get(message.id, message.context))
            new.add(
                message.id, english, context=message.context, auto_comments=message.auto_comments
            )
    file = root / CATALOGUE
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        write_po(out, new, width=98, sort_output=True, omit_header=False)


def main(arguments: list[str]) -> int:
    """Do what is asked; 1 where `check` finds something."""
    if arguments == ["update"]:
        update(ROOT)
    elif arguments not in ([], ["check"]):
        print("messages.py [check|update]", file=sys.stderr)
        return 2
    found = list(problems(ROOT))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
