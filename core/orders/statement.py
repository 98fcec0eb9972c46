"""A period of orders in rupiah, as the server's books have it: alike on web and counter."""

from __future__ import annotations

from typing import Final

import msgspec

from core.sync.messages import Answer, Message

MOST_ORDERS: Final = 1_000
"""So many orders are listed; the sums are of all."""


class StatementWanted(Message, frozen=True):
    """The business days (YYYY-MM-DD) from `first` to `last`, both in it."""

    first: str = ""
    last: str = ""


class ByWay(msgspec.Struct, frozen=True, array_like=True):
    """Money of one way: "counter", "bank", or a provider's name: what came, what the shop gave
    back, what a bank took back without the shop, and what the provider kept as its fee. Of that,
    the provider paid out so much to the shop's bank account."""

    way: str
    came: int
    back: int
    taken: int
    fee: int
    paid_out: int = 0


class PaidOut(msgspec.Struct, frozen=True, array_like=True):
    """What of a provider arrived at the shop's bank on a day, and the fee that was kept of it then;
    below zero where what was recorded wrongly was taken back."""

    day: str
    way: str
    amount: int
    fee: int


class OfOrder(msgspec.Struct, frozen=True, array_like=True):
    """An order that was handed over on `day`, with what was earned and paid until the period's end;
    `paid` less what went back. `open` is what the buyer still owes, below zero what is owed back;
    `taken` is what a bank took back of what had been paid.
    """

    number: int
    day: str
    goods: int
    delivery: int
    returns: int
    counter: int
    bank: int
    provider: int
    fee: int
    open: int
    taken: int = 0

    @property
    def taken_open(self) -> int:
        """What is open because it was taken back (rupiah)."""
        return max(0, min(self.taken, self.open))

    @property
    def unpaid(self) -> int:
        """What was never paid (rupiah); below zero what is owed back."""
        return self.open - self.taken_open


class Open(msgspec.Struct, frozen=True, array_like=True):
    """How things stand at the period's end: what buyers owe, what they paid before they owed it,
    what they are owed; goods that were agreed and not handed over; money without an order;
    what came through providers and was not paid out yet; and what they paid out beyond that."""

    owed: int = 0
    advance: int = 0
    owed_back: int = 0
    unearned: int = 0
    unassigned: int = 0
    at_providers: int = 0
    beyond: int = 0


class OrderStatement(msgspec.Struct, frozen=True, array_like=True):
    """The whole of it. `handed_over` counts the orders that were; `more`: not all are listed."""

    first: str
    last: str
    handed_over: int
    goods: int
    delivery: int
    returns: int
    ways: tuple[ByWay, ...]
    open: Open
    orders: tuple[OfOrder, ...]
    more: bool
    payouts: tuple[PaidOut, ...] = ()

    @property
    def earned(self) -> int:
        """Rupiah."""
        return self.goods + self.delivery - self.returns


class StatementAnswer(Answer, frozen=True):
    """What a counter that asks is told."""

    statement: OrderStatement | None = None
