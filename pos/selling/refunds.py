"""Giving back: a whole receipt or some lines, and exchange for other goods in one step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from core.cart import Cart
from core.errors import Refused
from core.facts.selling import Refers, SaleCompleted, SaleLine, TenderPart
from core.money import round_cash
from core.pricing import price
from core.refund import RefundShare, SoldLine, refund_line, refund_tenders
from core.tender import Settlement
from core.text import clean_name
from pos.counter import Counter
from pos.db.database import Database
from pos.selling.sales import (
    SaleDone,
    Tendered,
    check_permissions,
    check_tenders,
    sale_line,
    settle,
    tender_parts,
    write_sale,
)
from pos.shifts.drawer import ReasonNeeded
from pos.shifts.open_shift import open_shift_id
from pos.staff.people import require


class Return(NamedTuple):
    """A line given back: `qty` thousandths of its unit, and where the goods go."""

    line_no: int
    qty: int
    to: Literal["stock", "waste"] = "stock"


class UnknownSale(Refused):
    """There is no receipt of this number that could be given back."""

    code = "unknown_sale"


class NothingToRefund(Refused):
    """All of this receipt was given back already."""

    code = "nothing_to_refund"


class _Sold(NamedTuple):
    sale_id: int
    device: bytes
    seq: int
    customer_id: bytes
    tax_included: bool
    rounding: int
    lines: dict[int, Any]


def sold(db: Database, receipt: str) -> _Sold:
    """A completed sale with its lines, as refunds need it.

    Raises:
        UnknownSale.
    """
    row = db.one(
        "SELECT id, device, seq, customer_id, tax_included, rounding, type FROM sale"
        " WHERE receipt=?",
        (receipt.strip(),),
    )
    if row is None or row[6] == "refund":
        raise UnknownSale(receipt=receipt)
    lines = db.rows(
        "SELECT line_no, product_id, name, unit, factor, qty, unit_price, list_price, gross,"
        " line_discount, cart_discount, net, tax, tax_class, refunded_qty, refunded_gross,"
        " refunded_line_discount, refunded_cart_discount, refunded_net, refunded_tax"
        " FROM sale_line WHERE sale_id=? AND qty>0 ORDER BY line_no",
        (row[0],),
    )
    return _Sold(
        row[0],
        bytes(row[1]),
        row[2],
        bytes(row[3]),
        bool(row[4]),
        row[5],
        {line.line_no: line for line in lines},
    )


def all_lines(db: Database, receipt: str, to: Literal["stock", "waste"]) -> list[Return]:
    """Everything of a receipt that has not been given back yet.

    Raises:
        UnknownSale, NothingToRefund.
    """
    returns = [
        Return(line.line_no, line.qty - line.refunded_qty, to)
        for line in sold(db, receipt).lines.values()
        if line.qty > line.refunded_qty
    ]
    if not returns:
        raise NothingToRefund(receipt=receipt)
    return returns


def make_refund(
    counter: Counter,
    receipt: str,
    returns: Sequence[Return],
    reason: str,
    *,
    exchange: Cart | None = None,
    tenders: Sequence[Tendered] = (),
    cash_instead: bool = False,
) -> SaleDone:
    """Give back lines of a receipt, in exchange for new goods where `exchange` holds some.

    Money comes from the shares stored on the lines. Without new goods it goes back the way it
    came: kasbon first lowered, cash in cash, card and QRIS as a note that somebody must send it;
    `cash_instead` pays those in cash. In an exchange only the difference moves: `tenders` pay it
    where it is the buyer's to pay.

    Raises:
        UnknownSale, RefundTooMuch, ReasonNeeded, NoShift, NeedsManager, NotPaid.
    """
    require(counter, "refund")
    if not clean_name(reason):
        raise ReasonNeeded()
    if not returns:
        raise NothingToRefund(receipt=receipt)
    original = sold(counter.db, receipt)
    back = _negative_lines(original, returns)
    taken = _exchange_lines(counter, exchange, original.tax_included)
    total = sum(line.net for line in (*back, *taken))
    if not original.tax_included:
        total += sum(line.tax for line in (*back, *taken))
    customer_id = original.customer_id or (exchange.customer_id if exchange else b"") or b""
    if total > 0:
        settled = settle(counter, total, tenders)
        parts = tender_parts(tenders, settled)
    else:
        last = not taken and _nothing_left(original, returns)
        parts = _paid_back(counter, original, -total, cash_instead, last=last)
        rounding = sum(part.amount for part in parts) - total
        settled = Settlement(paid=sum(part.amount for part in parts), change=0, rounding=rounding)
    check_tenders(counter, parts, customer_id)
    fact = SaleCompleted(
        0,
        open_shift_id(counter.db),
        "exchange" if taken else "refund",
        (*back, *taken),
        parts,
        total,
        settled.rounding,
        settled.change,
        original.tax_included,
        customer_id,
        "",
        "",
        clean_name(reason),
    )
    return write_sale(counter, fact, settled, printed=True)


def _negative_lines(original: _Sold, returns: Sequence[Return]) -> tuple[SaleLine, ...]:
    lines: list[SaleLine] = []
    seen: set[int] = set()
    for item in returns:
        row = original.lines.get(item.line_no)
        if row is None or item.line_no in seen:
            raise UnknownLine(line=item.line_no)
        seen.add(item.line_no)
        share = refund_line(_sold_line(row), item.qty)
        lines.append(_negative(original, row, share, item))
    return tuple(lines)


class UnknownLine(Refused):
    """The receipt has no such line, or it was named twice."""

    code = "unknown_line"


def _sold_line(row: Any) -> SoldLine:
    return SoldLine(
        line_no=row.line_no,
        product_id=row.product_id,
        name=row.name,
        unit=row.unit,
        factor=row.factor,
        qty=row.qty,
        unit_price=row.unit_price,
        gross=row.gross,
        line_discount=row.line_discount,
        cart_discount=row.cart_discount,
        net=row.net,
        tax=row.tax,
        refunded_qty=row.refunded_qty,
        refunded_gross=row.refunded_gross,
        refunded_line_discount=row.refunded_line_discount,
        refunded_cart_discount=row.refunded_cart_discount,
        refunded_net=row.refunded_net,
        refunded_tax=row.refunded_tax,
    )


def _negative(original: _Sold, row: Any, share: RefundShare, item: Return) -> SaleLine:
    return SaleLine(
        bytes(row.product_id),
        row.name,
        row.unit,
        row.factor,
        -share.qty,
        row.unit_price,
        row.list_price,
        -share.gross,
        -share.line_discount,
        -share.cart_discount,
        -share.net,
        -share.tax,
        row.tax_class,
        refers=Refers(original.device, original.seq, item.line_no),
        back_to=item.to,
    )


def _exchange_lines(
    counter: Counter, exchange: Cart | None, tax_included: bool
) -> tuple[SaleLine, ...]:
    if exchange is None or not exchange.lines:
        return ()
    priced = price(exchange, counter.settings.tax)
    check_permissions(counter, exchange, priced)
    if priced.tax and priced.tax_included != tax_included:
        raise TaxChanged()
    return tuple(sale_line(line, exchange) for line in priced.lines)


class TaxChanged(Refused):
    """Prices held tax differently when this was sold: give back and sell in two steps."""

    code = "tax_changed"


def _nothing_left(original: _Sold, returns: Sequence[Return]) -> bool:
    """Whether these returns give back all that was left of a sale."""
    back = {item.line_no: item.qty for item in returns}
    return all(
        line.qty == line.refunded_qty + back.get(line.line_no, 0)
        for line in original.lines.values()
    )


def _paid_back(
    counter: Counter, original: _Sold, amount: int, cash_instead: bool, *, last: bool
) -> tuple[TenderPart, ...]:
    """By which tenders an amount goes back, cash rounded as the shop has set.

    The last refund of a sale gives back exactly the cash that is left of it, so that the drawer
    returns to where it was however the refunds before it were rounded.
    """
    left = [
        (row[0], row[1])
        for row in counter.db.rows(
            "SELECT p.kind, sum(p.amount) FROM payment p WHERE p.sale_id=? OR p.sale_id IN"
            " (SELECT DISTINCT sale_id FROM sale_line WHERE refers_sale=?)"
            " GROUP BY p.kind ORDER BY min(p.sale_id * 1000 + p.n)",
            (original.sale_id, original.sale_id),
        )
        if row[1] > 0
    ]
    cash_left = dict(left).get("cash", 0)
    shares = refund_tenders(left, amount, cash_instead=cash_instead)
    settings = counter.settings
    parts: list[TenderPart] = []
    for kind, share in shares:
        paid = share
        if kind == "cash" and last and not cash_instead and cash_left:
            paid = cash_left
        elif kind == "cash":
            paid = round_cash(share, settings.cash_step, settings.cash_mode)
        if paid:
            parts.append(TenderPart(kind, -paid))
    return tuple(parts)
