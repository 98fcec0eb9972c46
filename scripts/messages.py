"""Keeps the English of window and web pages beside their Bahasa Indonesia: `check` or `update`.

`check` (default) fails where a text of `pos/` or `server/web/` has no English, where a placeholder
is lost in it, or where a catalogue holds what no code says. `update` rewrites both catalogues with
every text in the code, English kept, empty where it is still to be written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("pos/locale/en/LC_MESSAGES/huyula.po")
_KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_HEAD = """\
# English of the counter's window; the texts in the code are Indonesian.
#
# One word for one thing:
#   isi, tulis         enter (a field that is empty or wrong); ketik: type (keys that are pressed)
#   cari               find
#   ubah               edit (a record), change (a price, a unit), adjust (stock)
#   batalkan           undo (what was done: a change, an import), cancel (what is still to come)
#   buang              discard (a cart), throw away (goods)
#   ambil              take up (a parked cart), take (rows of a file)
#   rusak              damaged
#   kembalikan         refund (goods), send back (money by bank)
#   cara bayar         tender; ganti cara bayar: swap tender
#   potong gaji        payroll
#   harga beli         cost; harga jual: price
#   minimum            minimum
# A label is three words at most: it stands in a column or on a button."""
_WEB_HEAD = """\
# English of the owner's web pages; the texts in code and templates are Indonesian.
# The words are the counter's (pos/locale)."""
_PLACE = re.compile(r"\{[^{}]*\}")


class Domain(NamedTuple):
    """A folder of texts and where its English stands."""

    folder: str
    catalogue: Path
    head: str


COUNTER = Domain("pos", CATALOGUE, _HEAD)
WEB = Domain("server/web", Path("server/locale/en/LC_MESSAGES/huyula.po"), _WEB_HEAD)
_METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]


def extract(root: Path, domain: Domain = COUNTER) -> Catalog:
    """Every text of the domain's folder under `root`, in the order of files and lines."""
    found = Catalog(project="huyula", charset="utf-8", fuzzy=False)
    for file, line, message, comments, context in extract_from_dir(
        str(root / domain.folder), _METHODS, keywords=_KEYWORDS, comment_tags=("Translators:",)
    ):
        place = (f"{domain.folder}/{file}", line)
        found.add(message, None, [place], auto_comments=comments, context=context)
    return found


def read(file: Path) -> Catalog:
    """The English catalogue, empty where there is none yet."""
    if not file.exists():
        return Catalog(locale="en", project="huyula", charset="utf-8", fuzzy=False)
    with file.open("rb") as source:
        return read_po(source, locale="en")


def problems(root: Path, domain: Domain = COUNTER) -> Iterator[str]:
    """Yield one sentence for each text without English, broken or no longer used."""
    code, english = extract(root, domain), read(root / domain.catalogue)
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


def update(root: Path, domain: Domain = COUNTER) -> None:
    """Write the catalogue anew: all texts of the code, sorted, with the English there was."""
    code, old = extract(root, domain), read(root / domain.catalogue)
    new = Catalog(
        locale="en", project="huyula", version="1", charset="utf-8", fuzzy=False,
        last_translator="Huyula", language_team="Huyula", msgid_bugs_address="-",
        creation_date=old.creation_date, revision_date=old.creation_date,
    )  # fmt: skip
    new.header_comment = domain.head
    for message in code:
        if message.id:
            english = _kept(message, old.get(message.id, message.context))
            new.add(
                message.id, english, context=message.context, auto_comments=message.auto_comments
            )
    file = root / domain.catalogue
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        write_po(out, new, width=98, sort_output=True, omit_header=False)


def main(arguments: list[str]) -> int:
    """Do what is asked; 1 where `check` finds something."""
    if arguments == ["update"]:
        for domain in (COUNTER, WEB):
            update(ROOT, domain)
    elif arguments not in ([], ["check"]):
        print("messages.py [check|update]", file=sys.stderr)
        return 2
    found = [line for domain in (COUNTER, WEB) for line in problems(ROOT, domain)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
