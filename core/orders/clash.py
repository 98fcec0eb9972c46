"""Goods handed over that the order does not stand for: two places acted and neither knew.

The sale is true (the goods went, the money came), so it stays; the shop is told what to do.
"""

from __future__ import annotations

from typing import Final, Literal

from core.facts.orders import OrderStepped
from core.orders.standing import CALLED_OFF, Standing
from core.orders.story import Told

Clash = Literal["", "twice", "called_off", "paid_twice", "not_counted"]
"""twice: another register had handed it over; called_off: it was called off before; paid_twice:
it was paid at the counter though the money had come another way; not_counted: anything else."""

_HANDED: Final = frozenset({"done", "taken_back"})


def clash_of(before: Standing, fact: OrderStepped, told: tuple[Told, ...]) -> Clash:
    """What is wrong with a sale that this fact speaks of; `before` is how the order stood."""
    if not fact.sale_seq:
        return ""
    why = {one.name: one.why for one in told}
    if why.get("hand_over"):
        if before.handover in _HANDED:
            return "twice"
        return "called_off" if before.order in CALLED_OFF else "not_counted"
    return "paid_twice" if why.get("pay_at_handover") else ""
