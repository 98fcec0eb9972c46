"""Which goods facts touch: for the search index beside them, and for what goods cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from core.facts.base import Fact
from core.facts.catalog import CatalogImported, ImportTakenBack, ProductAdded, ProductChanged
from core.facts.customers import CustomerChanged
from core.facts.stock import StockReceived
from core.facts.sync import DocumentsMerged, FieldDecided, KasbonAllotted
from core.movements import movements
from pos.db.database import Database
from pos.db.fold.catalog import imported_goods
from pos.db.fold.folding import Folding

MOST_TAKEN_BACK: Final = 100
"""Goods of an import that are taken back on the spot."""


def touched_goods(facts: Iterable[tuple[Folding, Fact]]) -> set[bytes]:
    """Goods whose names, codes or place in the lists may have changed."""
    found: set[bytes] = set()
    for at, fact in facts:
        match fact:
            case ProductAdded():
                found.add(fact.product.product_id)
            case ProductChanged():
                found.add(fact.product_id)
            case CatalogImported():
                found.update(record.product_id for record in fact.products)
                found.update(changed.product_id for changed in fact.changes)
            case ImportTakenBack():
                found.update(imported_goods(at, fact.import_id))
            case FieldDecided() if fact.table == "product":
                found.add(fact.document)
            case DocumentsMerged() if fact.table == "product":
                found.update((fact.source, fact.target))
    return found


def takes_long(db: Database, fact: Fact) -> bool:
    """Whether to fold a fact would hold the writer for long: an import of many goods is taken back
    by one, however many parts brought them."""
    if not isinstance(fact, ImportTakenBack):
        return False
    goods = db.scalar("SELECT products+changes FROM catalog_import WHERE id=?", (fact.import_id,))
    return max(goods or 0, len(fact.lines)) > MOST_TAKEN_BACK


def named_documents(fact: Fact) -> Iterator[tuple[str, bytes]]:
    """Goods and customers that a fact is about, as (table, id); births apart, nothing waits
    for those."""
    moved = movements(fact)
    yield from (("product", move.product_id) for move in moved.stock)
    yield from (("customer", move.customer_id) for move in moved.debt)
    match fact:
        case ProductChanged():
            yield "product", fact.product_id
        case CatalogImported():
            yield from (("product", one.product_id) for one in fact.changes)
        case CustomerChanged() | KasbonAllotted():
            yield "customer", fact.customer_id
        case FieldDecided():
            yield fact.table, fact.document
        case DocumentsMerged():
            yield from ((fact.table, one) for one in (fact.source, fact.target))


def costed_goods(fact: Fact) -> Iterator[bytes]:
    """Goods of which a fact says, as a field, what a base unit cost last."""
    match fact:
        case ProductChanged():
            if any(change.field == "cost" for change in fact.changes):
                yield fact.product_id
        case CatalogImported():
            for one in fact.changes:
                if any(change.field == "cost" for change in one.changes):
                    yield one.product_id
        case StockReceived():
            yield from (line.product_id for line in fact.lines)
        case FieldDecided():
            if fact.table == "product" and fact.field == "cost":
                yield fact.document
