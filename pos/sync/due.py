"""Folding that is due before the tables say what journal and feed do.

An upgrade has made known what could only be kept, or the order of what waits is another and the
program ended before all was folded again.
"""

from __future__ import annotations

from collections.abc import Callable

from core.errors import Refused
from pos.db.database import Database
from pos.sync.goback import finish_giving_up
from pos.sync.indexing import finish_indexing
from pos.sync.refold import finish_refold, is_refold_due
from pos.sync.upgrade import fold_known_kinds, is_to_fold


class NotFoldedYet(Refused):
    """It is due, and a round does it first: there is nothing to prove yet."""

    code = "not_folded_yet"


def is_folding_due(db: Database) -> bool:
    """Whether the tables lack something until it is done."""
    return is_refold_due(db) or is_to_fold(db)


def fold_what_is_due(db: Database, breathe: Callable[[], None] = lambda: None) -> None:
    """Do it; nothing where nothing is due. `breathe` is called between slices of writing, when
    nobody is kept waiting.

    Raises:
        BadChunk, BadRow: the snapshot that this counter began with is damaged.
    """
    # First: it can always be done, and the folding sees to the words of what it changes.
    finish_indexing(db, breathe)
    finish_giving_up(db, breathe)
    fold_known_kinds(db, breathe)
    finish_refold(db, breathe)
