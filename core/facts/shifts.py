"""Facts of the drawer: shift opened and closed, cash in and out, drawer opened without sale."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from core.facts.base import Fact


class ShiftOpened(Fact, frozen=True, array_like=True):
    """A shift begins with this float in the drawer (rupiah)."""

    KIND: ClassVar[str] = "shift_opened"
    VERSION: ClassVar[int] = 1

    shift_id: bytes
    float_amount: int


class CashMoved(Fact, frozen=True, array_like=True):
    """Cash put into or taken out of the drawer without a sale; `amount` is positive."""

    KIND: ClassVar[str] = "cash_moved"
    VERSION: ClassVar[int] = 1

    shift_id: bytes
    direction: Literal["in", "out"]
    amount: int
    reason: str


class DrawerOpened(Fact, frozen=True, array_like=True):
    """The drawer was opened without a sale."""

    KIND: ClassVar[str] = "drawer_opened"
    VERSION: ClassVar[int] = 1

    shift_id: bytes
    reason: str


class Denomination(msgspec.Struct, frozen=True, array_like=True):
    """So many notes or coins of this value."""

    value: int
    pieces: int


class Ticked(msgspec.Struct, frozen=True, array_like=True):
    """A tender compared with the bank's list at closing: found there or not."""

    device: bytes
    seq: int
    tender_no: int
    found: bool
    mark: bytes = b""


class TenderTotal(msgspec.Struct, frozen=True, array_like=True):
    """What a tender brought in a shift: how often and how much (rupiah)."""

    kind: str
    count: int
    amount: int


class ShiftClosed(Fact, frozen=True, array_like=True):
    """A shift ends. Figures are stored as they were; nothing can block this fact.

    `first_counted` is the first count where one recount was made, else the same as `counted`.
    """

    KIND: ClassVar[str] = "shift_closed"
    VERSION: ClassVar[int] = 1

    shift_id: bytes
    z_number: int
    counted: int
    first_counted: int
    expected: int
    denominations: tuple[Denomination, ...]
    ticks: tuple[Ticked, ...]
    totals: tuple[TenderTotal, ...]
    sales: int
    refunds: int
    gross: int
    discount: int
    tax: int
    rounding: int
    net: int
    cash_in: int
    cash_out: int
    repaid_cash: int
    drawer_openings: int
    first_receipt: str
    last_receipt: str
    note: str = ""
