"""Addresses of databases as an operator writes them: `sqlite:///path`, `postgresql://...`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import Refused


class BadAddress(Refused):
    """The database's address cannot be read, or names an engine that is not supported."""

    code = "bad_database_address"


def parse_address(text: str) -> URL:
    """Read an address; the driver is ours to choose.

    Raises:
        BadAddress: it is not one of `sqlite:` or `postgresql:`.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise BadAddress() from None
    name = url.get_backend_name()
    if name in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if name == "sqlite":
        return url.set(drivername="sqlite")
    raise BadAddress()


def file_of(url: URL) -> Path | None:
    """The file of an SQLite address; None for one in memory and for PostgreSQL."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))
