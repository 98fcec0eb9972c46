"""Whether what was to be stored is at fault where storing it failed."""

from __future__ import annotations

import sqlite3
import struct

import psycopg
from sqlalchemy.exc import StatementError


def is_of_the_data(error: BaseException) -> bool:
    """Whether the rows are at fault, not the surroundings (those may be better in a moment)."""
    cause = error.orig if isinstance(error, StatementError) else error
    return isinstance(
        cause,
        psycopg.DataError
        | psycopg.IntegrityError
        | sqlite3.DataError
        | sqlite3.IntegrityError
        | ValueError
        | OverflowError
        | struct.error,
    )
