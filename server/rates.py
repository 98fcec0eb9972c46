"""How often something was tried: counted in the database, so that all processes count together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Table, bindparam, delete
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


def _count(make: Callable[[Table], Any]) -> Any:
    first = make(rate).values(bucket=bindparam("what"), window_ms=bindparam("start"), count=1)
    counted = first.on_conflict_do_update(
        index_elements=[rate.c.bucket, rate.c.window_ms], set_={"count": rate.c.count + 1}
    )
    return counted.returning(rate.c.count)


_FORGET: Final = delete(rate).where(rate.c.bucket == bindparam("what"))
_COUNT_POSTGRESQL: Final = _count(postgresql_insert)
_COUNT_SQLITE: Final = _count(sqlite_insert)


def count_try(tx: Tx, bucket: str, *, most: int, window_ms: int, now_ms: int) -> None:
    """Count one try of `bucket` (what and who) in the present window of time.

    Raises:
        TooManyTries: it was the `most` + 1st or a later one.
    """
    start = now_ms - now_ms % window_ms
    statement = _COUNT_POSTGRESQL if tx.is_postgresql else _COUNT_SQLITE
    tries = int(tx.scalar(statement, what=bucket, start=start))
    if tries > most:
        raise TooManyTries(retry_s=_seconds_left(start, window_ms, now_ms))


def forget_tries(tx: Tx, bucket: str) -> None:
    """Begin again at none: the right one was tried."""
    tx.run(_FORGET, what=bucket)


def sweep_tries(tx: Tx, now_ms: int) -> int:
    """Remove counts that are a day old; returns how many."""
    return tx.run(delete(rate).where(rate.c.window_ms < now_ms - 24 * HOUR_MS))


def _seconds_left(start: int, window_ms: int, now_ms: int) -> int:
    return max(1, -(-(start + window_ms - now_ms) // 1000))
