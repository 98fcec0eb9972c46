"""Setting every table that follows from journal and feed to what it must be.

That takes as long as the history is: after a server went back in time, after a difference, after
an upgrade that knows more kinds of fact. Folding and comparing read a snapshot of the file, so
sales go on meanwhile; the writer is held only for the rows that differ, some at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any, Final, NamedTuple

from core.facts.shop import LineOpened
from core.facts.sync import Carried
from pos.db.base import base_of
from pos.db.database import Database
from pos.journal.order import Placed, wait_in_place
from pos.journal.refold import Edit, copy_journal, fold_one, folded_anew, nothing
from pos.journal.row_changes import changes, sliced, write_changes

MOST_TRIES = 20
"""So often is caught up with what was written meanwhile before the writer is held for it."""

SLICE_ROWS: Final = 200
"""So many keys' rows are written in one transaction, of those whose edit may come after them."""

_UNFOLLOWED = frozenset({Carried.KIND, LineOpened.KIND})


class InSlices(NamedTuple):
    """That rows may be written in several transactions, the edit with the last of them.

    `begin` is done in each but the last: it notes in the file that all is to be folded again, so
    that a program that ends in between does, and the edit takes that away. `breathe` is called
    after each, when nobody is kept waiting.
    """

    begin: Edit
    breathe: Callable[[], None] = lambda: None


class _Moved(Exception):
    """Meanwhile something was written that cannot simply be folded at the end."""


def mend(db: Database, edit: Edit = nothing, slices: InSlices | None = None) -> None:
    """Make `edit` and set every folded table to what then follows.

    `edit` changes feed and waiting entries; it is tried on a copy first. In one transaction, and a
    program that ends before it leaves everything as it was; or in `slices`, if it takes more rows
    than one of them has.
    """
    for _ in range(MOST_TRIES):
        try:
            with closing(_Mended(db, edit, slices)) as mended:
                mended.finish()
            return
        except _Moved:
            continue
    with db.transaction(), closing(_Mended(db, edit, None)) as mended:
        mended.write()


class _Mended:
    """The tables as they must be, beside a database that goes on being written."""

    def __init__(self, db: Database, edit: Edit, slices: InSlices | None) -> None:
        self._db = db
        self._edit = edit
        self._slices = slices
        with db.snapshot():
            self._head = _head(db)
            self._accepted = _accepted(db)
            self._fresh = folded_anew(db, _ignore, edit)
            self._changes = list(changes(db, self._fresh))

    def close(self) -> None:
        self._fresh.close()

    def finish(self) -> None:
        """Write what differs, while nothing has been added meanwhile.

        Raises:
            _Moved: what was added cannot be followed.
        """
        for _ in range(MOST_TRIES):
            if self._is_written():
                return
            with self._db.snapshot():
                self._catch_up()
        with self._db.transaction():
            self._catch_up()
            self.write()

    def _is_written(self) -> bool:
        """Write what differs; False where something was added before all was."""
        try:
            if self._slices is not None and not self._is_down_to_one_slice(self._slices):
                return False
            with self._db.transaction():
                if not self._is_current():
                    return False
                self.write()
        except sqlite3.IntegrityError:
            # Another thread folds again, too, and has put a row there.
            self._slices = None
            return False
        return True

    def _is_down_to_one_slice(self, slices: InSlices) -> bool:
        """Write all that differs but what the last transaction takes; False as above."""
        parts = list(sliced(self._changes, SLICE_ROWS))
        for part in parts[:-1]:
            with self._db.transaction():
                if not self._is_current():
                    return False
                slices.begin(self._db)
                write_changes(self._db, part)
            slices.breathe()
        self._changes = parts[-1] if parts else []
        return True

    def _is_current(self) -> bool:
        return _head(self._db) == self._head and _accepted(self._db) == self._accepted

    def _catch_up(self) -> None:
        """Fold what was written since and compare anew."""
        self._follow()
        self._changes = list(changes(self._db, self._fresh))

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
        write_changes(self._db, self._changes)
        wait_in_place(self._db)


def _ignore(placed: Placed, what: str, why: str) -> None:
    return None


def _head(db: Database) -> int:
    return int(db.scalar("SELECT coalesce(max(pos), 0) FROM journal"))


def _accepted(db: Database) -> tuple[Any, ...]:
    """What moves when something is laid down among what counts, or is taken off it: the snapshot,
    older entries, the feed's end."""
    laid = db.scalar("SELECT coalesce(sum(laid), 0) FROM past_page")
    return base_of(db), laid, db.tuple_of("SELECT n, feed_hash FROM feed ORDER BY n DESC LIMIT 1")
