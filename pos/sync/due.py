"""Folding that is due before the tables say what journal and feed do.

An upgrade has made known what could only be kept, or the order of what waits is another and the
program ended before all was folded again.
"""

from __future__ import annotations

from core.errors import Refused
from pos.db.database import Database
from pos.sync.apply import finish_refold, is_refold_due
from pos.sync.upgrade import fold_known_kinds, is_to_fold


class NotFoldedYet(Refused):
    """It is due, and a round does it first: there is nothing to prove yet."""

    code = "not_folded_yet"


def is_folding_due(db: Database) -> bool:
    """Whether the tables lack something until it is done."""
    return is_refold_due(db) or is_to_fold(db)


def fold_what_is_due(db: Database) -> None:
    """Do it; nothing where nothing is due.

    Raises:
        BadChunk, BadRow: the snapshot that this counter began with is damaged.
    """
    fold_known_kinds(db)
    finish_refold(db)
