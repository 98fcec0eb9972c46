"""Lists of goods: all of them in order, by key, or what a text finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pos.db.database import Database
from pos.search.lookup import find

_COLUMNS = (
    "SELECT id, code, name, category, brand, unit, price, cost, stock, stock_value, min_stock,"
    " active, sort_name FROM product"
)
PAGE = 500


class ProductRow(NamedTuple):
    """A product as lists show it. Rupiah; thousandths of the base unit."""

    id: bytes
    code: str
    name: str
    category: str
    brand: str
    unit: str
    price: int
    cost: int | None
    stock: int
    stock_value: int
    min_stock: int
    active: bool
    sort_name: str
    barcodes: tuple[str, ...]


def _with_barcodes(db: Database, rows: list[tuple[object, ...]]) -> list[ProductRow]:
    ids = [row[0] for row in rows]
    codes: dict[object, list[str]] = {}
    if ids:
        marks = ",".join("?" * len(ids))
        for code, product_id in db.rows(
            f"SELECT barcode, product_id FROM product_barcode WHERE product_id IN ({marks})"
            " ORDER BY barcode",
            ids,
        ):
            codes.setdefault(product_id, []).append(code)
    return [
        ProductRow(*row[:11], bool(row[11]), row[12], tuple(codes.get(row[0], ())))  # type: ignore[arg-type, call-arg]
        for row in rows
    ]


def rows_after(
    db: Database, key: tuple[str, bytes], size: int, *, archived: bool = True
) -> list[ProductRow]:
    """The next goods in order after a (sort name, id), with or without archived ones."""
    active = "" if archived else " AND active=1"
    page = db.rows(
        f"{_COLUMNS} WHERE (sort_name, id) > (?, ?){active} ORDER BY sort_name, id LIMIT ?",
        (*key, size),
    )
    return _with_barcodes(db, page)


def product_rows(db: Database, text: str = "", limit: int = 0) -> Iterator[ProductRow]:
    """Goods by name, or by what a text finds, best first; 0 for no limit.

    Archived goods appear in the full list (marked), never in a search.
    """
    if text.strip():
        ids = find(db.raw, text, limit or 50)
        if ids:
            marks = ",".join("?" * len(ids))
            found = db.rows(f"{_COLUMNS} WHERE id IN ({marks}) AND active=1", ids)
            by_id = {row[0]: row for row in found}
            yield from _with_barcodes(db, [by_id[key] for key in ids if key in by_id])
        return
    after: tuple[str, bytes] = ("", b"")
    left = limit
    while True:
        size = min(PAGE, left) if limit else PAGE
        page = rows_after(db, after, size)
        yield from page
        left -= len(page)
        if len(page) < size or (limit and left <= 0):
            return
        after = (page[-1].sort_name, page[-1].id)
