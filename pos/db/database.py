"""One SQLite connection, opened the way the counter needs it.

Statements are plain SQL on the driver below SQLAlchemy Core: measured, compiled statements would
cost three quarters over raw sqlite3, strings on Core a quarter. Core serves what describes
tables (migrations, verify) on the same connection, and is imported there: it takes longer to
import than a whole bare window takes to be painted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos.db.turns import Turns, turns_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Params = Sequence[Any]


class Database:
    """A connection in autocommit; `transaction()` is the one way to write."""

    def __init__(self, raw: sqlite3.Connection, turns: Turns | None = None) -> None:
        """Use an open connection, which is closed with this; `turns` are those at its file."""
        self.raw = raw
        self.turns = turns or Turns()
        self.goes_first = True
        self.in_transaction = False
        self._engine: Engine | None = None
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The same connection as SQLAlchemy Core sees it."""
        if self._connection is None:
            # The first look of Core at a connection ends with a rollback.
            assert not self.raw.in_transaction, "take the connection before the transaction"
            from sqlalchemy import create_engine
            from sqlalchemy.pool import StaticPool

            self._engine = create_engine(
                "sqlite://",
                creator=lambda: self.raw,
                poolclass=StaticPool,
                isolation_level="AUTOCOMMIT",
            )
            self._connection = self._engine.connect()
            # Begun for Core's part only, so that nobody who is handed the connection (Alembic)
            # begins and commits by themselves: BEGIN and COMMIT are this class's.
            self._connection.begin()
        return self._connection

    def run(self, sql: str, params: Params = ()) -> int:
        """Execute a statement; returns the number of rows it changed."""
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
        """All rows of a query; a row is a tuple whose columns have their names, too."""
        cursor = self.raw.execute(sql, params)
        return list(map(_row_of(cursor), cursor))

    def one(self, sql: str, params: Params = ()) -> Any | None:
        """The first row of a query, or None."""
        cursor = self.raw.execute(sql, params)
        row = cursor.fetchone()
        return None if row is None else _row_of(cursor)(row)

    def scalar(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.tuple_of(sql, params)
        return None if row is None else row[0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """BEGIN IMMEDIATE ... COMMIT: durable when it returns, or nothing happened.

        Raises:
            RuntimeError: one is open already. Waiting for one's own turn would be for ever, and
                with it everybody's who sells here.
        """
        if self.in_transaction:
            raise RuntimeError("a transaction inside a transaction")
        with self.turns.writing(first=self.goes_first):
            self.run("BEGIN IMMEDIATE")
            self.in_transaction = True
            try:
                yield
                self.run("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            finally:
                self.in_transaction = False

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment; others write on meanwhile."""
        if self.raw.in_transaction:
            yield
            return
        self.run("BEGIN DEFERRED")
        try:
            yield
        finally:
            self._roll_back()

    def _roll_back(self) -> None:
        # SQLite may have done so by itself: after an error of the disk, or where it is full
        # (sqlite.org/lang_transaction.html, "automatic rollback").
        if self.raw.in_transaction:
            self.run("ROLLBACK")

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None and self._engine is not None:
            self._connection.close()
            self._engine.dispose()
        self.raw.close()


def _row_of(cursor: sqlite3.Cursor) -> type[tuple[Any, ...]]:
    return _row_class(tuple(column[0] for column in cursor.description))


@lru_cache(maxsize=512)
def _row_class(names: tuple[str, ...]) -> type[tuple[Any, ...]]:
    """A tuple with a property for each column; made in a tenth of a named tuple's time."""
    columns = {name: property(itemgetter(place)) for place, name in enumerate(names)}
    return type("Row", (tuple,), {"__slots__": (), **columns})


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
        make_durable(connection)
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def make_durable(connection: sqlite3.Connection) -> None:
    """What is committed stays, whenever the power goes: each commit is flushed to the disk."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def open_database(path: Path | None, *, read_only: bool = False) -> Database:
    """Open the counter's file (None: an empty database in memory)."""
    if path is None:
        return Database(_connect(":memory:", read_only))
    return Database(_connect(str(path), read_only), turns_of(path))
