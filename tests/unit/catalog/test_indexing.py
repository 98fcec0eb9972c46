"""The index made anew at one go is the index kept up to date product by product."""

from __future__ import annotations

from pathlib import Path

from pos.catalog.goods import search
from pos.catalog.indexing import rebuild, refresh
from pos.db.database import Database
from tests.helpers.counter import add_goods, make_shop

EAN = "8991002101234"


def _texts(db: Database) -> list[tuple[bytes, str]]:
    return sorted(db.raw.execute("SELECT product_id, folded FROM search_doc").fetchall())


def test_both_ways_fold_alike(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        ids = [
            add_goods(shop, "Café SUSU 1kg", code="Sy-01", category="Minuman & Es", barcode=EAN),
            add_goods(shop, "½ Beras pulen", code="", category="Minuman & Es"),
            add_goods(shop, "Gula 12345", code="İ7", category=""),
        ]
        with shop.transaction() as tx:
            for product_id in ids:
                refresh(tx.db, product_id)
        kept = _texts(shop.db)
        with shop.transaction() as tx:
            rebuild(tx.db)
        assert _texts(shop.db) == kept
        assert len(kept) == 3


def test_slips_and_codes_are_found_after_a_rebuild(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        wanted = add_goods(shop, "Sampo Pantene", code="SP77", barcode=EAN)
        add_goods(shop, "Sabun colek")
        with shop.transaction() as tx:
            rebuild(tx.db)
        for text in ("sampo pantin", "sp77", EAN[:7]):
            assert [one.id for one in search(shop.db, text)] == [wanted], text
