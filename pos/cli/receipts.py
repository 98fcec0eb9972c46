"""Commands about receipts and reports: refund, list, show, X and Z, sales, stock."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from core.errors import Refused
from core.money import format_rupiah
from core.quantity import decimal_string, parse_quantity
from core.receipt import Document
from pos.cli.arguments import command, group
from pos.cli.session import Session, UsageError
from pos.printing.rendering import render
from pos.receipts.documents import receipt_document
from pos.receipts.listing import find_receipts, receipt_view
from pos.receipts.reports import find_z, x_document, z_document, z_fact
from pos.reports.sales import BYS, report_sales
from pos.reports.shift import shift_figures
from pos.reports.stock import report_stock
from pos.selling.corrections import reprint
from pos.selling.refunds import Return, all_lines, make_refund, sold
from pos.shifts.open_shift import NoShift, open_shift
from pos.shop.settings import load_settings
from pos.staff.people import may, require

FORMATS = ("text", "json", "pdf", "png", "escpos")


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    refund = command(commands, "refund", "Kembalikan barang / refund", run_refund)
    refund.add_argument("receipt", metavar="RECEIPT")
    refund.add_argument("--line", type=int, action="append", default=[], metavar="N")
    refund.add_argument("--qty", action="append", default=[], metavar="Q")
    refund.add_argument("--reason", required=True, metavar="T")
    refund.add_argument("--to", choices=("stock", "waste"), default="stock")
    refund.add_argument("--cash", action="store_true", help="tunai saja / all in cash")

    listed = command(commands, "receipts", "Daftar struk / list receipts", run_receipts)
    listed.add_argument("--from", dest="first", default="", metavar="D")
    listed.add_argument("--to", dest="last", default="", metavar="D")
    listed.add_argument("--search", default="", metavar="NUMBER")
    listed.add_argument("--product", default="", metavar="TEXT")

    shown = command(commands, "receipt", "Satu struk / one receipt", run_receipt)
    shown.add_argument("number", metavar="NUMBER")
    _output(shown)
    again = command(commands, "reprint", "Cetak salinan / print a copy", run_reprint)
    again.add_argument("number", metavar="NUMBER")

    report = group(commands, "report", "Laporan / reports")
    x_report = command(report, "x", "Laporan X / X report", run_x)
    _output(x_report)
    z_report = command(report, "z", "Laporan Z / Z report", run_z)
    z_report.add_argument("number", nargs="?", default="", metavar="N")
    _output(z_report)
    sales = command(report, "sales", "Penjualan / sales", run_sales)
    sales.add_argument("--from", dest="first", required=True, metavar="D")
    sales.add_argument("--to", dest="last", required=True, metavar="D")
    sales.add_argument("--by", choices=BYS, default="day")
    command(report, "stock", "Stok / stock", run_stock)


def _output(parser: Any) -> None:
    parser.add_argument("--format", choices=FORMATS)
    parser.add_argument("--out", type=Path, metavar="FILE")
    parser.add_argument("--columns", type=int, choices=(32, 42, 48), default=32)


def _returns(session: Session, receipt: str) -> list[Return]:
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
    returns = _returns(session, options.receipt)
    done = make_refund(
        session.writing(), options.receipt, returns, options.reason, cash_instead=options.cash
    )
    amount = -(done.total + done.rounding)
    view = receipt_view(session.writing().db, done.receipt)
    answer = {
        "receipt": done.receipt,
        "refunded": options.receipt,
        "total": done.total,
        "amount": amount,
        "tenders": [{"kind": row.kind, "amount": row.amount} for row in view.payments],
    }
    session.say(answer, f"{done.receipt}: {format_rupiah(amount)}")


def _day(text: str) -> str:
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
        first=_day(options.first),
        last=_day(options.last),
        product=options.product,
        limit=-1,
    )
    for row in reversed(found):
        answer = {
            "receipt": row.receipt,
            "total": row.total,
            "business_date": row.day,
            "staff": row.staff,
            "refunded": row.refunded,
            "type": row.type,
            "customer": row.customer or None,
        }
        session.line(answer, f"{row.receipt}\t{row.day}\t{format_rupiah(row.total)}")


def run_receipt(session: Session) -> None:
    """Show one receipt in a format."""
    options = session.options
    db = session.reading()
    form = options.format or ("json" if session.json else "text")
    if form == "json":
        _write(session, msgspec.json.encode(receipt_data(session, options.number)) + b"\n")
        return
    document = receipt_document(db, load_settings(db), options.number)
    _show(session, document, form)


def receipt_data(session: Session, number: str) -> dict[str, Any]:
    """A receipt as data: amounts in rupiah, quantities as decimal strings."""
    view = receipt_view(session.reading(), number)
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
                "qty": _signed(row.qty),
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


def _show(session: Session, document: Document, form: str) -> None:
    _write(session, render(document, form, session.options.columns))  # type: ignore[arg-type]


def _write(session: Session, data: bytes) -> None:
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
    number = session.options.number
    copy = reprint(session.writing(), number)
    session.say({"receipt": number, "copy": copy}, f"{number} SALINAN {copy}")


def run_x(session: Session) -> None:
    """The figures of the open shift so far."""
    counter = session.writing()
    shift = open_shift(counter.db)
    if shift is None:
        raise NoShift()
    show = may(counter, "see_expected_cash")
    options = session.options
    if options.format not in (None, "json") or (not session.json and options.format is None):
        document = x_document(counter.db, counter.settings, shift, show_cash=show)
        _show(session, document, options.format or "text")
        return
    figures = msgspec.to_builtins(shift_figures(counter.db, shift.id))
    figures.pop("to_tick")
    if not show:
        for name in ("expected", "cash_sales", "cash_refunds", "swapped_cash", "repaid_cash"):
            figures.pop(name)
        figures["totals"] = [row for row in figures["totals"] if row[0] != "cash"]
    figures["totals"] = [
        {"kind": kind, "count": count, "amount": amount}
        for kind, count, amount in figures["totals"]
    ]
    _write(session, msgspec.json.encode(figures) + b"\n")


def run_z(session: Session) -> None:
    """A Z report as kept: the last one, or one by its number."""
    db = session.reading()
    options = session.options
    if options.format in (None, "json") and (session.json or options.format == "json"):
        row = find_z(db, options.number)
        fact = z_fact(row)
        answer = {
            "z": fact.z_number,
            "name": row.device_z,
            "business_date": row.day,
            "expected": fact.expected,
            "counted": fact.counted,
            "difference": fact.counted - fact.expected,
            "sales": fact.sales,
            "refunds": fact.refunds,
            "gross": fact.gross,
            "discount": fact.discount,
            "tax": fact.tax,
            "rounding": fact.rounding,
            "net": fact.net,
            "tenders": [
                {"kind": item.kind, "count": item.count, "amount": item.amount}
                for item in fact.totals
            ],
            "first_receipt": fact.first_receipt,
            "last_receipt": fact.last_receipt,
            "note": fact.note,
            "seal": row.seal_words,
            "head": row.head_hash.hex(),
        }
        _write(session, msgspec.json.encode(answer) + b"\n")
        return
    document = z_document(db, load_settings(db), options.number)
    _show(session, document, options.format or "text")


def run_sales(session: Session) -> None:
    """Sales grouped as asked, one object a line."""
    options = session.options
    counter = session.writing()
    require(counter, "see_reports")
    rows = report_sales(
        counter.db, _day(options.first), _day(options.last), options.by, counter.settings.zone
    )
    cost = may(counter, "see_cost")
    for row in rows:
        answer = row._asdict() | {"qty": _signed(row.qty)}
        answer["total"] = row.net
        if not cost:
            answer.pop("cost")
            answer.pop("profit")
        session.line(answer, f"{row.label}\t{row.count}\t{format_rupiah(row.net)}")


def run_stock(session: Session) -> None:
    """Stock of all goods, one object a line."""
    for row in report_stock(session.reading()):
        answer = {
            "id": row.id.hex(),
            "code": row.code,
            "name": row.name,
            "unit": row.unit,
            "stock": _signed(row.stock),
            "value": row.value,
            "state": row.state,
        }
        session.line(answer, f"{row.name}\t{answer['stock']} {row.unit}")


def _signed(qty: int) -> str:
    return f"-{decimal_string(-qty)}" if qty < 0 else decimal_string(qty)
