"""When goods run short: one rule for lists, search results, reports and filters."""

from __future__ import annotations

from typing import Literal

Level = Literal["negative", "out", "low", "ok"]

SHORT_SQL = "stock<=min_stock"
"""The same rule over the columns of a product: every level but "ok"."""


def stock_level(stock: int, minimum: int) -> Level:
    """How a stock stands against its minimum, both in thousandths of the base unit.

    The minimum is the point at which to buy, so stock that has come down to it is "low" already.
    Goods without a minimum (0) are never "low": only "out" at nothing, and "negative" (count
    this) where more was sold than was written down.
    """
    if stock < 0:
        return "negative"
    if stock == 0:
        return "out"
    return "low" if stock <= minimum else "ok"
