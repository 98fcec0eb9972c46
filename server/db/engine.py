"""One engine for an address, set up so that BEGIN, COMMIT and ROLLBACK are the store's own."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
from psycopg.pq import Format
from psycopg.types.string import ByteaBinaryLoader
from sqlalchemy import URL, Engine, StaticPool, create_engine, event

from server.db.url import file_of
from server.failures import NotUnicode

BUSY_MS = 5_000
"""How long SQLite waits for another process's writing, and a thread for a connection."""


def make_engine(url: URL, connections: int) -> Engine:
    """An engine with so many connections; nothing is connected yet.

    Connecting raises `NotUnicode` where the database does not keep its text in UTF-8.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, connections)
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=connections,
        max_overflow=0,
        pool_timeout=BUSY_MS / 1000,
        # A connection that a firewall forgot is noticed by the store, which takes another one.
        pool_recycle=1_800,
        # What is inserted holds secrets; an error's text goes to the log.
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "application_name": "huyula",
            # Also where the machine's PGCLIENTENCODING says otherwise.
            "client_encoding": "utf8",
            "cursor_factory": _BinaryCursor,
        },
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


class _BinaryCursor(psycopg.Cursor[Any]):
    """Takes rows in PostgreSQL's binary format: nothing is printed there to be read here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.format = Format.BINARY


def _prepare_postgresql(connection: psycopg.Connection[Any], _record: Any) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        # SQL_ASCII (a cluster made without a locale) keeps bytes: text that it takes from one
        # program may be refused by the next, and upper and lower case are known of ASCII alone.
        raise NotUnicode(encoding=encoding or "?")
    # An id is its 16 bytes, as they came; no object is made of it in between.
    connection.adapters.register_loader("uuid", ByteaBinaryLoader)


def _sqlite(url: URL, connections: int) -> Engine:
    options: dict[str, Any] = (
        {"poolclass": StaticPool}
        if file_of(url) is None
        else {"pool_size": connections, "max_overflow": 0, "pool_timeout": BUSY_MS / 1000}
    )
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
        **options,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # Without this Python's driver begins and commits by itself.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
