"""Commands that put right what was sold: refund, exchange, and another tender than was keyed."""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from core.cart import Cart
from core.errors import Refused
from core.money import format_rupiah
from core.quantity import parse_quantity
from core.tender import AT_THE_COUNTER, TenderKind
from pos.cli.arguments import command, whole
from pos.cli.older import known
from pos.cli.selling import UNREADABLE, BadSaleLine, SaleAsked, build_cart, tenders_asked
from pos.cli.session import Session, UsageError
from pos.counter import Counter
from pos.customers.accounts import customer_named
from pos.db.database import Database
from pos.receipts.naming import number_of
from pos.selling.corrections import swap_tender, tender_number, tenders_of
from pos.selling.refunds import Return, all_lines, make_refund, sold
from pos.selling.sales import EmptyCart, SaleDone

KINDS = tuple(str(kind) for kind in AT_THE_COUNTER)


class BadExchange(Refused):
    """What stands on stdin is no exchange; `why` says what the reader met."""

    code = "bad_exchange"


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    refund = command(commands, "refund", "Kembalikan barang / refund", run_refund)
    _returning(refund)
    exchange = command(
        commands, "exchange", "Tukar barang, isinya dari stdin / exchange, from stdin", run_exchange
    )
    _returning(exchange)
    swap = command(commands, "swap", "Ganti cara bayar / another tender", run_swap)
    swap.add_argument("receipt", metavar="RECEIPT")
    swap.add_argument("--from", dest="old", required=True, choices=KINDS, metavar="KIND")
    swap.add_argument("--to", dest="new", required=True, choices=KINDS, metavar="KIND")
    swap.add_argument("--reason", required=True, metavar="T")
    swap.add_argument("--reference", default="", metavar="R")
    swap.add_argument("--tender", type=whole, metavar="N", help="yang ke berapa / which of them")
    swap.add_argument("--customer", default="", metavar="NAME")


def _returning(parser: Any) -> None:
    parser.add_argument("receipt", metavar="RECEIPT")
    parser.add_argument("--line", type=whole, action="append", default=[], metavar="N")
    parser.add_argument("--qty", action="append", default=[], metavar="Q")
    parser.add_argument("--reason", required=True, metavar="T")
    parser.add_argument("--to", choices=("stock", "waste"), default="stock")
    parser.add_argument("--cash", action="store_true", help="tunai saja / all in cash")


def returns_asked(session: Session, receipt: str) -> list[Return]:
    """What the options say comes back: some lines, or all that is left.

    Raises:
        UsageError, UnknownSale, NothingToRefund, BadQuantity.
    """
    options = session.options
    db = session.writing().db
    if not options.line:
        if options.qty:
            raise UsageError(why="--qty")
        return all_lines(db, receipt, options.to)
    if options.qty and len(options.qty) != len(options.line):
        raise UsageError(why="--line --qty")
    lines = sold(db, receipt).lines
    returns: list[Return] = []
    for index, number in enumerate(options.line):
        if options.qty:
            qty = parse_quantity(options.qty[index])
        else:
            row = lines.get(number)
            qty = row.qty - row.refunded_qty if row is not None else 0
        returns.append(Return(number, qty, options.to))
    return returns


def run_refund(session: Session) -> None:
    """Give back a whole receipt, or some of its lines."""
    options = session.options
    counter = session.writing()
    receipt = known(session, options.receipt)
    returns = returns_asked(session, receipt)
    done = make_refund(counter, receipt, returns, options.reason, cash_instead=options.cash)
    amount = -(done.total + done.rounding)
    answer = {
        "receipt": done.receipt,
        "refunded": number_of(receipt),
        "total": done.total,
        "amount": amount,
        "tenders": _tenders(counter.db, done),
    }
    session.say(answer, f"{done.receipt}: {format_rupiah(amount)}")


def run_exchange(session: Session) -> None:
    """Goods of a receipt for those on stdin; only the difference is paid."""
    options = session.options
    counter = session.writing()
    receipt = known(session, options.receipt)
    returns = returns_asked(session, receipt)
    asked = _asked(sys.stdin.read())
    if not asked.lines:
        raise EmptyCart()
    done = make_refund(
        counter,
        receipt,
        returns,
        options.reason,
        exchange=_going_out(counter, asked),
        tenders=tenders_asked(asked),
        cash_instead=options.cash,
        ref=asked.ref or "",
    )
    amount = done.total + done.rounding
    answer = {
        "receipt": done.receipt,
        "exchanged": number_of(receipt),
        "total": done.total,
        "amount": amount,
        "paid": max(done.paid, 0),
        "change": done.change,
        "tenders": _tenders(counter.db, done),
        "ref": asked.ref,
    }
    session.say(answer, f"{done.receipt}: {format_rupiah(amount)}")


def _asked(text: str) -> SaleAsked:
    try:
        return msgspec.json.decode(text, type=SaleAsked)
    except UNREADABLE as error:
        raise BadExchange(why=str(error)) from error


def _going_out(counter: Counter, asked: SaleAsked) -> Cart:
    try:
        return build_cart(counter, asked)
    except BadSaleLine as error:
        raise BadExchange(**error.details) from error


def _tenders(db: Database, done: SaleDone) -> list[dict[str, Any]]:
    return [{"kind": part.kind, "amount": part.amount} for part in tenders_of(db, done.receipt)]


def run_swap(session: Session) -> None:
    """A receipt was paid another way than was keyed in."""
    options = session.options
    counter = session.writing()
    receipt = known(session, options.receipt)
    number = tender_number(counter.db, receipt, options.old, options.tender)
    buyer = customer_named(counter.db, options.customer).id if options.customer else b""
    swap_tender(
        counter,
        receipt,
        number,
        TenderKind(options.new),
        options.reason,
        reference=options.reference,
        customer_id=buyer,
    )
    part = next(one for one in tenders_of(counter.db, receipt) if one.number == number)
    answer = {
        "receipt": number_of(receipt),
        "tender": number,
        "from": options.old,
        "to": part.kind,
        "amount": part.amount,
        "reference": part.reference or None,
    }
    session.say(
        answer,
        f"{number_of(receipt)}: {options.old} -> {part.kind} {format_rupiah(part.amount)}",
    )
