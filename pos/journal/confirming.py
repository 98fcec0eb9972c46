"""A wrong clock: the cashier says which business date it is, and selling goes on."""

from __future__ import annotations

from datetime import date

from core.errors import Refused
from core.facts.shop import BusinessDateConfirmed
from pos.counter import Counter


class BadDay(Refused):
    """A business date must be a date written YYYY-MM-DD."""

    code = "bad_date"


def confirm_day(counter: Counter, day: str) -> None:
    """Use this business date until the clock is right again; kept as a fact.

    Raises:
        BadDay.
    """
    try:
        clean = date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise BadDay(text=day) from error
    doubt = counter.clock_doubt()
    before, counter.confirmed_day = counter.confirmed_day, clean
    if not doubt:
        return
    try:
        with counter.transaction() as tx:
            tx.append(BusinessDateConfirmed(clean, counter.clock.now_ms(), doubt))  # type: ignore[arg-type]
    except BaseException:
        counter.confirmed_day = before
        raise
