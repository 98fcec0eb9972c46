"""Commands about receipts: list, show, copy."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from core.errors import Refused
from core.money import format_rupiah
from core.quantity import decimal_string
from core.receipt import Document
from pos.cli.arguments import command
from pos.cli.older import known
from pos.cli.session import Session
from pos.customers.repayments import Repayment, repayment
from pos.printing.rendering import render
from pos.receipts.documents import receipt_document
from pos.receipts.listing import find_receipts, receipt_view
from pos.receipts.naming import number_of, sale_place
from pos.selling.corrections import reprint
from pos.shop.settings import load_settings

FORMATS = ("text", "json", "pdf", "png", "escpos")


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    listed = command(commands, "receipts", "Daftar struk / list receipts", run_receipts)
    listed.add_argument("--from", dest="first", default="", metavar="D")
    listed.add_argument("--to", dest="last", default="", metavar="D")
    listed.add_argument("--search", default="", metavar="NUMBER")
    listed.add_argument("--product", default="", metavar="TEXT")

    shown = command(commands, "receipt", "Satu struk / one receipt", run_receipt)
    shown.add_argument("number", metavar="NUMBER")
    add_output(shown)
    again = command(commands, "reprint", "Cetak salinan / print a copy", run_reprint)
    again.add_argument("number", metavar="NUMBER")


def add_output(parser: Any) -> None:
    """Options of a command that shows paper: its form, where to, how wide."""
    parser.add_argument("--format", choices=FORMATS)
    parser.add_argument("--out", type=Path, metavar="FILE")
    parser.add_argument("--columns", type=int, choices=(32, 42, 48), default=32)


def read_day(text: str) -> str:
    """A date as YYYY-MM-DD; empty stays empty.

    Raises:
        BadDate.
    """
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise BadDate(text=text) from error


class BadDate(Refused):
    """A date must be written YYYY-MM-DD."""

    code = "bad_date"


def run_receipts(session: Session) -> None:
    """List receipts, oldest first, one object a line."""
    options = session.options
    found = find_receipts(
        session.reading(),
        number=options.search,
        first=read_day(options.first),
        last=read_day(options.last),
        product=options.product,
        limit=-1,
    )
    for row in reversed(found):
        answer = {
            "receipt": row.receipt,
            "total": row.total,
            "rounding": row.rounding,
            "business_date": row.day,
            "staff": row.staff,
            "refunded": row.refunded,
            "type": row.type,
            "customer": row.customer or None,
            "register": row.register or None,
        }
        session.line(answer, f"{row.receipt}\t{row.day}\t{format_rupiah(row.due)}")


def run_receipt(session: Session) -> None:
    """Show one receipt in a format."""
    options = session.options
    db = session.reading()
    form = options.format or ("json" if session.json else "text")
    receipt = known(session, options.number)
    if form == "json":
        write(session, msgspec.json.encode(receipt_data(session, receipt)) + b"\n")
        return
    document = receipt_document(db, load_settings(db), receipt)
    show(session, document, form)


def receipt_data(session: Session, receipt: str) -> dict[str, Any]:
    """A receipt, by its reference, as data: amounts in rupiah, quantities as decimal strings.

    `total` is what the goods came to; with `rounding` (of cash) it is the paper's total, and what
    the tenders sum to.
    """
    db = session.reading()
    if sale_place(db, receipt) is None:
        repaid = repayment(db, receipt)
        if repaid is not None:
            return _repayment_data(repaid)
    view = receipt_view(db, receipt)
    sale = view.sale
    return {
        "receipt": view.head.receipt,
        "type": view.head.type,
        "business_date": view.head.day,
        "staff": view.head.staff,
        "customer": view.head.customer or None,
        "lines": [
            {
                "line": row.line_no,
                "name": row.name,
                "qty": signed(row.qty),
                "unit": row.unit,
                "price": row.unit_price,
                "gross": row.gross,
                "discount": row.line_discount + row.cart_discount,
                "tax": row.tax,
                "net": row.net,
                "refunded_qty": decimal_string(row.refunded_qty),
            }
            for row in view.lines
        ],
        "gross": sale.gross,
        "discount": sale.discount,
        "tax": sale.tax,
        "rounding": sale.rounding,
        "total": sale.total,
        "change": sale.change,
        "refunded": sale.refunded,
        "ref": sale.ref or None,
        "tenders": [
            {
                "kind": row.kind,
                "amount": row.amount,
                "given": row.given,
                "reference": row.reference or None,
            }
            for row in view.payments
        ],
    }


def _repayment_data(repaid: Repayment) -> dict[str, Any]:
    row = repaid.row
    return {
        "receipt": row.receipt,
        "type": "repayment",
        "business_date": row.day,
        "staff": row.staff,
        "customer": row.customer,
        "account": row.account,
        "total": row.amount,
        "rounding": 0,
        "debt_before": repaid.before,
        "debt": repaid.before - row.amount,
        "note": row.note or None,
        "tenders": [
            {
                "kind": part.kind,
                "amount": part.amount,
                "given": part.given,
                "reference": part.reference or None,
            }
            for part in repaid.tenders
        ],
    }


def show(session: Session, document: Document, form: str) -> None:
    """Write a document in a form."""
    write(session, render(document, form, session.options.columns))  # type: ignore[arg-type]


def write(session: Session, data: bytes) -> None:
    """Write to the file that was named, else to stdout.

    Raises:
        CannotWrite.
    """
    target: Path | None = session.options.out
    if target is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        target.write_bytes(data)
    except OSError as error:
        raise CannotWrite(file=str(target), why=str(error)) from error
    session.say({"file": str(target), "bytes": len(data)}, str(target))


class CannotWrite(Refused):
    """A file could not be written there."""

    code = "cannot_write"


def run_reprint(session: Session) -> None:
    """Print a copy, counted and marked."""
    counter = session.writing()
    receipt = known(session, session.options.number)
    copy, number = reprint(counter, receipt), number_of(receipt)
    session.say({"receipt": number, "copy": copy}, f"{number} SALINAN {copy}")


def signed(qty: int) -> str:
    """Thousandths as a decimal string, with a minus where given back or owed."""
    return f"-{decimal_string(-qty)}" if qty < 0 else decimal_string(qty)
