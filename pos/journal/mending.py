"""Setting every table that follows from journal and feed to what it must be.

That takes as long as the history is: after a server went back in time, after a difference, after
an upgrade that knows more kinds of fact. Folding and comparing read a snapshot of the file, so
sales go on meanwhile; the writer is held only for the rows that differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Table

from core.facts.shop import LineOpened
from core.facts.sync import Carried
from pos.catalog.indexing import INDEXED, refresh
from pos.db.base import base_of
from pos.db.database import Database
from pos.journal.order import Placed, wait_in_place
from pos.journal.refold import TABLES, Edit, copy_journal, fold_one, folded_anew, nothing

MOST_TRIES = 20
"""So often is caught up with what was written meanwhile before the writer is held for it."""

_UNFOLLOWED = frozenset({Carried.KIND, LineOpened.KIND})
# How SQLite orders values of different kinds within a key.
_RANK = {type(None): 0, int: 1, float: 1, str: 2, bytes: 3}


class _Change(NamedTuple):
    """Rows of a table that go and rows that come; `places` are those of the key's columns."""

    table: Table
    places: list[int]
    gone: list[tuple[Any, ...]]
    new: list[tuple[Any, ...]]


class _Moved(Exception):
    """Meanwhile something was written that cannot simply be folded at the end."""


def mend(db: Database, edit: Edit = nothing) -> None:
    """Make `edit` and set every folded table to what then follows, in one transaction.

    `edit` changes feed and waiting entries; it is tried on a copy first. A program that ends
    before the transaction leaves everything as it was.
    """
    for _ in range(MOST_TRIES):
        try:
            with closing(_Mended(db, edit)) as mended:
                mended.finish()
            return
        except _Moved:
            continue
    with db.transaction(), closing(_Mended(db, edit)) as mended:
        mended.write()


class _Mended:
    """The tables as they must be, beside a database that goes on being written."""

    def __init__(self, db: Database, edit: Edit) -> None:
        self._db = db
        self._edit = edit
        with db.snapshot():
            self._head = _head(db)
            self._accepted = _accepted(db)
            self._fresh = folded_anew(db, _ignore, edit)
            self._changes = list(_changes(db, self._fresh))

    def close(self) -> None:
        self._fresh.close()

    def finish(self) -> None:
        """Write what differs, once nothing has been added meanwhile.

        Raises:
            _Moved: what was added cannot be followed.
        """
        for _ in range(MOST_TRIES):
            with self._db.transaction():
                if _head(self._db) == self._head and _accepted(self._db) == self._accepted:
                    self.write()
                    return
            with self._db.snapshot():
                self._follow()
                self._changes = list(_changes(self._db, self._fresh))
        with self._db.transaction():
            self._follow()
            self._changes = list(_changes(self._db, self._fresh))
            self.write()

    def _follow(self) -> None:
        """Fold what was written since: own entries, which wait at the end of the order."""
        if _accepted(self._db) != self._accepted:
            raise _Moved  # what was written since is not all our own, at the end of the order
        with self._fresh.transaction():
            for pos, entry in copy_journal(self._db, self._fresh, self._head):
                if entry.kind in _UNFOLLOWED:
                    raise _Moved
                self._fresh.run("INSERT INTO waiting (pos) VALUES (?)", (pos,))
                fold_one(self._fresh, Placed(pos, entry, "waiting", ""), _ignore)
        self._head = _head(self._db)

    def write(self) -> None:
        """Inside the caller's transaction."""
        self._edit(self._db)
        for change in self._changes:
            _take_out(self._db, change)
        for change in self._changes:
            _put_in(self._db, change)
        wait_in_place(self._db)
        for product_id in _goods(self._changes):
            refresh(self._db, product_id)


def _ignore(placed: Placed, what: str, why: str) -> None:
    return None


def _head(db: Database) -> int:
    return int(db.scalar("SELECT coalesce(max(pos), 0) FROM journal"))


def _accepted(db: Database) -> tuple[Any, ...]:
    """What moves when something is laid down among what counts, or is taken off it: the snapshot,
    older entries, the feed's end."""
    laid = db.scalar("SELECT coalesce(sum(laid), 0) FROM past_page")
    return base_of(db), laid, db.tuple_of("SELECT n, feed_hash FROM feed ORDER BY n DESC LIMIT 1")


def _changes(db: Database, fresh: Database) -> Iterator[_Change]:
    for table in TABLES:
        names = table.columns.keys()
        keys = table.primary_key.columns.keys()
        change = _Change(table, [names.index(key) for key in keys], [], [])
        sql = f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {', '.join(keys)}"
        _differ(change, db.raw.execute(sql), fresh.raw.execute(sql))
        if change.gone or change.new:
            yield change


def _differ(change: _Change, found: Any, wanted: Any) -> None:
    """Walk two tables in the order of their keys."""
    left: Any
    right: Any
    left, right = next(found, None), next(wanted, None)
    while left is not None or right is not None:
        if left is not None and right is not None and _same(left, right):
            left, right = next(found, None), next(wanted, None)
            continue
        order = _compare(left, right, change.places)
        if order <= 0:
            change.gone.append(left)
            left = next(found, None)
        if order >= 0:
            change.new.append(right)
            right = next(wanted, None)


def _same(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    # In SQLite 1 and 1.0 are two values, in Python one.
    return left == right and all(type(a) is type(b) for a, b in zip(left, right, strict=True))


def _compare(left: Any, right: Any, places: list[int]) -> int:
    if left is None or right is None:
        return 1 if left is None else -1
    one, other = _order(left, places), _order(right, places)
    return (one > other) - (one < other)


def _order(row: tuple[Any, ...], places: list[int]) -> list[tuple[int, Any]]:
    return [(_RANK[type(row[at])], 0 if row[at] is None else row[at]) for at in places]


def _take_out(db: Database, change: _Change) -> None:
    names = change.table.columns.keys()
    keys = " AND ".join(f"{names[at]} IS ?" for at in change.places)
    rows = [tuple(row[at] for at in change.places) for row in change.gone]
    db.many(f"DELETE FROM {change.table.name} WHERE {keys}", rows)


def _put_in(db: Database, change: _Change) -> None:
    names = change.table.columns.keys()
    marks = ",".join("?" * len(names))
    db.many(f"INSERT INTO {change.table.name} ({', '.join(names)}) VALUES ({marks})", change.new)


def _goods(changes: list[_Change]) -> set[bytes]:
    """Goods of which the search index says something else now."""
    found: set[bytes] = set()
    for change in changes:
        names = change.table.columns.keys()
        if change.table.name == "product":
            shown = itemgetter(*(names.index(name) for name in ("id", *INDEXED)))
            found.update(
                bytes(row[0]) for row in set(map(shown, change.gone)) ^ set(map(shown, change.new))
            )
        elif change.table.name == "product_barcode":
            at = names.index("product_id")
            found.update(bytes(row[at]) for row in (*change.gone, *change.new))
    return found
