"""What tests found shops on is what the revisions make."""

from __future__ import annotations

from pathlib import Path

from pos.db.database import Database, open_database
from pos.db.migrate import HEAD_REVISION, migrate, revision
from tests.helpers.counter_tables import migrate_by_copy


def _all(db: Database) -> list[tuple[object, ...]]:
    return [
        *(tuple(row) for row in db.rows("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2")),
        *(tuple(row) for row in db.rows("PRAGMA journal_mode")),
        *(tuple(row) for row in db.rows("PRAGMA page_size")),
    ]


def test_a_copy_is_what_the_revisions_make(tmp_path: Path) -> None:
    by_revisions = open_database(tmp_path / "a.db")
    by_copy = open_database(tmp_path / "b.db")
    migrate(by_revisions, None)
    migrate_by_copy(by_copy, tmp_path / "b.db")
    assert _all(by_copy) == _all(by_revisions)
    assert revision(by_copy) == HEAD_REVISION
    by_copy.close()
    by_revisions.close()
