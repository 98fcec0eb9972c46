"""Errors of the surroundings (disk full, file locked) told from faults of the program."""

from __future__ import annotations

import errno
import sqlite3

from core.errors import Refused


class StorageFull(Refused):
    """The disk is full: nothing was half written."""

    code = "storage_full"


class DamagedDatabase(Refused):
    """The file is not a database of this program, or SQLite cannot read it."""

    code = "damaged_database"


class StorageFailed(Refused):
    """SQLite or the file system refused; nothing was half written."""

    code = "storage_failed"


# SQLite's result codes by name (sqlite.org/rescode.html). Shared memory that cannot be made
# long enough is a full disk too: it happens when a counter is opened on one.
_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"})
_DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})
_OF_THE_DATA = tuple(
    f"SQLITE_{name}" for name in ("ERROR", "CONSTRAINT", "MISMATCH", "TOOBIG", "RANGE")
)


def is_of_the_data(error: Exception) -> bool:
    """Whether what was to be written is at fault: what fails with it would fail again. Not so where
    the disk, another program or the memory is: later the same may be written well."""
    if isinstance(error, sqlite3.Error):
        name = str(getattr(error, "sqlite_errorname", ""))
        return not name or name.startswith(_OF_THE_DATA)
    return not isinstance(error, OSError | MemoryError)


def of_sqlite(error: sqlite3.Error) -> Refused:
    """What an error of SQLite means to a person."""
    name = str(getattr(error, "sqlite_errorname", ""))
    if name in _FULL:
        return StorageFull()
    if name.startswith(tuple(_DAMAGED)):
        return DamagedDatabase(why=str(error))
    return StorageFailed(why=str(error))


def as_refusal(error: Exception) -> Refused:
    """An environmental error as the refusal that a person can read.

    Raises:
        Exception: the error itself where it is a fault of the program.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Refused):
            return cause
        if isinstance(cause, sqlite3.Error):
            return of_sqlite(cause)
        if isinstance(cause, OSError):
            full = cause.errno in (errno.ENOSPC, errno.EDQUOT)
            return StorageFull() if full else StorageFailed(why=str(cause))
        cause = cause.__cause__ or cause.__context__
    raise error
