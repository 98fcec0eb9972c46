"""Carrying out an import plan: all accepted rows in one transaction, and taking it back."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec

from core.errors import Refused
from core.facts.base import FieldChange
from core.facts.catalog import (
    BarcodeRecord,
    CatalogImported,
    ImportedChange,
    ImportTakenBack,
    OpeningStock,
    ProductRecord,
    TierRecord,
    UnitRecord,
)
from core.facts.stock import StockLine
from core.quantity import extend
from core.text import clean_name
from core.text import fold as fold_text
from core.units import is_measured
from pos.catalog.indexing import rebuild
from pos.catalog.products import product_record
from pos.counter import Counter
from pos.db.database import Database
from pos.importing.errors import ImportCancelled
from pos.importing.model import (
    ExistingProduct,
    ImportedTier,
    ImportedUnit,
    ImportPlan,
    ImportRow,
    PlannedRow,
)
from pos.staff.people import require

PART = 100
"""Goods in one fact: who hears of it folds a fact in one transaction."""

CACHE_KIB = 65_536
Progress = Callable[[int, int], None]


class ImportSold(Refused):
    """One of the import's goods was sold: it can only be taken back before that."""

    code = "import_sold"


class UnknownImport(Refused):
    """There is no such import, or it was taken back already."""

    code = "unknown_import"


class Imported(NamedTuple):
    """A carried-out import: its id (empty where nothing had to change), counts of products."""

    import_id: bytes
    added: int
    changed: int


class ShopCatalog:
    """The shop's goods as planning asks for them: read once, answered from memory."""

    def __init__(self, db: Database) -> None:
        """Read all active goods."""
        self._by_code: dict[str, ExistingProduct] = {}
        self._by_name: dict[str, list[ExistingProduct]] = {}
        self._by_barcode: dict[str, list[ExistingProduct]] = {}
        for product in existing_products(db):
            if product.code:
                self._by_code.setdefault(product.code.casefold(), product)
            self._by_name.setdefault(fold_text(product.name), []).append(product)
            for code in (*product.barcodes, *(unit.barcode for unit in product.units)):
                if code:
                    self._by_barcode.setdefault(code, []).append(product)

    def by_barcode(self, barcode: str) -> list[ExistingProduct]:
        """The products that carry this barcode."""
        return self._by_barcode.get(barcode, [])

    def by_code(self, code: str) -> ExistingProduct | None:
        """The product with this code."""
        return self._by_code.get(code.casefold())

    def by_name(self, folded: str) -> list[ExistingProduct]:
        """The products of this folded name."""
        return self._by_name.get(folded, [])


def existing_products(db: Database) -> Iterator[ExistingProduct]:
    """All active goods with what an import could change."""
    codes: dict[bytes, list[tuple[str, str]]] = {}
    for product_id, code, unit in db.rows(
        "SELECT product_id, barcode, unit FROM product_barcode ORDER BY barcode"
    ):
        codes.setdefault(product_id, []).append((code, unit))
    units: dict[bytes, list[Any]] = {}
    for row in db.rows(
        "SELECT product_id, unit, factor, price FROM product_unit ORDER BY factor, unit"
    ):
        units.setdefault(row[0], []).append(row)
    tiers: dict[bytes, list[ImportedTier]] = {}
    for row in db.rows("SELECT product_id, min_qty, price FROM product_tier ORDER BY min_qty"):
        tiers.setdefault(row[0], []).append(ImportedTier(row[1], row[2]))
    for row in db.rows(
        "SELECT id, name, code, category, brand, unit, price, cost, min_stock, stock"
        " FROM product WHERE active=1"
    ):
        mine = codes.get(row[0], [])
        own_units = units.get(row[0], [])
        larger = {unit.unit for unit in own_units}
        yield ExistingProduct(
            id=bytes(row[0]),
            name=row[1],
            code=row[2] or None,
            category=row[3] or None,
            brand=row[4] or None,
            unit=row[5],
            price=row[6],
            cost=row[7],
            barcodes=tuple(code for code, unit in mine if unit not in larger),
            units=tuple(_imported_unit(unit, mine) for unit in own_units),
            tiers=tuple(tiers.get(row[0], ())),
            min_stock=row[8] or None,
            stock=row[9],
        )


def _imported_unit(row: Any, codes: Sequence[tuple[str, str]]) -> ImportedUnit:
    barcode = next((code for code, unit in codes if unit == row.unit), None)
    return ImportedUnit(row.unit, row.factor, row.price, barcode)


def apply_import(
    counter: Counter,
    plan: ImportPlan,
    file_name: str,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Imported:
    """Take all accepted rows of a plan over: in one transaction, or nothing.

    Raises:
        NeedsManager; ImportCancelled: nothing was changed.
    """
    require(counter, "import")
    new = [row for row in plan.rows if row.action == "new" and row.item is not None]
    changed = [row for row in plan.rows if row.action == "changed" and row.product_id]
    if not new and not changed:
        return Imported(b"", 0, 0)
    import_id, rows, name = counter.new_id(), new + changed, clean_name(file_name)
    with _no_collecting(), _roomy(counter.db), counter.transaction() as tx:
        for number, start in enumerate(range(0, len(rows), PART)):
            if cancelled():
                raise ImportCancelled()
            part = rows[start : start + PART]
            tx.append(_part(counter, import_id, number, name, part))
            progress(start + len(part), len(rows))
        rebuild(tx.db)
    return Imported(import_id, len(new), len(changed))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Keep the collector away: it would look through the whole plan again and again.

    One look stops every thread, the window's too, for a fifth of a second; an import leaves
    nothing behind that only the collector could free.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _roomy(db: Database) -> Iterator[None]:
    """Let SQLite keep the indexes that it fills in memory; what it took is given back."""
    before = db.scalar("PRAGMA cache_size")
    db.run(f"PRAGMA cache_size=-{CACHE_KIB}")
    try:
        yield
    finally:
        db.run(f"PRAGMA cache_size={before}")
        db.run("PRAGMA shrink_memory")


def _part(
    counter: Counter, import_id: bytes, number: int, file_name: str, rows: Sequence[PlannedRow]
) -> CatalogImported:
    products: list[ProductRecord] = []
    opening: list[OpeningStock] = []
    changes: list[ImportedChange] = []
    for row in rows:
        if row.action == "new" and row.item is not None:
            record = _new_record(counter, row.item)
            products.append(record)
            if row.item.stock:
                value = extend(record.cost or 0, row.item.stock)
                opening.append(OpeningStock(record.product_id, row.item.stock, value))
        elif row.product_id is not None and row.item is not None:
            fields = _field_changes(counter.db, row.product_id, row)
            if fields:
                changes.append(ImportedChange(row.product_id, fields))
    return CatalogImported(
        import_id, number, file_name, tuple(products), tuple(opening), tuple(changes)
    )


def _new_record(counter: Counter, item: ImportRow) -> ProductRecord:
    unit = item.unit or "pcs"
    return ProductRecord(
        counter.new_id(),
        item.code or "",
        item.name,
        item.category or "",
        item.brand or "",
        unit,
        item.price or 0,
        item.cost,
        min_stock=item.min_stock or 0,
        fractional=is_measured(unit),
        units=tuple(UnitRecord(u.unit, u.factor, u.price) for u in item.units),
        barcodes=_barcode_records(item.barcodes, unit, item.units),
        tiers=tuple(TierRecord(tier.quantity, tier.price) for tier in item.tiers),
    )


def _barcode_records(
    own: Sequence[str], unit: str, units: Sequence[ImportedUnit]
) -> tuple[BarcodeRecord, ...]:
    records = {code: BarcodeRecord(code, unit) for code in own}
    records.update(
        {item.barcode: BarcodeRecord(item.barcode, item.unit) for item in units if item.barcode}
    )
    return tuple(records[code] for code in sorted(records))


def _field_changes(db: Database, product_id: bytes, row: PlannedRow) -> tuple[FieldChange, ...]:
    from pos.catalog.products import field_changes

    old = product_record(db, product_id)
    values: dict[str, Any] = {}
    units: Sequence[ImportedUnit] | None = None
    own: Sequence[str] | None = None
    for change in row.changes:
        if change.field == "units":
            units = change.new  # type: ignore[assignment]
        elif change.field == "barcodes":
            own = change.new  # type: ignore[assignment]
        elif change.field == "tiers":
            tiers: Any = change.new
            values["tiers"] = tuple(TierRecord(tier.quantity, tier.price) for tier in tiers)
        else:
            empty: object = None if change.field == "cost" else ""
            if change.field in ("price", "min_stock"):
                empty = 0
            values[change.field] = empty if change.new is None else change.new
    if units is not None:
        values["units"] = tuple(UnitRecord(u.unit, u.factor, u.price) for u in units)
    if units is not None or own is not None:
        larger = {unit.unit for unit in values.get("units", old.units)}
        base = [code.code for code in old.barcodes if code.unit not in larger]
        kept = [code for code in old.barcodes if code.unit in larger] if units is None else []
        records = _barcode_records(own if own is not None else base, old.unit, units or ())
        values["barcodes"] = tuple(sorted({*records, *kept}, key=lambda record: record.code))
    return field_changes(old, msgspec.structs.replace(old, **values))


class ImportInfo(NamedTuple):
    """An import that was carried out, for the list of imports."""

    id: bytes
    file_name: str
    products: int
    changes: int
    taken_back: bool


def imports(db: Database) -> list[ImportInfo]:
    """All imports, newest first."""
    return [
        ImportInfo(bytes(row[0]), row[1], row[2], row[3], bool(row[4]))
        for row in db.rows(
            "SELECT id, file_name, products, changes, taken_back FROM catalog_import"
            " ORDER BY pos DESC"
        )
    ]


def take_back(counter: Counter, import_id: bytes) -> None:
    """Undo an import whole, until one of its new goods was sold.

    Raises:
        NeedsManager, UnknownImport, ImportSold.
    """
    require(counter, "import")
    taken = counter.db.scalar("SELECT taken_back FROM catalog_import WHERE id=?", (import_id,))
    if taken is None or taken:
        raise UnknownImport()
    sold = counter.db.scalar(
        "SELECT p.name FROM sale_line l JOIN product p ON p.id=l.product_id"
        " WHERE p.import_id=? LIMIT 1",
        (import_id,),
    )
    if sold is not None:
        raise ImportSold(name=sold)
    with counter.transaction() as tx:
        goods = tx.db.rows(
            "SELECT id, stock FROM product WHERE import_id=? AND stock<>0 ORDER BY id",
            (import_id,),
        )
        lines = tuple(StockLine(bytes(row[0]), -row[1]) for row in goods)
        tx.append(ImportTakenBack(import_id, lines))
        rebuild(tx.db)
