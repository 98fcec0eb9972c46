"""Moving-average cost as an exact value pool: what leaves takes its share of the value.

Cost of goods sold plus what is left always equals what came in. Quantities are thousandths of
the base unit, values whole rupiah.

Below zero the pool owes goods: they left at the last known cost, so its value is as negative.
Goods received pay that back at what they really cost. The difference stays in the pool's value,
even on an empty shelf, and leaves with the goods sold next: it is never lost and never guessed.
A pool that never went below zero is worth nothing when it is empty.
"""

from __future__ import annotations

from typing import NamedTuple

from core.errors import Refused
from core.money import share


class Pool(NamedTuple):
    """What lies on the shelf and what it is worth. Both may be negative after overselling."""

    qty: int
    value: int


class BadMovement(Refused):
    """A movement out must have a positive quantity."""

    code = "bad_movement"


def put(pool: Pool, qty: int, value: int) -> Pool:
    """Goods come in with their value (or go out with a value that is known: both negative)."""
    return Pool(pool.qty + qty, pool.value + value)


def take(pool: Pool, qty: int, cost_hint: int) -> tuple[Pool, int]:
    """Goods leave: the pool afterwards and the value they took along.

    What leaves beyond the shelf (selling below zero is allowed) goes at `cost_hint`, the last
    known cost of a base unit in rupiah; goods received later settle the difference. A part of
    the shelf takes the floor of its share, the last of it all that is left.

    Raises:
        BadMovement: `qty` is not positive.
    """
    if qty <= 0:
        raise BadMovement(qty=qty)
    if pool.qty <= 0:
        taken = share(cost_hint, qty, 1000)
    elif qty >= pool.qty:
        taken = pool.value + share(cost_hint, qty - pool.qty, 1000)
    else:
        taken = pool.value * qty // pool.qty
    return Pool(pool.qty - qty, pool.value - taken), taken
