"""Folding facts about goods and their stock."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from core.facts.base import FieldChange
from core.facts.catalog import (
    BarcodeRecord,
    CatalogImported,
    ImportTakenBack,
    ProductAdded,
    ProductChanged,
    ProductRecord,
    UnitRecord,
)
from core.facts.stock import StockAdjusted, StockReceived
from core.facts.sync import DocumentsMerged, FieldDecided
from core.movements import StockMove, movements
from core.united import Packs, united
from server.db.keyed import rows_by_keys
from server.db.schema import catalog
from server.sync.fold.at import At
from server.sync.fold.books import Books
from server.sync.fold.documents import birth_of_product, text_of
from server.sync.fold.loading import by_keys

_PARTS = by_keys(catalog.catalog_import, "import_id", "n")


def product_added(books: Books, at: At, fact: ProductAdded) -> None:
    """A new product with its opening stock."""
    _born(books, fact.product, b"")
    books.shelves.move(at, books.stock_moves(movements(fact).stock))


def _born(books: Books, record: ProductRecord, import_id: bytes) -> None:
    document = books.documents.get("product", record.product_id)
    shelf = books.shelves.shelf(record.product_id)
    if not document.born(birth_of_product(record)):
        return
    document.fixed = import_id
    shelf.known = 1
    if "cost" not in document.stamps and shelf.cost is None:
        shelf.cost = record.cost


def product_changed(books: Books, at: At, fact: ProductChanged) -> None:
    """Fields of one product."""
    _change(books, at, fact.product_id, fact.changes)


def _change(books: Books, at: At, product_id: bytes, changes: Sequence[FieldChange]) -> None:
    document = books.documents.get("product", product_id)
    shelf = books.shelves.shelf(product_id)
    # The cost is kept with the stock, since receiving goods sets it, too.
    if document.known or shelf.cost is not None:
        document.values["cost"] = text_of(shelf.cost)
    books.documents.change(at, "product", product_id, changes)
    _read_cost(books, product_id)


def _read_cost(books: Books, product_id: bytes) -> None:
    text = books.documents.get("product", product_id).values.get("cost")
    if text is not None:
        shelf = books.shelves.shelf(product_id)
        shelf.cost = msgspec.json.decode(text, type=int | None)


def product_decided(books: Books, at: At, fact: FieldDecided) -> None:
    """The value that stands of a product's field."""
    books.documents.decided(at, fact)
    if fact.field == "cost":
        _read_cost(books, fact.document)


def catalog_imported(books: Books, at: At, fact: CatalogImported) -> None:
    """A part of an import: new goods, opening stock, changes."""
    books.imports.add((fact.import_id, at.n))
    books.documents.load("product", {record.product_id for record in fact.products})
    for record in fact.products:
        _born(books, record, fact.import_id)
    books.shelves.move(at, books.stock_moves(movements(fact).stock))
    for changed in fact.changes:
        _change(books, at, changed.product_id, changed.changes)


def import_taken_back(books: Books, at: At, fact: ImportTakenBack) -> None:
    """An import undone: goods archived and their stock out, changes reversed."""
    parts = [part for n in _numbers(books, fact.import_id) if (part := _part(books, n))]
    goods = {record.product_id for part in parts for record in part.products}
    moves = [
        StockMove(line.product_id, "import_taken_back", line.qty, line.value)
        for line in getattr(fact, "lines", ())
    ]
    if not moves:
        moves = [
            StockMove(key, "import_taken_back", -pool.qty, -pool.value)
            for key in sorted(goods)
            if (pool := books.shelves.shelf(key).pool).qty
        ]
    books.shelves.move(at, books.stock_moves(moves))
    for key in sorted(goods):
        _change(books, at, key, (FieldChange("active", "true", "false"),))
    for part in reversed(parts):
        for changed in part.changes:
            back = tuple(FieldChange(one.field, one.new, one.old) for one in changed.changes)
            _change(books, at, changed.product_id, back)


def _numbers(books: Books, import_id: bytes) -> list[int]:
    here = {row[1] for row in books.imports.rows if row[0] == import_id}
    stored = {row.n for row in rows_by_keys(books.tx, _PARTS, (import_id,))}
    return sorted(here | stored)


def _part(books: Books, n: int) -> CatalogImported | None:
    fact = books.fact_at(n)[1]
    return fact if isinstance(fact, CatalogImported) else None


def stock_received(books: Books, at: At, fact: StockReceived) -> None:
    """Goods in; the product remembers what a base unit cost this time."""
    moves = books.stock_moves(movements(fact).stock)
    _note_unknown(books, at, moves)
    books.shelves.move(at, moves)
    for move in moves:
        if move.qty > 0:
            cost = (move.value or 0) * 1000 // move.qty
            books.shelves.shelf(move.product_id).cost = cost
            books.documents.set_plainly(at, "product", move.product_id, "cost", text_of(cost))


def stock_adjusted(books: Books, at: At, fact: StockAdjusted) -> None:
    """Stock set right."""
    moves = books.stock_moves(movements(fact).stock)
    _note_unknown(books, at, moves)
    books.shelves.move(at, moves)


def _note_unknown(books: Books, at: At, moves: Sequence[StockMove]) -> None:
    if any(not books.shelves.shelf(move.product_id).known for move in moves):
        at.flags.add("unknown_reference")


def products_merged(books: Books, at: At, fact: DocumentsMerged) -> None:
    """Two records of one product: the stock of one goes over to the other."""
    source, target = books.product(fact.source), books.product(fact.target)
    if source == target:
        return
    qty, value = books.shelves.shelf(source).pool
    if qty or value:
        books.shelves.move(
            at,
            (
                StockMove(source, "merged", -qty, -value),
                StockMove(target, "merged", qty, value),
            ),
        )
    books.merge("product", source, target, at.n)
    books.orders.merged(source)
    documents = books.documents
    documents.set_plainly(at, "product", source, "active", "false")
    mine, theirs = _packs(books, source), _packs(books, target)
    both = united(mine, theirs)
    if mine.barcodes:
        documents.set_plainly(at, "product", source, "barcodes", "[]")
    if both.barcodes != theirs.barcodes:
        documents.set_plainly(at, "product", target, "barcodes", text_of(_by_code(both.barcodes)))
    if both.units != theirs.units:
        documents.set_plainly(at, "product", target, "units", text_of(_by_size(both.units)))


def _packs(books: Books, product_id: bytes) -> Packs:
    values = books.documents.get("product", product_id).values
    decode = msgspec.json.decode
    return Packs(
        decode(values.get("unit", '""'), type=str),
        decode(values.get("units", "[]"), type=tuple[UnitRecord, ...]),
        decode(values.get("barcodes", "[]"), type=tuple[BarcodeRecord, ...]),
    )


def _by_code(codes: tuple[BarcodeRecord, ...]) -> list[BarcodeRecord]:
    return sorted(codes, key=lambda one: one.code)


def _by_size(units: tuple[UnitRecord, ...]) -> list[UnitRecord]:
    return sorted(units, key=lambda one: (one.factor, one.unit))
