"""Folding facts about goods."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from core.contract import decode_body
from core.facts.base import FieldChange
from core.facts.catalog import (
    BarcodeRecord,
    CatalogImported,
    ImportTakenBack,
    ProductAdded,
    ProductChanged,
    ProductRecord,
    TierRecord,
    UnitRecord,
)
from core.movements import StockMove, movements
from core.text import fold as fold_text
from pos.db.fold.folding import Folding, update_fields
from pos.db.fold.stock import move_stock, note_moves

_COLUMNS = frozenset(
    {
        "code",
        "name",
        "sort_name",
        "category",
        "brand",
        "unit",
        "price",
        "cost",
        "tax_class",
        "min_stock",
        "favourite",
        "fractional",
        "active",
        "picture",
    }
)
_INSERT = (
    "INSERT INTO product (id, code, name, sort_name, category, brand, unit, price, cost,"
    " tax_class, min_stock, favourite, fractional, active, picture, import_id, sold, stock,"
    " stock_value) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,1,?,?,0,?,?)"
)


def sort_name(name: str) -> str:
    """What lists are sorted by: folded, so that case and accents do not scatter names."""
    return fold_text(name)


def _product_row(
    record: ProductRecord, import_id: bytes, stock: tuple[int, int]
) -> tuple[object, ...]:
    return (
        record.product_id,
        record.code,
        record.name,
        sort_name(record.name),
        record.category,
        record.brand,
        record.unit,
        record.price,
        record.cost,
        record.tax_class,
        record.min_stock,
        int(record.favourite),
        int(record.fractional),
        record.picture,
        import_id,
        *stock,
    )


def _insert(
    at: Folding, records: Sequence[ProductRecord], import_id: bytes, moves: Sequence[StockMove]
) -> None:
    """New goods with what lies on their shelf: written at once, for a hundred thousand of them.

    Opening stock of goods that are not new in this fact is moved like any other.
    """
    opening = {move.product_id: (move.qty, move.value or 0) for move in moves}
    new = {record.product_id for record in records}
    whole = len(opening) == len(moves) and opening.keys() <= new
    nothing = (0, 0)
    at.db.many(
        _INSERT,
        [
            _product_row(
                record, import_id, opening.get(record.product_id, nothing) if whole else nothing
            )
            for record in records
        ],
    )
    if whole:
        note_moves(at, moves)
    else:
        move_stock(at, moves)
    _insert_units(at, [(r.product_id, unit) for r in records for unit in r.units])
    _insert_barcodes(at, [(r.product_id, code) for r in records for code in r.barcodes])
    _insert_tiers(at, [(r.product_id, tier) for r in records for tier in r.tiers])


def _insert_units(at: Folding, units: Sequence[tuple[bytes, UnitRecord]]) -> None:
    at.db.many(
        "INSERT OR REPLACE INTO product_unit (product_id, unit, factor, price) VALUES (?,?,?,?)",
        [(product_id, unit.unit, unit.factor, unit.price) for product_id, unit in units],
    )


def _insert_barcodes(at: Folding, barcodes: Sequence[tuple[bytes, BarcodeRecord]]) -> None:
    at.db.many(
        "INSERT OR REPLACE INTO product_barcode (barcode, product_id, unit) VALUES (?,?,?)",
        [(code.code, product_id, code.unit) for product_id, code in barcodes],
    )


def _insert_tiers(at: Folding, tiers: Sequence[tuple[bytes, TierRecord]]) -> None:
    at.db.many(
        "INSERT OR REPLACE INTO product_tier (product_id, min_qty, price) VALUES (?,?,?)",
        [(product_id, tier.min_qty, tier.price) for product_id, tier in tiers],
    )


def product_added(at: Folding, fact: ProductAdded) -> None:
    """A new product with its opening stock."""
    _insert(at, [fact.product], b"", movements(fact).stock)


def product_changed(at: Folding, fact: ProductChanged) -> None:
    """Fields of one product."""
    apply_changes(at, fact.product_id, fact.changes, newest=True)


def apply_changes(
    at: Folding, product_id: bytes, changes: Sequence[FieldChange], *, newest: bool
) -> None:
    """Set fields to their new values, or (taken back) to the ones they replaced."""
    columns: dict[str, object] = {}
    for change in changes:
        text = change.new if newest else change.old
        if change.field == "units":
            at.db.run("DELETE FROM product_unit WHERE product_id=?", (product_id,))
            units = msgspec.json.decode(text, type=list[UnitRecord])
            _insert_units(at, [(product_id, unit) for unit in units])
        elif change.field == "barcodes":
            at.db.run("DELETE FROM product_barcode WHERE product_id=?", (product_id,))
            codes = msgspec.json.decode(text, type=list[BarcodeRecord])
            _insert_barcodes(at, [(product_id, code) for code in codes])
        elif change.field == "tiers":
            at.db.run("DELETE FROM product_tier WHERE product_id=?", (product_id,))
            tiers = msgspec.json.decode(text, type=list[TierRecord])
            _insert_tiers(at, [(product_id, tier) for tier in tiers])
        else:
            columns[change.field] = _column_value(change.field, text)
    if "name" in columns:
        columns["sort_name"] = sort_name(str(columns["name"]))
    update_fields(at, "product", product_id, columns, _COLUMNS)


def _column_value(field: str, text: str) -> object:
    if field == "picture":
        return msgspec.json.decode(text, type=bytes)
    value = msgspec.json.decode(text)
    return int(value) if isinstance(value, bool) else value


def catalog_imported(at: Folding, fact: CatalogImported) -> None:
    """A part of an import: new goods, opening stock, changes."""
    at.db.run(
        "INSERT INTO catalog_import (id, pos, file_name, parts, products, changes, taken_back)"
        " VALUES (?,?,?,1,?,?,0) ON CONFLICT (id) DO UPDATE SET parts=parts+1,"
        " products=products+excluded.products, changes=changes+excluded.changes",
        (fact.import_id, at.pos, fact.file_name, len(fact.products), len(fact.changes)),
    )
    _insert(at, fact.products, fact.import_id, movements(fact).stock)
    for changed in fact.changes:
        apply_changes(at, changed.product_id, changed.changes, newest=True)


def import_taken_back(at: Folding, fact: ImportTakenBack) -> None:
    """An import undone: goods archived and their stock out, changes reversed."""
    at.db.run("UPDATE catalog_import SET taken_back=? WHERE id=?", (at.pos, fact.import_id))
    goods = at.db.rows(
        "SELECT id, stock, stock_value FROM product WHERE import_id=? ORDER BY id",
        (fact.import_id,),
    )
    move_stock(
        at,
        [StockMove(row[0], "import_taken_back", -row[1], -row[2]) for row in goods if row[1]],
    )
    at.db.run("UPDATE product SET active=0 WHERE import_id=?", (fact.import_id,))
    for part in reversed(_parts(at, fact.import_id)):
        for changed in part.changes:
            apply_changes(at, changed.product_id, changed.changes, newest=False)


def _parts(at: Folding, import_id: bytes) -> list[CatalogImported]:
    first = at.db.scalar("SELECT pos FROM catalog_import WHERE id=?", (import_id,)) or 0
    parts: list[CatalogImported] = []
    for row in at.db.rows(
        "SELECT kind, version, body FROM journal WHERE pos>=? AND pos<? AND"
        " kind='catalog_imported' ORDER BY pos",
        (first, at.pos),
    ):
        _, fact = decode_body(row[0], row[1], row[2])
        if isinstance(fact, CatalogImported) and fact.import_id == import_id:
            parts.append(fact)
    return parts
