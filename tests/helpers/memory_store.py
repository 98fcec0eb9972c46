"""A migrated SQLite database, in memory or a file, made in a few thousandths of a second."""

from __future__ import annotations

from functools import cache
from typing import Any

from server.db.migrate import upgrade
from server.db.store import Store
from server.db.url import file_of, parse_address


def memory_store(**options: Any) -> Store:
    """A fresh store with every table; for one thread at a time."""
    store = Store("sqlite://", **options)
    with store.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.deserialize(_template())
    return store


def ready_file(address: str) -> None:
    """What `migrate` makes of a file that is not there yet, copied."""
    file = file_of(parse_address(address))
    assert file is not None and not file.exists()
    file.touch(mode=0o600)
    file.write_bytes(_template())


@cache
def _template() -> bytes:
    """The bytes of a migrated database: the migrations run once a process."""
    store = Store("sqlite://")
    with store.engine.connect() as connection:
        upgrade(connection)
        driver: Any = connection.connection.driver_connection
        image: bytes = driver.serialize()
    store.close()
    return image
