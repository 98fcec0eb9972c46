"""Errors of the surroundings (disk full, file locked) told from faults of the program."""

from __future__ import annotations

import errno
import sqlite3

from core.errors import Refused


class StorageFull(Refused):
    """The disk is full: nothing was half written."""

    code = "storage_full"


class StorageFailed(Refused):
    """SQLite or the file system refused; nothing was half written."""

    code = "storage_failed"


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
            return StorageFull() if "full" in str(cause) else StorageFailed(why=str(cause))
        if isinstance(cause, OSError):
            full = cause.errno in (errno.ENOSPC, errno.EDQUOT)
            return StorageFull() if full else StorageFailed(why=str(cause))
        cause = cause.__cause__ or cause.__context__
    raise error
