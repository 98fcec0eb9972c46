"""Rows of the folded tables that are not what they must be, and putting the right ones there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Table

from pos.catalog.indexing import INDEXED, refresh
from pos.db.database import Database
from pos.journal.refold import TABLES

Row = tuple[Any, ...]
Pair = tuple[Row | None, Row | None]

# A product's row is written into the search as well: so many times a row's effort.
_WEIGHT: Final = {"product": 10, "product_barcode": 4}
# How SQLite orders values of different kinds within a key.
_RANK = {type(None): 0, int: 1, float: 1, str: 2, bytes: 3}


class Change(NamedTuple):
    """Rows of a table: each key's that goes, if there is one, and that which comes, if there is
    one; `places` are those of the key's columns."""

    table: Table
    places: list[int]
    pairs: list[Pair]

    @property
    def gone(self) -> list[Row]:
        """Rows that go."""
        return [gone for gone, _ in self.pairs if gone is not None]

    @property
    def new(self) -> list[Row]:
        """Rows that come."""
        return [new for _, new in self.pairs if new is not None]


def changes(db: Database, fresh: Database) -> Iterator[Change]:
    """What makes the folded tables of `db` those of `fresh`, table by table."""
    for table in TABLES:
        names = table.columns.keys()
        keys = table.primary_key.columns.keys()
        change = Change(table, [names.index(key) for key in keys], [])
        sql = f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {', '.join(keys)}"
        change.pairs.extend(_differ(change.places, db.raw.execute(sql), fresh.raw.execute(sql)))
        if change.pairs:
            yield change


def sliced(found: Iterable[Change], most: int) -> Iterator[list[Change]]:
    """The same in parts of at most so many rows' effort; what goes and comes under one key is in
    one part, and a table that differs little is not divided. Rows that come or go at all are first,
    together as far as they fit: a sale and how it was paid."""
    found = list(found)
    part: list[Change] = []
    left = most
    for change in (*_comings(found, alone=True), *_comings(found, alone=False)):
        weight = _WEIGHT.get(change.table.name, 1)
        at_once = max(1, most // weight)
        for start in range(0, len(change.pairs), at_once):
            piece = change._replace(pairs=change.pairs[start : start + at_once])
            effort = len(piece.pairs) * weight
            if part and effort > left:
                yield part
                part, left = [], most
            part.append(piece)
            left -= effort
    if part:
        yield part


def _comings(found: Iterable[Change], *, alone: bool) -> Iterator[Change]:
    """Of each table the rows that come or go without another under their key, or all others."""
    for change in found:
        pairs = [pair for pair in change.pairs if (None in pair) == alone]
        if pairs:
            yield change._replace(pairs=pairs)


def write_changes(db: Database, found: list[Change]) -> None:
    """Put them into the tables and the goods' names into the search; inside the caller's
    transaction."""
    for change in found:
        _take_out(db, change)
    for change in found:
        _put_in(db, change)
    for product_id in _goods(found):
        refresh(db, product_id)


def _differ(places: list[int], found: Any, wanted: Any) -> Iterator[Pair]:
    """Walk two tables in the order of their keys."""
    left: Any
    right: Any
    left, right = next(found, None), next(wanted, None)
    while left is not None or right is not None:
        if left is not None and right is not None and _same(left, right):
            left, right = next(found, None), next(wanted, None)
            continue
        order = _compare(left, right, places)
        yield (left if order <= 0 else None, right if order >= 0 else None)
        if order <= 0:
            left = next(found, None)
        if order >= 0:
            right = next(wanted, None)


def _same(left: Row, right: Row) -> bool:
    # In SQLite 1 and 1.0 are two values, in Python one.
    return left == right and all(type(a) is type(b) for a, b in zip(left, right, strict=True))


def _compare(left: Any, right: Any, places: list[int]) -> int:
    if left is None or right is None:
        return 1 if left is None else -1
    one, other = _order(left, places), _order(right, places)
    return (one > other) - (one < other)


def _order(row: Row, places: list[int]) -> list[tuple[int, Any]]:
    return [(_RANK[type(row[at])], 0 if row[at] is None else row[at]) for at in places]


def _take_out(db: Database, change: Change) -> None:
    names = change.table.columns.keys()
    keys = " AND ".join(f"{names[at]} IS ?" for at in change.places)
    rows = [tuple(row[at] for at in change.places) for row in change.gone]
    db.many(f"DELETE FROM {change.table.name} WHERE {keys}", rows)


def _put_in(db: Database, change: Change) -> None:
    names = change.table.columns.keys()
    marks = ",".join("?" * len(names))
    db.many(f"INSERT INTO {change.table.name} ({', '.join(names)}) VALUES ({marks})", change.new)


def _goods(found: Iterable[Change]) -> set[bytes]:
    """Goods of which the search index says something else now."""
    goods: set[bytes] = set()
    for change in found:
        names = change.table.columns.keys()
        if change.table.name == "product":
            shown = itemgetter(*(names.index(name) for name in ("id", *INDEXED)))
            goods.update(
                bytes(row[0]) for row in set(map(shown, change.gone)) ^ set(map(shown, change.new))
            )
        elif change.table.name == "product_barcode":
            at = names.index("product_id")
            goods.update(bytes(row[at]) for row in (*change.gone, *change.new))
    return goods
