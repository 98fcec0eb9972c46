"""Commands about goods: import, list, add, set, stock."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import msgspec

from core.errors import Refused
from core.facts.catalog import BarcodeRecord, ProductRecord, TierRecord, UnitRecord
from core.facts.stock import StockLine
from core.gtin import display_form
from core.money import format_rupiah
from core.quantity import decimal_string, parse_quantity
from pos.catalog.goods import by_barcode, by_code, resolve
from pos.catalog.importing import ShopCatalog, apply_import, imports, take_back
from pos.catalog.listing import product_rows
from pos.catalog.pictures import picture_from
from pos.catalog.products import add_product, archive_product, change_product, product_record
from pos.cli.arguments import command, group, rupiah, whole
from pos.cli.exits import DONE
from pos.cli.session import Session, UsageError
from pos.counter import Counter
from pos.importing.model import Choices, PlannedRow
from pos.messages import reason_sentence
from pos.stock.moving import REASONS, adjust, receive


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    brought = command(commands, "import", "Impor daftar barang / import goods", run_import)
    brought.add_argument("file", type=Path, metavar="FILE")
    brought.add_argument("--dry-run", action="store_true")
    brought.add_argument("--refused", type=Path, metavar="OUT.xlsx")
    command(commands, "imports", "Daftar impor / list imports", run_imports)
    undone = command(commands, "import-undo", "Batalkan impor / take an import back", run_undo)
    undone.add_argument("id", metavar="ID")

    listed = command(commands, "products", "Daftar barang / list goods", run_products)
    listed.add_argument("--search", default="", metavar="TEXT")
    listed.add_argument("--limit", type=whole, default=0, metavar="N")

    product = group(commands, "product", "Barang: tambah, ubah / add, set")
    new = command(product, "add", "Tambah barang / add a product", run_add)
    new.add_argument("--name", required=True)
    new.add_argument("--price", type=rupiah, required=True, metavar="RP")
    new.add_argument("--stock", default="0", metavar="QTY")
    _fields(new)
    change = command(product, "set", "Ubah barang / change a product", run_set)
    change.add_argument("product", metavar="CODE|BARCODE|ID")
    change.add_argument("--name")
    change.add_argument("--price", type=rupiah, metavar="RP")
    change.add_argument("--active", choices=("yes", "no"))
    change.add_argument("--no-picture", action="store_true", help="hapus gambar / drop the picture")
    _fields(change)

    stock = group(commands, "stock", "Stok: terima, sesuaikan / receive, adjust")
    came = command(stock, "receive", "Terima barang / receive goods", run_receive)
    came.add_argument("product", metavar="CODE|BARCODE|ID")
    came.add_argument("qty", metavar="QTY")
    came.add_argument("--cost", type=rupiah, required=True, metavar="RP", help="harga seluruhnya")
    came.add_argument("--supplier", default="")
    fixed = command(stock, "adjust", "Sesuaikan stok / adjust stock", run_adjust)
    fixed.add_argument("product", metavar="CODE|BARCODE|ID")
    fixed.add_argument("qty", metavar="QTY", help="-2 atau 2 / -2 or 2")
    fixed.add_argument("--reason", choices=REASONS, required=True)
    fixed.add_argument("--note", default="")


def _fields(parser: Any) -> None:
    parser.add_argument("--code")
    parser.add_argument("--category")
    parser.add_argument("--brand")
    parser.add_argument("--unit")
    parser.add_argument("--cost", type=rupiah, metavar="RP")
    parser.add_argument("--min-stock", metavar="QTY")
    parser.add_argument("--tax-class")
    parser.add_argument("--barcode", action="append", metavar="CODE[=UNIT]")
    parser.add_argument("--pack", action="append", metavar="UNIT:FACTOR[:PRICE]")
    parser.add_argument("--tier", action="append", metavar="QTY:PRICE")
    parser.add_argument("--favourite", choices=("yes", "no"))
    parser.add_argument(
        "--online", choices=("yes", "no"), help="dijual di gerai online / sold in the online shop"
    )
    parser.add_argument(
        "--halal",
        metavar="VALUE",
        help="toko, tidak, - , nomor sertifikat, '' = seperti kategorinya"
        " / in the shop's certificate, not halal, not said, a number, as its category",
    )
    parser.add_argument("--picture", type=Path, metavar="FILE", help="PNG, JPG, WebP")


def run_import(session: Session) -> int:
    """Import a goods list, or only say what it would do."""
    from pos.importing.headings import propose_mapping
    from pos.importing.planning import plan
    from pos.importing.process import read_in_process
    from pos.importing.refused import save_refused

    options = session.options
    table = read_in_process(options.file)
    mapping = propose_mapping(table)
    db = session.reading() if options.dry_run else session.writing().db
    made = plan(table, mapping, ShopCatalog(db), Choices())
    if not options.dry_run:
        apply_import(session.writing(), made, options.file.name)
    if options.refused is not None:
        heading = "Alasan" if session.language == "id" else "Reason"
        save_refused(
            table,
            made,
            options.refused,
            lambda reason: reason_sentence(reason, session.language),
            heading,
        )
    answer = {
        **msgspec.to_builtins(made.counts),
        "rows": [_row(row, session.language) for row in made.rows],
    }
    counts = made.counts
    session.say(
        answer,
        f"baru {counts.new}, berubah {counts.changed}, tetap {counts.unchanged},"
        f" perlu dilihat {counts.warned}, ditolak {counts.refused}",
    )
    return DONE


def _row(row: PlannedRow, language: str) -> dict[str, Any]:
    reasons = [reason_sentence(reason, language) for reason in row.reasons]
    return {
        "row": row.row,
        "status": row.verdict,
        "action": row.action,
        "name": row.name or (row.item.name if row.item else ""),
        "reason": " ".join(reasons),
        "codes": [reason.code for reason in row.reasons],
    }


def run_imports(session: Session) -> None:
    """List imports, newest first."""
    for item in imports(session.reading()):
        answer = {
            "id": item.id.hex(),
            "file": item.file_name,
            "new": item.products,
            "changed": item.changes,
            "taken_back": item.taken_back,
        }
        session.line(answer, f"{item.id.hex()}\t{item.file_name}\t{item.products}")


def run_undo(session: Session) -> None:
    """Take an import back."""
    take_back(session.writing(), _hex(session.options.id))
    session.say({"taken_back": session.options.id}, session.options.id)


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise UsageError(why=text) from error


def run_products(session: Session) -> None:
    """List goods, one object a line."""
    options = session.options
    if options.limit < 0:
        raise UsageError(why="--limit")
    for row in product_rows(session.reading(), options.search, options.limit):
        answer = {
            "id": row.id.hex(),
            "code": row.code,
            "name": row.name,
            "barcodes": [display_form(code) for code in row.barcodes],
            "unit": row.unit,
            "price": row.price,
            "cost": row.cost,
            "stock": decimal_string(row.stock),
            "category": row.category,
            "active": row.active,
        }
        session.line(answer, f"{row.code}\t{row.name}\t{format_rupiah(row.price)}")


def find_product(counter: Counter, text: str) -> bytes:
    """The product of a code, barcode or id.

    Raises:
        UnknownProduct, AmbiguousCode.
    """
    if len(text) == 32:
        try:
            product_id = bytes.fromhex(text)
        except ValueError:
            product_id = b""
        if counter.db.scalar("SELECT 1 FROM product WHERE id=?", (product_id,)):
            return product_id
    found = by_code(counter.db, text) or by_barcode(counter.db, text)
    return resolve(counter.db, found, text).product_id


def _changed(base: ProductRecord, options: Any) -> ProductRecord:
    values: dict[str, Any] = {}
    for name in (
        "name",
        "price",
        "code",
        "category",
        "brand",
        "unit",
        "cost",
        "tax_class",
        "halal",
    ):
        given = getattr(options, name)
        if given is not None:
            values[name] = given
    if options.min_stock is not None:
        values["min_stock"] = parse_quantity(options.min_stock)
    if options.favourite is not None:
        values["favourite"] = options.favourite == "yes"
    if options.online is not None:
        values["online"] = options.online == "yes"
    unit = values.get("unit", base.unit)
    if options.barcode:
        pairs = [text.partition("=") for text in options.barcode]
        values["barcodes"] = tuple(BarcodeRecord(code, own or unit) for code, _, own in pairs)
    if options.pack:
        values["units"] = tuple(_pack(text) for text in options.pack)
    if options.tier:
        values["tiers"] = tuple(_tier(text) for text in options.tier)
    return msgspec.structs.replace(base, **values)


def _pack(text: str) -> UnitRecord:
    parts = text.split(":")
    if len(parts) not in (2, 3) or not parts[1].isdecimal():
        raise UsageError(why=text)
    try:
        factor = whole(parts[1])
    except argparse.ArgumentTypeError as error:
        raise UsageError(why=text[:40]) from error
    return UnitRecord(parts[0], factor, rupiah(parts[2]) if len(parts) == 3 else None)


def _tier(text: str) -> TierRecord:
    qty, _, price = text.partition(":")
    try:
        return TierRecord(parse_quantity(qty), rupiah(price))
    except (Refused, argparse.ArgumentTypeError) as error:
        raise UsageError(why=text) from error


def run_add(session: Session) -> None:
    """Add a product."""
    options = session.options
    base = ProductRecord(b"", "", "", "", "", options.unit or "pcs", 0)
    record = _changed(base, options)
    picture = picture_from(options.picture) if options.picture else b""
    product_id = add_product(
        session.writing(), record, parse_quantity(options.stock), picture=picture
    )
    session.say({"id": product_id.hex(), "name": record.name}, record.name)


def run_set(session: Session) -> None:
    """Change a product."""
    options = session.options
    if options.picture and options.no_picture:
        raise UsageError(why="--picture --no-picture")
    picture = picture_from(options.picture) if options.picture else b""
    counter = session.writing()
    product_id = find_product(counter, options.product)
    record = _changed(product_record(counter.db, product_id), options)
    if options.no_picture:
        record = msgspec.structs.replace(record, picture=b"")
    changed = change_product(counter, record, picture=picture)
    if options.active is not None:
        archive_product(counter, product_id, active=options.active == "yes")
    answer = {
        "id": product_id.hex(),
        "changed": changed,
        "picture": product_record(counter.db, product_id).picture.hex(),
    }
    session.say(answer, record.name)


def run_receive(session: Session) -> None:
    """Receive goods at what they cost in all."""
    options = session.options
    counter = session.writing()
    product_id = find_product(counter, options.product)
    line = StockLine(product_id, parse_quantity(options.qty), options.cost)
    receive(counter, [line], options.supplier)
    _say_stock(session, counter, product_id)


def run_adjust(session: Session) -> None:
    """Set stock right."""
    options = session.options
    counter = session.writing()
    product_id = find_product(counter, options.product)
    sign = -1 if options.qty.startswith("-") else 1
    qty = sign * parse_quantity(options.qty.lstrip("-+"))
    adjust(counter, product_id, qty, options.reason, options.note)
    _say_stock(session, counter, product_id)


def _say_stock(session: Session, counter: Counter, product_id: bytes) -> None:
    row = counter.db.one("SELECT name, stock, stock_value FROM product WHERE id=?", (product_id,))
    stock = decimal_string(row[1]) if row else "0"
    answer = {"id": product_id.hex(), "stock": stock, "value": row[2] if row else 0}
    session.say(answer, f"{row[0] if row else ''}\t{stock}")
