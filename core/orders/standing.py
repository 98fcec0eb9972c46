"""How an order stands: three tracks that move apart, and the sums that are on it.

Order, payment and handover are kept apart because life moves them apart: money comes after an
order was called off, goods are handed over before they are paid. No state is derived from another
one by guessing; `core.orders.steps` says what needs what.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

OrderState = Literal[
    "placed", "proposed", "accepted", "preparing", "ready", "fulfilled", "complained",
    "answered", "escalated", "completed", "declined", "expired", "cancelled", "returned",
]  # fmt: skip
"""placed: the shop is asked; proposed: the shop offers something else and the buyer is asked;
fulfilled: the goods are handed over and may be complained of; answered: the shop has answered a
complaint and the buyer is asked; escalated: the office decides; the last five are ends."""

PaymentState = Literal["due", "asked", "claimed", "paid", "refund_due", "refunded", "charged_back"]
"""asked: at a provider, money may be on its way; claimed: the buyer says that it was sent;
refund_due: more was paid than is owed, all of it or a part."""

HandoverState = Literal["waiting", "under_way", "missed", "done", "taken_back"]
"""missed: nobody came for it, or nobody was there."""

Actor = Literal["buyer", "shop", "time", "provider", "office"]
"""Who takes a step. `time`: the server, when a term is over; `office`: who settles complaints."""

PayWay = Literal["at_handover", "to_shop", "gateway"]
"""Cash or QRIS at the counter; to the shop's own QRIS or account before; a provider of the shop."""

ENDS: Final[frozenset[OrderState]] = frozenset(
    {"completed", "declined", "expired", "cancelled", "returned"}
)
CALLED_OFF: Final[frozenset[OrderState]] = ENDS - {"completed"}
"""Ends of which no goods are with the buyer."""

OPEN_MONEY: Final[frozenset[PaymentState]] = frozenset({"asked", "claimed"})
"""Money may be on its way."""


class Standing(NamedTuple):
    """Where an order is on its three tracks, with what is on it in rupiah."""

    order: OrderState = "placed"
    payment: PaymentState = "due"
    handover: HandoverState = "waiting"
    pay_way: PayWay = "at_handover"
    total: int = 0
    paid: int = 0
    refunded: int = 0

    @property
    def price(self) -> int:
        """What the buyer has to pay in the end (rupiah): nothing for what was called off."""
        return 0 if self.order in CALLED_OFF else self.total

    @property
    def owed(self) -> int:
        """What the buyer still has to pay (rupiah)."""
        return max(0, self.price - self.paid + self.refunded)

    @property
    def to_give_back(self) -> int:
        """What the shop still has to give back (rupiah); what a bank took back is gone already."""
        if self.payment == "charged_back":
            return 0
        return max(0, self.paid - self.refunded - self.price)

    @property
    def taken_back(self) -> int:
        """What a bank or provider took back of what had been paid (rupiah): the shop is without
        it, whatever became of the goods."""
        return self.paid - self.refunded if self.payment == "charged_back" else 0

    @property
    def is_prepaid(self) -> bool:
        """Whether it is to be paid before it is prepared."""
        return self.pay_way != "at_handover"

    @property
    def is_settled(self) -> bool:
        """Whether it has ended and nobody owes anybody anything."""
        return self.order in ENDS and self.payment not in OPEN_MONEY and not self.to_give_back
