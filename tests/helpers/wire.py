"""What goes to PostgreSQL and back, as the driver's library itself writes it down."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from server.db.store import Store


class Wire:
    """How many statements went there, and how often the program waited for an answer."""

    statements = trips = 0


@contextmanager
def wire(store: Store) -> Iterator[Wire]:
    """Count what the one connection of a store carries while the block runs."""
    counted = Wire()
    connection = store.engine.raw_connection()
    driver: Any = connection.driver_connection
    with tempfile.TemporaryFile() as told:
        driver.pgconn.trace(told.fileno())
        connection.close()
        try:
            yield counted
        finally:
            driver.pgconn.untrace()
        told.seek(0)
        lines = [line.split(b"\t") for line in told.read().splitlines()]
    kinds = [(line[1], line[3].partition(b" ")[0]) for line in lines if len(line) > 3]
    counted.trips = kinds.count((b"B", b"ReadyForQuery"))
    counted.statements = kinds.count((b"F", b"Execute")) + kinds.count((b"F", b"Query"))
