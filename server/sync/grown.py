"""Facts that say more than this program reads of their kind: a newer counter wrote them.

What is read of them counts at once. They are kept whole and named in the feed's row, so that the
program that knows the rest folds the shop again (`server.sync.upgrading`), and no other shop.
That row is read and written by every step: it has room for so many names (`MOST_NAMES`), since a
counter may send kinds that no program will ever know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from core.contract import KINDS, encode_body
from core.facts.base import Fact, FieldChange, Header
from core.facts.catalog import CatalogImported, ProductChanged
from core.facts.customers import CustomerChanged
from core.facts.shop import StaffChanged
from server.sync.fold.documents import FIELDS

_CHANGED: Final[dict[type[Fact], str]] = {
    ProductChanged: "product",
    CatalogImported: "product",
    CustomerChanged: "customer",
    StaffChanged: "staff",
}
_NAME: Final = re.compile(r"(?P<kind>.+):(?P<version>[0-9]{1,9})(?:\+(?P<grown>[0-9]{1,9}))?")
MOST_NAMES: Final = 64
"""More than a program that is one or two years newer brings: some 2 KiB."""

_OTHERS: Final = "*"
_ELSEWHERE: Final = frozenset({"cost"})
"""Fields of documents that are read, and kept in other rows than theirs."""


def kind_read(kind: str, version: int) -> str:
    """How a kind is named as this program reads it: `kind:version+grown` (`Fact.GROWN`)."""
    return f"{kind}:{version}+{KINDS[kind, version].GROWN}"


def reads_more(name: str) -> bool:
    """Whether this program knows the kind, or more of it, that one before it did not.

    `name` is as the feed's row keeps it: `kind:version` of a kind that was not known, or
    `kind_read` by the program that could not read all of a fact. Of those for which there was no
    room nobody knows, so it may.
    """
    if name == _OTHERS:
        return True
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    known = KINDS.get((found["kind"], int(found["version"])))
    return known is not None and (not found["grown"] or int(found["grown"]) < known.GROWN)


def names_in(text: str) -> set[str]:
    """What the feed's row keeps: names with commas between."""
    names: set[str] = set()
    for name in filter(None, text.split(",")):
        note_name(names, name)
    return names


def knows_more(names: Iterable[str]) -> bool:
    """Whether this program knows more, for sure, of what these names stand for. Once it has folded
    the shop it does not: the names are those of which it knows no more."""
    return any(reads_more(name) for name in names if name != _OTHERS)


def note_name(names: set[str], name: str) -> None:
    """Add a name, or where there is no room for it that there are others. One with a comma in it,
    which no counter of ours writes, would be several."""
    has_room = name in names or len(names - {_OTHERS}) < MOST_NAMES
    names.add(name if has_room and "," not in name else _OTHERS)


def read_in_part(kind: str, version: int, header: Header, fact: Fact, body: bytes) -> str:
    """`kind_read` where a body holds fields after those that were read of it, or changes a field
    that a document does not have here; else nothing."""
    is_whole = len(encode_body(header, fact)) >= len(body) and _is_read(fact)
    return "" if is_whole else kind_read(kind, version)


def _is_read(fact: Fact) -> bool:
    table = _CHANGED.get(type(fact))
    return table is None or all(
        one.field in FIELDS[table] or one.field in _ELSEWHERE for one in _changes(fact)
    )


def _changes(fact: Fact) -> Iterator[FieldChange]:
    if isinstance(fact, CatalogImported):
        for product in fact.changes:
            yield from product.changes
    elif isinstance(fact, ProductChanged | CustomerChanged | StaffChanged):
        yield from fact.changes
