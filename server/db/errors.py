"""What an error of a database driver means: try again, come back later, or a fault of ours."""

from __future__ import annotations

import sqlite3
from typing import Any, Literal

import psycopg
from sqlalchemy.exc import DBAPIError, TimeoutError

from core.errors import Refused
from server.failures import DatabaseBusy, DatabaseUnreachable, ForeignDatabase

# SQLSTATEs (PostgreSQL, appendix A). Class 08, and 57P when the server is shut down, is a lost
# connection: to the database, or on a distributed engine from it to a worker.
_AGAIN = frozenset({"40001", "40P01"})
_BUSY = frozenset({"55P03", "57014", "53300"})
_UNREACHABLE = frozenset({"28P01", "28000", "3D000"})
_LOST = ("08", "57P")


def driver_error(error: BaseException) -> Any:
    """The driver's own error inside one of SQLAlchemy's."""
    return error.orig if isinstance(error, DBAPIError) else error


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's five characters, or an empty text."""
    return str(getattr(driver_error(error), "sqlstate", None) or "")


def broken_key(error: BaseException) -> Literal["unique", "foreign", ""]:
    """Which kind of key an error says is broken: one that is there already, or one that is not."""
    cause = driver_error(error)
    name = sqlstate(cause) or str(getattr(cause, "sqlite_errorname", ""))
    if name in ("23505", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"):
        return "unique"
    return "foreign" if name in ("23503", "SQLITE_CONSTRAINT_FOREIGNKEY") else ""


def may_be_repeated(error: BaseException) -> bool:
    """Whether the whole transaction may be run again: deadlock, lost update, lost connection."""
    return sqlstate(error) in _AGAIN or is_lost(error)


def is_lost(error: BaseException) -> bool:
    """Whether the connection is gone."""
    cause = driver_error(error)
    state = sqlstate(cause)
    return isinstance(cause, psycopg.OperationalError) and (not state or state.startswith(_LOST))


def breaks_commit(error: BaseException) -> bool:
    """Whether an error at COMMIT leaves open what became of the transaction.

    XX000 is what a distributed engine says when a worker is lost at that moment.
    """
    return is_lost(error) or sqlstate(error) == "XX000"


def as_refusal(error: BaseException) -> Refused | None:
    """The refusal for an error of the surroundings; None where it is a fault of the program."""
    cause = driver_error(error)
    if isinstance(cause, TimeoutError) or sqlstate(cause) in _BUSY | _AGAIN:
        return DatabaseBusy()
    if is_lost(cause) or sqlstate(cause) in _UNREACHABLE:
        return DatabaseUnreachable()
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(str(getattr(cause, "sqlite_errorname", "")))
    return None


def _of_sqlite(name: str) -> Refused | None:
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseBusy()
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return ForeignDatabase()
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY")):
        return DatabaseUnreachable(why="file")
    return None
