"""Goods received and stock set right, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from core.errors import Refused
from core.facts.stock import StockAdjusted, StockLine, StockReceived
from core.text import clean_name
from pos.counter import Counter
from pos.staff.people import require

# Beside each reason its effect on profit: loss, gain or owner's own use.
Reason = Literal["broken", "expired", "lost", "own_use", "gift", "found", "count"]
REASONS: tuple[Reason, ...] = ("broken", "expired", "lost", "own_use", "gift", "found", "count")
_LEAVES = {"broken", "expired", "lost", "own_use", "gift"}


class BadStockLine(Refused):
    """A stock line needs a known product and a sensible quantity; `why` says which failed."""

    code = "bad_stock_line"


def receive(
    counter: Counter, lines: Sequence[StockLine], supplier: str = "", reference: str = ""
) -> None:
    """Take goods in at what they cost in all (rupiah a line).

    Raises:
        NeedsManager, BadStockLine.
    """
    require(counter, "adjust_stock")
    for line in lines:
        _check(counter, line)
        if line.qty <= 0:
            raise BadStockLine(why="qty")
        if line.value is None or not 0 <= line.value <= 10**12:
            raise BadStockLine(why="value")
    if not lines:
        raise BadStockLine(why="empty")
    with counter.transaction() as tx:
        tx.append(StockReceived(tuple(lines), clean_name(supplier), clean_name(reference)))


def adjust(counter: Counter, product_id: bytes, qty: int, reason: Reason, note: str = "") -> None:
    """Set stock right by `qty` thousandths (negative: out).

    Raises:
        NeedsManager; BadStockLine: also where the sign does not fit the reason.
    """
    require(counter, "adjust_stock")
    line = StockLine(product_id, qty)
    _check(counter, line)
    wrong_sign = (reason in _LEAVES and qty > 0) or (reason == "found" and qty < 0)
    if qty == 0 or wrong_sign:
        raise BadStockLine(why="qty")
    with counter.transaction() as tx:
        tx.append(StockAdjusted((line,), reason, clean_name(note)))


def _check(counter: Counter, line: StockLine) -> None:
    if counter.db.scalar("SELECT 1 FROM product WHERE id=?", (line.product_id,)) is None:
        raise BadStockLine(why="product")
    if abs(line.qty) > 10**12:
        raise BadStockLine(why="qty")
