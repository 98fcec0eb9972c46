"""A product is born once, whichever facts bring it: what else they bring is here all the same, as
at the server."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.facts.catalog import CatalogImported, OpeningStock, ProductAdded, ProductRecord
from pos.journal.mending import mend
from pos.journal.verify import verify
from tests.helpers import tiny_server
from tests.helpers.many_counters import World, picture

KNOWN, OTHER, IMPORT = b"k" * 16, b"o" * 16, b"import of a copy"


def record(product_id: bytes, name: str) -> ProductRecord:
    return ProductRecord(product_id, name, name, "", "", "pcs", 1_000, 800)


@pytest.mark.parametrize("first", ["added", "imported", "in the same part"])
def test_goods_beside_one_that_is_here_are_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setattr(tiny_server, "_loud", lambda placed, what, why: None)
    world = World(tmp_path, random.Random(3), 1)
    db, known = world.counters[0].db, record(KNOWN, "Kopi")
    again = (known,)
    if first == "added":
        world.server.write(ProductAdded(known))
    elif first == "imported":
        world.server.write(CatalogImported(IMPORT, 1, "a.csv", (known,), (), ()))
    else:
        again = (known, known)
    stock = (OpeningStock(KNOWN, 2_000, 1_600), OpeningStock(OTHER, 3_000, 2_400))
    part = (*again, record(OTHER, "Gula"))
    world.server.write(CatalogImported(IMPORT, 2, "a.csv", part, stock, ()))
    world.pull(0, 9)
    rows = "SELECT stock, stock_value FROM product WHERE id IN (?,?) ORDER BY id"
    assert [tuple(row) for row in db.rows(rows, (KNOWN, OTHER))] == [(2_000, 1_600), (3_000, 2_400)]
    before = picture(db)
    mend(db)
    assert picture(db) == before
    proof = verify(db)
    assert proof.ok and not proof.unchecked
    world.close()
