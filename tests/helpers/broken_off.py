"""A program that ends while it writes, and what it leaves in the counter's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from pos.db.database import Database
from pos.journal.refold import TABLES

BY_SYNC = ("feed", "page", "waiting", "local_setting")
"""What sync keeps beside the folded tables."""

Contents = dict[str, list[tuple[object, ...]]]


class Ended(Exception):
    """The program ends."""


def at_the(count: int) -> Callable[[], None]:
    """The program ends when it breathes for the so-manieth time."""
    breaths = iter(range(1, count))

    def breathe() -> None:
        if next(breaths, None) is None:
            raise Ended

    return breathe


def copy_of(db: Database) -> Database:
    """The same file once more, in memory."""
    raw = sqlite3.connect(":memory:", isolation_level=None)
    db.raw.backup(raw)
    return Database(raw)


def contents(db: Database, *others: str) -> Contents:
    """The rows of every folded table, and of others."""
    names = (*others, *(table.name for table in TABLES))
    return {name: sorted(db.raw.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
