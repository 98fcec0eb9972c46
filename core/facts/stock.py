"""Facts of the shelf: goods received, stock adjusted with a reason."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from core.facts.base import Fact


class StockLine(msgspec.Struct, frozen=True, array_like=True):
    """So much of a product (thousandths of the base unit); `value` in rupiah for all of it.

    `value` is None where goods leave: they take their share of the value pool.
    """

    product_id: bytes
    qty: int
    value: int | None = None


class StockReceived(Fact, frozen=True, array_like=True):
    """Goods came in, at what they cost in all."""

    KIND: ClassVar[str] = "stock_received"
    VERSION: ClassVar[int] = 1

    lines: tuple[StockLine, ...]
    supplier: str
    reference: str


class StockAdjusted(Fact, frozen=True, array_like=True):
    """Stock was set right: broken, expired, lost, own use, found."""

    KIND: ClassVar[str] = "stock_adjusted"
    VERSION: ClassVar[int] = 1

    lines: tuple[StockLine, ...]
    reason: str
    note: str = ""
