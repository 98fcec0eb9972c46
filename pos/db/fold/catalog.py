"""Folding facts about goods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final

from core.contract import UnknownFact, UnreadableFact
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
from core.facts.sync import Carried
from core.movements import StockMove, movements
from core.text import fold as fold_text
from pos.db.fold.fields import Change, change_fields, take_earlier
from pos.db.fold.folding import SAYS, Folding, folding_of, gives_way
from pos.db.fold.late import bind, late_facts, note_late
from pos.db.fold.stock import (
    add_earlier_moves,
    add_earlier_sales,
    meant_moves,
    move_stock,
    note_moves,
)

_INSERT = (
    "INSERT INTO product (id, code, name, sort_name, category, brand, unit, price, cost,"
    " tax_class, min_stock, favourite, fractional, online, active, picture, import_id, halal,"
    " sold, stock, stock_value) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,?,?,?,0,?,?)"
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
        int(record.online),
        record.picture,
        import_id,
        record.halal,
        *stock,
    )


def _insert(
    at: Folding, records: Sequence[ProductRecord], import_id: bytes, moves: Sequence[StockMove]
) -> None:
    """New goods with what lies on their shelf: written at once, for a hundred thousand of them.

    Opening stock of goods that are not new in this fact, or were merged into others before they
    came, is moved like any other.
    """
    moves = meant_moves(at, moves)
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
    add_earlier_moves(at, new)
    add_earlier_sales(at, new)
    _insert_units(at, [(r.product_id, unit) for r in records for unit in r.units])
    _insert_barcodes(at, [(r.product_id, code) for r in records for code in r.barcodes])
    _insert_tiers(at, [(r.product_id, tier) for r in records for tier in r.tiers])
    take_earlier(at, "product", new)


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
    """A new product with its opening stock; one that is here already is born once."""
    known = at.db.tuple_of("SELECT 1 FROM product WHERE id=?", (fact.product.product_id,))
    if known is not None:
        move_stock(at, movements(fact).stock)
        return
    _insert(at, [fact.product], b"", movements(fact).stock)


def product_changed(at: Folding, fact: ProductChanged) -> None:
    """Fields of one product."""
    change_fields(at, "product", fact.product_id, _forward(fact.changes))


def _forward(changes: Iterable[FieldChange]) -> list[Change]:
    return [Change(change.field, change.old, change.new) for change in changes]


def _backward(changes: Iterable[FieldChange]) -> list[Change]:
    return [Change(change.field, change.new, change.old) for change in changes]


def catalog_imported(at: Folding, fact: CatalogImported) -> None:
    """A part of an import: new goods (those that are here already are born once), opening stock,
    changes."""
    note_import(at, fact)
    _insert(at, _unborn(at, fact.products), fact.import_id, movements(fact).stock)
    imported_fields(at, fact)


def _unborn(at: Folding, records: Sequence[ProductRecord]) -> list[ProductRecord]:
    """Those that are not here yet, each once."""
    new: dict[bytes, ProductRecord] = {}
    for record in records:
        new.setdefault(record.product_id, record)
    ids = list(new)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ",".join("?" * len(part))
        for (known,) in at.db.rows(f"SELECT id FROM product WHERE id IN ({marks})", part):
            del new[known]
    return list(new.values())


def note_import(at: Folding, fact: CatalogImported) -> None:
    """A part of an import in the list of imports."""
    at.db.run(
        "INSERT INTO catalog_import (id, pos, file_name, parts, products, changes, taken_back)"
        " VALUES (?,?,?,1,?,?,0) ON CONFLICT (id) DO UPDATE SET parts=parts+1,"
        " products=products+excluded.products, changes=changes+excluded.changes,"
        " pos=min(pos, excluded.pos)",
        (fact.import_id, at.pos, fact.file_name, len(fact.products), len(fact.changes)),
    )
    for then, late in late_facts(at, fact.import_id):
        bind(at, then, fact.import_id)
        if isinstance(late, ImportTakenBack):
            note_taken_back(then, late)


def imported_fields(at: Folding, fact: CatalogImported) -> None:
    """What an import changed on goods that were there."""
    for changed in fact.changes:
        change_fields(at, "product", changed.product_id, _forward(changed.changes))


def import_taken_back(at: Folding, fact: ImportTakenBack) -> None:
    """An import undone: goods archived and their stock out, changes reversed."""
    note_taken_back(at, fact)
    move_stock(at, movements(fact).stock)
    taken_back_fields(at, fact)


def note_taken_back(at: Folding, fact: ImportTakenBack) -> None:
    """An import undone, in the list of imports."""
    row = at.db.tuple_of("SELECT taken_back FROM catalog_import WHERE id=?", (fact.import_id,))
    if row is None:
        note_late(at, fact.import_id)
    back = row[0] if row is not None else 0
    if not back or gives_way(at, back):
        at.db.run("UPDATE catalog_import SET taken_back=? WHERE id=?", (at.pos, fact.import_id))


def taken_back_fields(at: Folding, fact: ImportTakenBack) -> None:
    """The goods of an import leave the lists; what it changed gets its former values."""
    if at.standing == "alone":
        at.db.run("UPDATE product SET active=0 WHERE import_id=?", (fact.import_id,))
    else:
        for row in at.db.rows(
            "SELECT id FROM product WHERE import_id=? ORDER BY id", (fact.import_id,)
        ):
            change_fields(at, "product", bytes(row[0]), (Change("active", None, "false"),))
    for part in reversed(_parts(at, fact.import_id)):
        for changed in part.changes:
            change_fields(at, "product", changed.product_id, _backward(changed.changes))


def imported_goods(at: Folding, import_id: bytes) -> set[bytes]:
    """Goods that an import brought, and those that were there and that it changed."""
    found = at.db.rows("SELECT id FROM product WHERE import_id=?", (import_id,))
    goods = {bytes(row[0]) for row in found}
    if at.db.scalar("SELECT changes FROM catalog_import WHERE id=?", (import_id,)):
        goods.update(one.product_id for part in _parts(at, import_id) for one in part.changes)
    return goods


_PLACES: Final = (
    "SELECT DISTINCT coalesce(c.pos, (SELECT min(t.pos) FROM carried t WHERE t.hash=j.hash"
    " AND t.carrier<>x''), j.pos) AS place"
    " FROM journal j LEFT JOIN carried c ON c.carrier_pos=j.pos"
    f" WHERE j.pos>=? AND j.kind IN ('{CatalogImported.KIND}', '{Carried.KIND}') ORDER BY place"
)
_IS_FOLDED: Final = (
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM waiting WHERE pos=?1) OR EXISTS"
    f" (SELECT 1 FROM feed f WHERE f.order_n IS NOT NULL AND {SAYS.format(place='?1')})"
)


def _parts(at: Folding, import_id: bytes) -> list[CatalogImported]:
    """What of an import counts or waits, each part once, also where it came inside another entry.
    Another import that a disk has damaged is in nobody's way."""
    first = at.db.scalar("SELECT pos FROM catalog_import WHERE id=?", (import_id,))
    parts: list[CatalogImported] = []
    if first is None:
        return parts
    for (place,) in at.db.rows(_PLACES, (first,)):
        if at.standing != "alone" and at.db.tuple_of(_IS_FOLDED, (place,)) is None:
            continue
        with suppress(UnknownFact, UnreadableFact):
            fact = folding_of(at.db, place)[1]
            if isinstance(fact, CatalogImported) and fact.import_id == import_id:
                parts.append(fact)
    return parts
