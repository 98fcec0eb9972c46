"""Statements that go to the database together, without waiting for each one's answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

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
    driver: Any = tx.connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except (psycopg.Error, DBAPIError):
        # Statements that were skipped after the failure count as prepared here and are not.
        tx.connection.invalidate()
        raise
