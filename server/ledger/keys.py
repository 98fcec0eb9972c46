"""What a broken key of the books means to whoever wrote."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError

from core.ledger import UnknownAccount
from server.db.errors import broken_key
from server.failures import CameTogether


@contextmanager
def as_refusals() -> Iterator[None]:
    """Say what a key refused; everything else is raised as it is.

    Raises:
        CameTogether: the same key was written by another since it was looked for.
        UnknownAccount: a posting or a hold names an account that there is not.
    """
    try:
        yield
    except (psycopg.Error, sqlite3.Error, DBAPIError) as error:
        broken = broken_key(error)
        if broken == "unique":
            raise CameTogether() from error
        if broken == "foreign":
            raise UnknownAccount() from error
        raise
