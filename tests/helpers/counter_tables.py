"""A counter's tables, copied from one file that was migrated instead of migrated for each shop.

Ten revisions take a tenth of a second, and most tests found a shop. What the revisions do is tried
where they are called by their own name (`tests/unit/db`), and by every program that a test starts
as a process.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from pos.db.database import Database, open_database
from pos.db.migrate import migrate, revision


@cache
def counter_image() -> bytes:
    """The bytes of a counter's file with every table and no row."""
    with tempfile.TemporaryDirectory() as place:
        db = open_database(Path(place) / "template.db")
        migrate(db, None)
        db.raw.execute("PRAGMA journal_mode=DELETE")
        image: bytes = db.raw.serialize()
        db.close()
    return image


def migrate_by_copy(db: Database, file: Path | None) -> Path | None:
    """`pos.db.migrate.migrate`; a file without tables gets a copy of them."""
    if revision(db):
        return migrate(db, file)
    with closing(sqlite3.connect(":memory:")) as ready:
        ready.deserialize(counter_image())
        ready.backup(db.raw)
    return None
