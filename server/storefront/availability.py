"""What a gerai may promise: stock, less what is reserved, less what may have been sold since.

A counter sells without a network, so the stock that the server knows is as old as the counter's
last sync. What may have left the shelf since is reckoned as a Poisson count of what the product
sells a day: its mean and two deviations, which one count in forty exceeds. Whole numbers only:
the same everywhere, and never more than there is.
"""

from __future__ import annotations

from math import isqrt
from typing import Final, Literal, NamedTuple

DAY_MS: Final = 24 * 3_600_000
TERM_MS: Final = DAY_MS
"""After so long without a word from the counter nothing is promised, unless the shop says another
term."""
FEW: Final = 5
"""So many of what is sold at least are few: the buyer is told how many."""
ONE: Final = 1000
"""One base unit, in thousandths: what is sold at least of goods that are not sold in fractions."""
ONS: Final = 100
"""A tenth of a base unit: what is sold at least of goods that are sold in fractions."""

State = Literal["ready", "few", "confirm", "sold_out"]


class Shelf(NamedTuple):
    """What is known of a product. Quantities in thousandths of the base unit.

    `sold_a_day`: on average; `least`: what is sold at least; `age_ms`: since the counter's last
    sync, None if it never synced or has not sent all it has.
    """

    qty: int
    reserved: int
    sold_a_day: int
    least: int
    age_ms: int | None


class Availability(NamedTuple):
    """What a buyer is told, and how much may be promised without asking the shop (thousandths)."""

    state: State
    promise: int


def margin(sold_a_day: int, age_ms: int, least: int) -> int:
    """What may have been sold since the last sync: mean and two deviations of a Poisson count,
    rounded up to a multiple of `least`. Thousandths of the base unit."""
    mean = _up(max(0, sold_a_day) * max(0, age_ms), DAY_MS)
    # The deviation of a count is the root of its mean, both in pieces of ONE.
    return _up(mean + _root_up(4 * mean * ONE), least) * least


def availability(shelf: Shelf, term_ms: int = TERM_MS) -> Availability:
    """What may be said of a product that is sold online.

    Stock below nothing was never counted, so that nobody knows: the shop is asked. Nothing on the
    shelf when the counter last spoke is sold out.
    """
    if shelf.qty < 0:
        return Availability("confirm", 0)
    free = (shelf.qty - max(0, shelf.reserved)) // shelf.least * shelf.least
    if free <= 0:
        return Availability("sold_out", 0)
    if shelf.age_ms is None or shelf.age_ms > term_ms:
        return Availability("confirm", 0)
    promise = free - margin(shelf.sold_a_day, shelf.age_ms, shelf.least)
    if promise <= 0:
        return Availability("confirm", 0)
    return Availability("few" if promise <= FEW * shelf.least else "ready", promise)


def _up(amount: int, by: int) -> int:
    """A quotient, rounded up."""
    return -(-amount // by)


def _root_up(square: int) -> int:
    """A square root, rounded up."""
    return isqrt(square - 1) + 1 if square else 0
