"""Statements that go to the database together, without waiting for each one's answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from server.db.transaction import Tx


@contextmanager
def together(tx: Tx) -> Iterator[None]:
    """Send the writes of this block one after the other without waiting for each: PostgreSQL works
    on one while the next is being packed. What fails is raised at the end of the block.

    Nothing is read in it.
    """
    if not tx.is_postgresql:
        yield
        return
    with pipelined(tx.connection):
        yield


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """PostgreSQL's answers of this block come at its end; what fails is raised there."""
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except (psycopg.Error, DBAPIError):
        # Statements that were skipped after the failure count as prepared here and are not.
        connection.invalidate()
        raise
