"""Giving back: a whole receipt or some lines, and exchange for other goods in one step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from core.cart import Cart
from core.errors import Refused
from core.facts.selling import Refers, SaleCompleted, SaleLine, TenderPart
from core.money import round_cash
from core.pricing import price
from core.refund import RefundShare, SoldLine, refund_line, refund_tenders, repaid_part
from core.tender import Settlement
from core.text import clean_name
from pos.counter import Counter
from pos.customers.accounts import balance_debt, customer
from pos.db.database import Database
from pos.receipts.naming import mark_at, sale_place
from pos.selling.money_left import money_left
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
    mark: bytes


def sold(db: Database, receipt: str) -> _Sold:
    """A completed sale, by its reference, with its lines, as refunds need it.

    Raises:
        UnknownSale.
    """
    row = db.one(
        "SELECT id, device, seq, customer_id, tax_included, rounding, type FROM sale WHERE id=?",
        (sale_place(db, receipt),),
    )
    if row is None or row[6] == "refund":
        raise UnknownSale(receipt=receipt)
    lines = db.rows(
        "SELECT line_no, product_id, name, unit, factor, qty, unit_price, list_price, gross,"
        " line_discount, cart_discount, net, tax, tax_class, refunded_qty,"
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
        mark_at(db, row[0]),
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


class Difference(NamedTuple):
    """What a refund or exchange comes to, in rupiah, before anything is written.

    `back` is the worth of what comes back, as it was paid; `out` the price of what goes out
    instead; `total` is `out` less `back`: the buyer's to pay above zero, the buyer's to get
    below. `paid_back` says by which tenders it goes back then (negative, cash rounded).
    """

    back: int
    out: int
    total: int
    paid_back: tuple[TenderPart, ...]


class NothingDue(Refused):
    """Tenders were given although the buyer has nothing to pay."""

    code = "nothing_due"


class _Plan(NamedTuple):
    original: _Sold
    back: tuple[SaleLine, ...]
    taken: tuple[SaleLine, ...]
    difference: Difference


def difference(
    counter: Counter,
    receipt: str,
    returns: Sequence[Return],
    exchange: Cart | None = None,
    *,
    cash_instead: bool = False,
) -> Difference:
    """What `make_refund` would come to; nothing is written, no permission is needed.

    Raises:
        UnknownSale, UnknownLine, RefundTooMuch, NothingToRefund, TaxChanged.
    """
    return _plan(counter, receipt, returns, exchange, cash_instead).difference


def make_refund(
    counter: Counter,
    receipt: str,
    returns: Sequence[Return],
    reason: str,
    *,
    exchange: Cart | None = None,
    tenders: Sequence[Tendered] = (),
    cash_instead: bool = False,
    ref: str = "",
) -> SaleDone:
    """Give back lines of a receipt, in exchange for new goods where `exchange` holds some.

    Money comes from the shares stored on the lines. Without new goods it goes back the way it
    came: kasbon first lowered, cash in cash, card and QRIS as a note that somebody must send it;
    `cash_instead` pays those in cash. In an exchange only the difference moves: `tenders` pay it
    where it is the buyer's to pay. The cart that is open at the counter stays as it is.

    Raises:
        UnknownSale, RefundTooMuch, ReasonNeeded, NoShift, NeedsManager, NotPaid, NothingDue.
    """
    if not clean_name(reason):
        raise ReasonNeeded()
    plan = _plan(counter, receipt, returns, exchange, cash_instead)
    require(counter, "refund", plan.difference.back)
    if exchange is not None and plan.taken:
        check_permissions(counter, exchange, price(exchange, counter.settings.tax))
    settled, parts = _settled(counter, plan, tenders)
    customer_id = plan.original.customer_id or (exchange.customer_id if exchange else b"") or b""
    check_tenders(counter, parts, customer_id)
    fact = SaleCompleted(
        0,
        open_shift_id(counter.db),
        "exchange" if plan.taken else "refund",
        (*plan.back, *plan.taken),
        parts,
        plan.difference.total,
        settled.rounding,
        settled.change,
        plan.original.tax_included,
        customer_id,
        ref,
        exchange.note if exchange else "",
        clean_name(reason),
    )
    return write_sale(counter, fact, settled, printed=True, from_cart=False)


def _plan(
    counter: Counter,
    receipt: str,
    returns: Sequence[Return],
    exchange: Cart | None,
    cash_instead: bool,
) -> _Plan:
    if not returns:
        raise NothingToRefund(receipt=receipt)
    original = sold(counter.db, receipt)
    back = _negative_lines(original, returns)
    taken = _exchange_lines(counter, exchange, original.tax_included)
    worth, out = -_worth(original, back), _worth(original, taken)
    parts: tuple[TenderPart, ...] = ()
    if out < worth:
        last = not taken and _nothing_left(original, returns)
        parts = _paid_back(counter, original, worth - out, cash_instead, last=last)
    return _Plan(original, back, taken, Difference(worth, out, out - worth, parts))


def _worth(original: _Sold, lines: Sequence[SaleLine]) -> int:
    net = sum(line.net for line in lines)
    return net if original.tax_included else net + sum(line.tax for line in lines)


def _settled(
    counter: Counter, plan: _Plan, tenders: Sequence[Tendered]
) -> tuple[Settlement, tuple[TenderPart, ...]]:
    """The difference and its money made even, and the tenders as the fact keeps them."""
    total = plan.difference.total
    if total > 0:
        settled = settle(counter, total, tenders)
        return settled, tender_parts(tenders, settled)
    if tenders:
        raise NothingDue(back=-total)
    parts = plan.difference.paid_back
    paid = sum(part.amount for part in parts)
    return Settlement(paid=paid, change=0, rounding=paid - total), parts


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
        refers=Refers(original.device, original.seq, item.line_no, original.mark),
        back_to=item.to,
    )


def _exchange_lines(
    counter: Counter, exchange: Cart | None, tax_included: bool
) -> tuple[SaleLine, ...]:
    if exchange is None or not exchange.lines:
        return ()
    priced = price(exchange, counter.settings.tax)
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


def _owed(counter: Counter, customer_id: bytes) -> dict[str, int]:
    """What the buyer owes on each account now, in rupiah."""
    if not customer_id:
        return {}
    who = customer(counter.db, customer_id)
    return {"credit": who.debt, "balance": balance_debt(counter.db, customer_id)}


def _paid_back(
    counter: Counter, original: _Sold, amount: int, cash_instead: bool, *, last: bool
) -> tuple[TenderPart, ...]:
    """By which tenders an amount goes back, cash rounded as the shop has set.

    The last refund of a sale gives back exactly the cash that is left of it, so that the drawer
    returns to where it was however the refunds before it were rounded. After an exchange what is
    left is worth, not coins: it is rounded like any other.
    """
    left = money_left(counter.db, original.sale_id)
    owed = _owed(counter, original.customer_id)
    shares = refund_tenders(left.parts, amount, cash_instead=cash_instead, owed=owed)
    repaid = repaid_part(left.parts, owed)
    settings = counter.settings
    parts: list[TenderPart] = []
    for kind, share in shares:
        paid = share
        exactly = last and not left.exchanged and not cash_instead and not repaid
        if kind == "cash" and exactly and left.cash():
            paid = left.cash()
        elif kind == "cash":
            paid = round_cash(share, settings.cash_step, settings.cash_mode)
        if paid:
            parts.append(TenderPart(kind, -paid))
    return tuple(parts)
