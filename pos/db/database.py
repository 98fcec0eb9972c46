"""One SQLite connection, opened the way the counter needs it.

Statements are plain SQL on a SQLAlchemy Core connection, the hottest on the driver below it:
measured, compiled statements would cost three quarters over raw sqlite3, strings on Core a
quarter.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

Params = Sequence[Any]


class Database:
    """A connection in autocommit; `transaction()` is the one way to write."""

    def __init__(self, engine: Engine) -> None:
        """Connect; the engine decides which file and with which settings.

        `raw` is the sqlite3 connection underneath: for hot statements, full-text search, backup
        and the print queue.
        """
        self.engine = engine
        self.connection: Connection = engine.connect()
        self.raw: sqlite3.Connection = self.connection.connection.driver_connection  # type: ignore[assignment]
        self.in_transaction = False

    def run(self, sql: str, params: Params = ()) -> int:
        """Execute a statement; returns the number of rows it changed.

        This, `many`, `scalar` and `tuple_of` use the driver below Core: a checkout has some
        twenty statements, and Core's bookkeeping for them would cost more than the rules do.
        """
        return self.raw.execute(sql, params).rowcount

    def many(self, sql: str, rows: Sequence[Params]) -> None:
        """Execute a statement for each row; nothing for no rows."""
        if rows:
            self.raw.executemany(sql, rows)

    def tuple_of(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """The first row of a query as a plain tuple, or None."""
        row: tuple[Any, ...] | None = self.raw.execute(sql, params).fetchone()
        return row

    def rows(self, sql: str, params: Params = ()) -> list[Any]:
        """All rows of a query."""
        return list(self.connection.exec_driver_sql(sql, tuple(params)).fetchall())

    def one(self, sql: str, params: Params = ()) -> Any | None:
        """The first row of a query, or None."""
        return self.connection.exec_driver_sql(sql, tuple(params)).fetchone()

    def scalar(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.tuple_of(sql, params)
        return None if row is None else row[0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """BEGIN IMMEDIATE ... COMMIT: durable when it returns, or nothing happened."""
        self.run("BEGIN IMMEDIATE")
        self.in_transaction = True
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self.raw.in_transaction:
                self.run("ROLLBACK")
            raise
        finally:
            self.in_transaction = False

    def close(self) -> None:
        """Close connection and engine."""
        self.connection.close()
        self.engine.dispose()


def _connect(path: str, read_only: bool) -> sqlite3.Connection:
    target = f"file:{Path(path).as_posix()}?mode=ro" if read_only else path
    connection = sqlite3.connect(
        target,
        uri=read_only,
        isolation_level=None,
        timeout=5.0,
        check_same_thread=False,
        cached_statements=256,
    )
    if not read_only and path != ":memory:":
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def open_database(path: Path | None, *, read_only: bool = False) -> Database:
    """Open the counter's file (None: an empty database in memory)."""
    target = ":memory:" if path is None else str(path)
    engine = create_engine(
        "sqlite://",
        creator=lambda: _connect(target, read_only),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
    )
    return Database(engine)
