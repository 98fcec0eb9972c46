"""How often something was tried: counted in the database, so that all processes count together."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from core.errors import Refused
from server.db.schema.directory import rate
from server.db.transaction import Tx

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS


class TooManyTries(Refused):
    """Tried too often: again in `retry_s` seconds."""

    code = "too_many_tries"


def count_try(tx: Tx, bucket: str, *, most: int, window_ms: int, now_ms: int) -> None:
    """Count one try of `bucket` (what and who) in the present window of time.

    Raises:
        TooManyTries: it was the `most` + 1st or a later one.
    """
    start = now_ms - now_ms % window_ms
    make = postgresql_insert if tx.is_postgresql else sqlite_insert
    statement = make(rate).values(bucket=bucket, window_ms=start, count=1)
    counted = statement.on_conflict_do_update(
        index_elements=[rate.c.bucket, rate.c.window_ms], set_={"count": rate.c.count + 1}
    )
    tries = int(tx.scalar(counted.returning(rate.c.count)))
    if tries > most:
        raise TooManyTries(retry_s=_seconds_left(start, window_ms, now_ms))


def forget_tries(tx: Tx, bucket: str) -> None:
    """Begin again at none: the right one was tried."""
    tx.run(delete(rate).where(rate.c.bucket == bucket))


def sweep_tries(tx: Tx, now_ms: int) -> int:
    """Remove counts that are a day old; returns how many."""
    return tx.run(delete(rate).where(rate.c.window_ms < now_ms - 24 * HOUR_MS))


def _seconds_left(start: int, window_ms: int, now_ms: int) -> int:
    return max(1, -(-(start + window_ms - now_ms) // 1000))
