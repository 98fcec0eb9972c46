"""What is given back for a sold line: shares stored at the sale, never a new calculation.

Money (net and tax) of a part is the floor of its share by quantity given back so far, and the
last part gets what is left. So refunds in any parts and order sum exactly to the line, and no
part exceeds what was paid. Discounts are rounded up instead: where gross is a whole price times
quantity, a part's gross then is so too (exactly with one discount, within a rupiah with two).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.cart import QuantityNotPositive
from core.errors import Refused

_DEBTS = ("credit", "balance")


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
    refunded_line_discount: int = 0
    refunded_cart_discount: int = 0
    refunded_net: int = 0
    refunded_tax: int = 0


class RefundShare(NamedTuple):
    """What goes back for a quantity; none negative. `net` is `gross` less both discounts."""

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
        QuantityNotPositive: nothing, or less.
        RefundTooMuch: more than is left.
    """
    if qty <= 0:
        raise QuantityNotPositive(name=sold.name)
    left = sold.qty - sold.refunded_qty
    if qty > left:
        raise RefundTooMuch(name=sold.name, asked=qty, left=left)
    after = sold.refunded_qty + qty

    def paid(whole: int, before: int) -> int:
        return whole * after // sold.qty - before

    def taken_off(whole: int, before: int) -> int:
        return -(-whole * after // sold.qty) - before

    net = paid(sold.net, sold.refunded_net)
    line_discount = taken_off(sold.line_discount, sold.refunded_line_discount)
    cart_discount = taken_off(sold.cart_discount, sold.refunded_cart_discount)
    # Gross is the sum, never a share of its own: its rounding would leak into the money.
    gross = net + line_discount + cart_discount
    tax = paid(sold.tax, sold.refunded_tax)
    return RefundShare(qty, gross, line_discount, cart_discount, net, tax)


def refund_tenders(
    paid: Sequence[tuple[str, int]],
    amount: int,
    *,
    cash_instead: bool = False,
    owed: Mapping[str, int] | None = None,
) -> list[tuple[str, int]]:
    """By which tenders an amount goes back, given what of each is not yet given back.

    Debts are lowered first (kasbon, then member balance), but never below nought: `owed` says
    what the customer still owes on each, and what was repaid meanwhile comes back in cash. The
    rest goes back as it was paid, in order, or all in cash. What was paid by nothing that is left
    (cash rounding) is cash, so that nobody is asked to send more by card or QRIS than came by it.
    Each tender is named once.
    """
    debts = [part for kind in _DEBTS for part in paid if part[0] == kind]
    others = [part for part in paid if part[0] not in _DEBTS]
    shares: dict[str, int] = {}
    for kind, left in (*debts, *others):
        part = min(amount, left)
        if owed is not None and kind in _DEBTS:
            part = min(part, owed.get(kind, 0))
        if part <= 0:
            continue
        amount -= part
        into = "cash" if cash_instead and kind not in _DEBTS else kind
        shares[into] = shares.get(into, 0) + part
    if amount > 0:
        shares["cash"] = shares.get("cash", 0) + amount
    return list(shares.items())


def repaid_part(paid: Sequence[tuple[str, int]], owed: Mapping[str, int]) -> int:
    """How much of what was put on accounts has been repaid since: it can come back in cash."""
    return sum(max(0, left - max(0, owed.get(kind, 0))) for kind, left in paid if kind in _DEBTS)
