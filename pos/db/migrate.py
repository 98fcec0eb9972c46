"""Bringing a data folder's tables to this program's form: backup first, then Alembic.

Alembic is imported only when there is something to do: it costs a third of a second.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from core.errors import Refused
from pos.db.database import Database
from pos.failures import DamagedDatabase

HEAD_REVISION = "0012"
_MIGRATIONS = Path(__file__).parent / "migrations"


class NewerDatabase(Refused):
    """The data was written by a newer program: refused rather than damaged."""

    code = "newer_database"


def revision(db: Database) -> str:
    """The schema revision of a file: "" when it has no tables yet.

    Raises:
        DamagedDatabase: it has tables, but not of this program.
        sqlite3.Error: SQLite cannot read the file.
    """
    names = {row[0] for row in db.rows("SELECT name FROM sqlite_master WHERE type='table'")}
    if "alembic_version" not in names:
        if names:
            raise DamagedDatabase(why="no revision")
        return ""
    return str(db.scalar("SELECT version_num FROM alembic_version") or "")


def migrate(db: Database, file: Path | None) -> Path | None:
    """Upgrade to `HEAD_REVISION`; returns the automatic backup's path where one was made.

    Raises:
        NewerDatabase: the file's revision is not known to this program.
    """
    current = revision(db)
    if current == HEAD_REVISION:
        return None
    if current > HEAD_REVISION:
        raise NewerDatabase(revision=current, known=HEAD_REVISION)
    saved = _backup_before(db, file, current) if file is not None and current else None
    _upgrade(db)
    return saved


def _backup_before(db: Database, file: Path, current: str) -> Path:
    folder = file.parent / "backups"
    folder.mkdir(exist_ok=True)
    target = folder / f"before-{HEAD_REVISION}-from-{current}-{time.strftime('%Y%m%d-%H%M%S')}.db"
    copy = sqlite3.connect(target)
    try:
        db.raw.backup(copy)
    finally:
        copy.close()
    return target


def _upgrade(db: Database) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = db.connection
    with db.transaction():
        command.upgrade(config, "head")
