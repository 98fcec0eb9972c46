"""Folding everything again: that it is due is noted in the file, so that no program's end loses it.

While it is due the tables may not say what journal and feed do (`pos.sync.due`).
"""

from __future__ import annotations

from collections.abc import Callable

from pos.db.database import Database
from pos.journal.mending import InSlices, mend
from pos.journal.order import out_of_place, wait_in_place
from pos.sync.memory import recall, remember

_NAME = "refold"


def note_refold(db: Database) -> None:
    """All is to be folded again; inside the caller's transaction."""
    remember(db, _NAME, "1")


def note_refolded(db: Database) -> None:
    """The tables say what journal and feed do; inside the caller's transaction."""
    remember(db, _NAME, "")


def is_refold_due(db: Database) -> bool:
    """Whether all is to be folded again before the tables say what journal and feed do."""
    return bool(recall(db, _NAME))


def finish_refold(db: Database, breathe: Callable[[], None] = lambda: None) -> None:
    """Fold again where that is due, from now or from before the program ended."""
    if is_refold_due(db):
        refold_all(db, breathe)


def refold_all(db: Database, breathe: Callable[[], None] = lambda: None) -> None:
    """Fold everything again; used where the order of what waited has changed. `breathe` is called
    between slices of writing, when nobody is kept waiting."""
    mend(db, note_refolded, in_slices(breathe))


def find_waiting(db: Database) -> None:
    """While folding is due and pages go on coming: what waits lies where they look for it."""
    if is_refold_due(db) and out_of_place(db):
        with db.transaction():
            wait_in_place(db)


def in_slices(breathe: Callable[[], None] = lambda: None) -> InSlices:
    """Rows are written in small transactions; for an edit that notes that all is folded again."""
    return InSlices(note_refold, breathe)
