"""A disk spoiled one import: another is taken back all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import Refused
from pos.catalog.importing import ShopCatalog, apply_import, imports, take_back
from pos.counter import Counter
from pos.importing.planning import plan
from pos.importing.reading import read_table
from tests.helpers.counter import make_shop


def _import(counter: Counter, folder: Path, name: str) -> bytes:
    file = folder / f"{name}.csv"
    file.write_text(f"nama;harga;modal;stok\n{name};5000;4000;7\n", encoding="utf-8")
    apply_import(counter, plan(read_table(file), None, ShopCatalog(counter.db)), file.name)
    return imports(counter.db)[0].id


def _stock(counter: Counter, name: str) -> tuple[int, int]:
    row = counter.db.tuple_of("SELECT stock, active FROM product WHERE name=?", (name,))
    assert row is not None
    return row[0], row[1]


def test_an_import_is_taken_back_though_a_later_one_cannot_be_read(tmp_path: Path) -> None:
    counter = make_shop(tmp_path)
    first = _import(counter, tmp_path, "Kopi")
    _import(counter, tmp_path, "Gula")
    counter.db.run(
        "UPDATE journal SET body=x'00' WHERE pos=(SELECT max(pos) FROM journal"
        " WHERE kind='catalog_imported')"
    )
    take_back(counter, first)
    assert _stock(counter, "Kopi") == (0, 0)
    assert _stock(counter, "Gula") == (7_000, 1)
    with pytest.raises(Refused):
        take_back(counter, first)
    counter.close()
