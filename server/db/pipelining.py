"""Statements that go to the database together, without waiting for each one's answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

if TYPE_CHECKING:
    from server.db.transaction import Tx


@contextmanager
def together(tx: Tx, *, last: bool = False) -> Iterator[None]:
    """Send the writes of this block one after the other without waiting for each: PostgreSQL works
    on one while the next is being packed. What fails is raised at the end of the block.

    Nothing is read in it. With `last` it is what the transaction ends with: the COMMIT goes along,
    one way there and back less, and what fails is raised where the transaction ends. What is asked
    all the same afterwards waits for the writes first.
    """
    if not tx.is_postgresql:
        yield
    elif last:
        tx.until_commit.enter_context(pipelined(tx.connection))
        yield
    else:
        with pipelined(tx.connection):
            yield


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """PostgreSQL's answers of this block come at its end; what fails is raised there."""
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except BaseException:
        # Statements that were skipped after a failure count as prepared here and are not.
        connection.invalidate()
        raise
