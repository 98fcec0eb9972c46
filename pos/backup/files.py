"""A backup is one whole SQLite file; restoring it opens a new line of history."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from core.errors import Refused
from pos.db.database import Database, open_database
from pos.db.migrate import HEAD_REVISION, revision
from pos.device.lock import FolderLock
from pos.opening import RESTORED_NAME, database_file


class BackupFailed(Refused):
    """The backup could not be written there; nothing was left behind."""

    code = "backup_failed"


class NotABackup(Refused):
    """The file is not a backup of a shop that this program can read."""

    code = "not_a_backup"


def back_up(db: Database, target: Path) -> int:
    """Write a whole copy of the shop to a file; returns its size in bytes.

    It is written beside the target first and put in place only when it is whole.

    Raises:
        BackupFailed: the place is full, missing or not writable, or is the shop's own file.
    """
    part = target.with_name(target.name + ".part")
    try:
        if target.is_dir():
            raise IsADirectoryError(str(target))
        if _is_open_file(db, target):
            raise FileExistsError(str(target))
        copy = sqlite3.connect(part)
        try:
            db.raw.backup(copy, pages=2000)
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        os.replace(part, target)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise BackupFailed(file=str(target), why=str(error)) from error
    return target.stat().st_size


def _is_open_file(db: Database, target: Path) -> bool:
    """Whether the target is the shop's own file: put there, a copy would cut the open program off
    from it, and what it sells from then on would be gone at its end."""
    own = db.raw.execute("SELECT file FROM pragma_database_list WHERE name='main'").fetchone()[0]
    return bool(own) and target.exists() and target.samefile(own)


def check_backup(source: Path) -> int:
    """Look whether a file is a readable backup; returns how many facts it holds.

    Raises:
        NotABackup.
    """
    if not source.is_file():
        raise NotABackup(file=str(source), why="missing")
    try:
        db = open_database(source, read_only=True)
    except (OSError, sqlite3.Error) as error:
        raise NotABackup(file=str(source), why=str(error)) from error
    try:
        known = revision(db)
        if not known or known > HEAD_REVISION:
            raise NotABackup(file=str(source), why="revision")
        if db.scalar("PRAGMA quick_check(1)") != "ok":
            raise NotABackup(file=str(source), why="damaged")
        return int(db.scalar("SELECT count(*) FROM journal") or 0)
    except Refused as error:
        raise NotABackup(file=str(source), why=error.code) from error
    except sqlite3.Error as error:
        raise NotABackup(file=str(source), why=str(error)) from error
    finally:
        db.close()


def restore(folder: Path, source: Path) -> Path | None:
    """Put a backup in the place of a folder's shop; what was there is kept beside it.

    The next write opens a new line of history, so that no receipt number is used twice.
    Returns where the replaced file lies, or None where the folder was empty.

    Raises:
        NotABackup: nothing was changed.
        FolderInUse: the counter is open.
    """
    check_backup(source)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FolderLock(folder)
    try:
        return _replace(folder, source)
    except OSError as error:
        raise BackupFailed(file=str(folder), why=str(error)) from error
    finally:
        lock.release()


def _replace(folder: Path, source: Path) -> Path | None:
    current = database_file(folder)
    part = current.with_name("restoring.part")
    part.write_bytes(source.read_bytes())
    with part.open("rb") as handle:
        os.fsync(handle.fileno())
    kept: Path | None = None
    # The mark comes first: a crash from here on opens a new line, which is always safe.
    (folder / RESTORED_NAME).write_text("restored\n", encoding="ascii")
    if current.exists():
        kept = _keep(folder, current)
    os.replace(part, current)
    return kept


def _keep(folder: Path, current: Path) -> Path:
    number = 1
    while (kept := folder / f"replaced-{number}.db").exists():
        number += 1
    # Folding the write-ahead log in makes the kept file whole by itself.
    old = sqlite3.connect(current)
    # A damaged file is kept as it is.
    with contextlib.suppress(sqlite3.DatabaseError):
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        old.execute("PRAGMA journal_mode=DELETE")
    old.close()
    os.replace(current, kept)
    for suffix in ("-wal", "-shm"):
        current.with_name(current.name + suffix).unlink(missing_ok=True)
    return kept
