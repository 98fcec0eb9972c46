"""What is given back for a sold line: shares stored at the sale, never a new calculation.

Part of a line gets the floor of each share by quantity given back so far; the last part gets
what is left. So refunds in any parts and order sum exactly to the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.errors import Refused


class SoldLine(NamedTuple):
    """A line as sold, and what of it was given back already. Rupiah and thousandths."""

    line_no: int
    product_id: bytes
    name: str
    unit: str
    factor: int
    qty: int
    unit_price: int
    gross: int
    line_discount: int
    cart_discount: int
    net: int
    tax: int
    refunded_qty: int = 0
    refunded_gross: int = 0
    refunded_line_discount: int = 0
    refunded_cart_discount: int = 0
    refunded_net: int = 0
    refunded_tax: int = 0


class RefundShare(NamedTuple):
    """What goes back for a quantity; all positive. `net` is `gross` less both discounts."""

    qty: int
    gross: int
    line_discount: int
    cart_discount: int
    net: int
    tax: int


class RefundTooMuch(Refused):
    """More than was sold and not yet given back; `left` thousandths remain."""

    code = "refund_too_much"


def refund_line(sold: SoldLine, qty: int) -> RefundShare:
    """The share of a line that goes back with `qty` thousandths of its unit.

    Raises:
        RefundTooMuch: nothing, or more than is left.
    """
    left = sold.qty - sold.refunded_qty
    if qty <= 0 or qty > left:
        raise RefundTooMuch(name=sold.name, asked=qty, left=left)
    after = sold.refunded_qty + qty

    def share(whole: int, before: int) -> int:
        return whole * after // sold.qty - before

    gross = share(sold.gross, sold.refunded_gross)
    line_discount = share(sold.line_discount, sold.refunded_line_discount)
    cart_discount = share(sold.cart_discount, sold.refunded_cart_discount)
    return RefundShare(
        qty,
        gross,
        line_discount,
        cart_discount,
        gross - line_discount - cart_discount,
        share(sold.tax, sold.refunded_tax),
    )


def refund_tenders(
    paid: Sequence[tuple[str, int]], amount: int, *, cash_instead: bool = False
) -> list[tuple[str, int]]:
    """By which tenders an amount goes back, given what of each is not yet given back.

    Debts are lowered first (kasbon, then member balance); the rest goes back as it was paid,
    in order, or all in cash. What was paid by nothing that is left (cash rounding) is cash.
    """
    left = dict(paid)
    order: list[str] = [kind for kind in ("credit", "balance") if kind in left]
    order += [kind for kind, _ in paid if kind not in order]
    shares: dict[str, int] = {}
    for kind in order:
        part = min(amount, left[kind])
        if part <= 0:
            continue
        amount -= part
        into = "cash" if cash_instead and kind not in ("credit", "balance") else kind
        shares[into] = shares.get(into, 0) + part
    if amount > 0:
        last = next((kind for kind in reversed(shares) if kind not in ("credit", "balance")), "")
        into = last or "cash"
        shares[into] = shares.get(into, 0) + amount
    return list(shares.items())
