"""What a print job's bytes are: the document it names, laid out for its printer."""

from __future__ import annotations

import msgspec

from core.errors import Refused
from core.receipt import Block, Document, Feed, Pair, Qr, Rule, Text, Weave
from pos.db.database import Database
from pos.printing.enqueue import JobRow
from pos.printing.printers import Printer
from pos.printing.rendering import render
from pos.receipts.documents import receipt_document
from pos.receipts.reports import z_document
from pos.receipts.slips import cash_moved_document
from pos.shop.settings import Settings, load_settings


class UnknownPaper(Refused):
    """A job of a kind that this program does not print."""

    code = "unknown_paper"


def render_job(db: Database, row: JobRow, device: Printer) -> bytes:
    """A job's bytes for its printer.

    Raises:
        Refused: the job names something that is not here.
    """
    settings = load_settings(db)
    return render(_document(db, settings, row, device), "escpos", device.columns, device.settings())


def _document(db: Database, settings: Settings, row: JobRow, device: Printer) -> Document:
    if row.payload is not None:
        return msgspec.msgpack.decode(row.payload, type=Document)
    if row.kind == "receipt":
        return receipt_document(db, settings, row.ref, row.copy)
    if row.kind == "zreport":
        return z_document(db, settings, row.ref)
    if row.kind == "cash" and row.ref.isdecimal():
        return cash_moved_document(db, settings, int(row.ref))
    if row.kind == "test":
        return test_document(settings, device)
    raise UnknownPaper(kind=row.kind)


def test_document(settings: Settings, device: Printer) -> Document:
    """The test page: shows width, letters, figures, a QR code, and where the paper is cut."""
    ruler = "".join(str(place % 10) for place in range(1, device.columns + 1))
    blocks: tuple[Block, ...] = (
        Text(settings.shop_name or "Huyula", "centre", bold=True, big=True),
        Weave(),
        Text(device.name, "centre"),
        Text(device.connection, "centre"),
        Rule(),
        Text(ruler),
        Pair("Rp 1.250.000.000", f"{device.columns}", bold=True),
        Pair("TOTAL", "Rp 72.500", big=True),
        Text("]Aa-/.:1"),
        Qr("HUYULA TEST"),
        Feed(),
        Text("Baik" if settings.language == "id" else "Good", "centre"),
    )
    return Document("test", blocks)
