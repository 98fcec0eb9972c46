"""Keeping the search index beside the goods: it follows from them and can be made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.gtin import display_form
from core.text import fold
from pos.db.database import Database
from pos.db.merged import meant, merged_names
from pos.search import index

INDEXED = ("name", "code", "brand", "category", "active")
"""Columns of a product from which its entry follows, beside its barcodes."""

_ROW = "SELECT id, name, code, brand, category, sold, active FROM product"


def _text(row: tuple[object, ...], barcodes: Iterable[str], old_names: Iterable[str]) -> str:
    codes = "\n".join(display_form(code) for code in barcodes)
    return "\n".join(str(part) for part in (*row[1:5], codes, *old_names) if part)


def refresh(db: Database, product_id: bytes) -> None:
    """Bring one product's entry up to date; an archived product leaves the index."""
    row = db.one(f"{_ROW} WHERE id=?", (product_id,))
    if row is None or not row[6]:
        index.remove(db.raw, product_id)
        return
    codes = [
        found[0]
        for found in db.rows(
            "SELECT barcode FROM product_barcode WHERE product_id=?", (product_id,)
        )
    ]
    index.put(db.raw, product_id, _text(row, codes, merged_names(db, product_id)))


def rebuild(db: Database) -> None:
    """Make the whole index anew, most sold first; done after imports and at shift closing."""
    codes: dict[bytes, list[str]] = {}
    # Row by row: one fetch of a hundred thousand rows would hold up the window's thread.
    for barcode, product_id in db.raw.execute("SELECT barcode, product_id FROM product_barcode"):
        codes.setdefault(product_id, []).append(barcode)

    old: dict[bytes, list[str]] = {}
    for source, name in db.raw.execute(
        "SELECT m.source, p.sort_name FROM merged m JOIN product p ON p.id=m.source"
        " WHERE m.table_name='product'"
    ):
        old.setdefault(meant(db, "product", bytes(source)), []).append(name)

    def rows() -> Iterator[tuple[bytes, str, int]]:
        known: dict[str, str] = {}
        for row in db.raw.execute(
            "SELECT id, sort_name, code, brand, category, sold FROM product WHERE active=1"
        ):
            # `sort_name` is the folded name; brands and categories come again and again.
            kinds = [known.get(kind) or known.setdefault(kind, fold(kind)) for kind in row[3:5]]
            mine = [fold(display_form(code)) for code in codes.get(row[0], ())]
            parts = (row[1], fold(row[2]), *kinds, *mine, *old.get(row[0], ()))
            yield bytes(row[0]), "\n".join(filter(None, parts)), int(row[5])

    index.rebuild(db.raw, rows(), folded=True)


def ensure_index(db: Database) -> None:
    """Make the index where it is missing or does not fit the goods (a restored file)."""
    indexed = db.scalar("SELECT count(*) FROM search_doc")
    if indexed != db.scalar("SELECT count(*) FROM product WHERE active=1"):
        with db.transaction():
            rebuild(db)
