"""Commands about reports: X and Z, sales, stock."""

from __future__ import annotations

from typing import Any

import msgspec

from core.errors import Refused
from core.money import format_rupiah
from pos.cli.arguments import command, group
from pos.cli.receipts import add_output, read_day, show, signed, write
from pos.cli.session import Session
from pos.receipts.reports import find_z, x_document, z_document, z_fact
from pos.receipts.sales_paper import sales_document
from pos.reports.sales import BYS, ReportRow, SalesReport, read_sales
from pos.reports.shift import blind_figures, shift_figures
from pos.reports.stock import report_stock
from pos.shifts.open_shift import NoShift, open_shift
from pos.shop.settings import load_settings
from pos.staff.people import may, require


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    report = group(commands, "report", "Laporan / reports")
    x_report = command(report, "x", "Laporan X / X report", run_x)
    add_output(x_report)
    z_report = command(report, "z", "Laporan Z / Z report", run_z)
    z_report.add_argument("number", nargs="?", default="", metavar="N")
    add_output(z_report)
    sales = command(report, "sales", "Penjualan / sales", run_sales)
    sales.add_argument("--from", dest="first", required=True, metavar="D")
    sales.add_argument("--to", dest="last", required=True, metavar="D")
    sales.add_argument("--by", choices=BYS, default="day")
    sales.add_argument(
        "--without-cost", action="store_true", help="barang tanpa harga beli / goods without cost"
    )
    add_output(sales)
    command(report, "stock", "Stok / stock", run_stock)


def run_x(session: Session) -> None:
    """The figures of the open shift so far."""
    counter = session.writing()
    shift = open_shift(counter.db)
    if shift is None:
        raise NoShift()
    sees = may(counter, "see_expected_cash")
    options = session.options
    if options.format not in (None, "json") or (not session.json and options.format is None):
        document = x_document(counter.db, counter.settings, shift, show_cash=sees)
        show(session, document, options.format or "text")
        return
    reckoned = shift_figures(counter.db, shift.id)
    figures = msgspec.to_builtins(reckoned if sees else blind_figures(reckoned))
    figures.pop("to_tick", None)
    figures["totals"] = [
        {"kind": kind, "count": count} | ({} if amount is None else {"amount": amount})
        for kind, count, amount in figures["totals"]
    ]
    write(session, msgspec.json.encode(figures) + b"\n")


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
        write(session, msgspec.json.encode(answer) + b"\n")
        return
    document = z_document(db, load_settings(db), options.number)
    show(session, document, options.format or "text")


def run_sales(session: Session) -> None:
    """Sales grouped as asked, one object a line; or the whole report as paper."""
    options = session.options
    counter = session.writing()
    report = read_sales(counter, read_day(options.first), read_day(options.last), options.by)
    if options.without_cost:
        require(counter, "see_cost")
    if report.unseen:
        session.warn(ShiftUnseen())
    if report.missing is not None:
        amount = format_rupiah(report.missing.total)
        session.warn(SalesMissing(count=report.missing.sales, amount=amount))
    rows = report.without_cost if options.without_cost else report.rows
    if options.format == "json":
        lines = [msgspec.json.encode(_sold(row, report)) + b"\n" for row in rows]
        write(session, b"".join(lines))
    elif options.format is not None:
        show(session, sales_document(counter.settings, report), options.format)
    else:
        for row in rows:
            text = f"{row.label}\t{row.count}\t{format_rupiah(row.net)}"
            session.line(_sold(row, report), text)
        count, net = report.uncosted
        if count and report.shows_cost and not session.json:
            print(f"Tanpa harga beli / without cost\t{count}\t{format_rupiah(net)}")


def _sold(row: ReportRow, report: SalesReport) -> dict[str, Any]:
    answer = row._asdict() | {"qty": signed(row.qty), "total": row.net}
    if not report.shows_cost:
        for name in ("cost", "profit", "uncosted", "uncosted_net"):
            answer.pop(name)
    return answer


class SalesMissing(Refused):
    """Older sales of the period are not here yet: said, not refused."""

    code = "sales_missing"


class ShiftUnseen(Refused):
    """The open shift is left out of the report: said, not refused."""

    code = "shift_unseen"


def run_stock(session: Session) -> None:
    """Stock of all goods, one object a line."""
    for row in report_stock(session.reading()):
        answer = {
            "id": row.id.hex(),
            "code": row.code,
            "name": row.name,
            "unit": row.unit,
            "stock": signed(row.stock),
            "value": row.value,
            "state": row.state,
        }
        session.line(answer, f"{row.name}\t{answer['stock']} {row.unit}")
