"""What a counter may write, its server takes: nothing is so large that all behind it waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.catalog import importing
from pos.catalog.importing import ShopCatalog, apply_import, take_back
from pos.counter import Counter
from pos.importing.planning import plan
from pos.sync.enrolment import enrol
from pos.sync.memory import server, waiting_count
from pos.sync.once import sync_once
from tests.helpers.counter import StillClock, make_shop
from tests.helpers.real_server import RealServer
from tests.unit.importing.shop import table

HEADINGS = ("Nama", "Kode", "Kategori", "Merek", "Satuan", "Harga jual", "Stok")


@pytest.fixture
def real(tmp_path: Path) -> Iterator[RealServer]:
    made = RealServer(tmp_path, StillClock().now_ms)
    yield made
    made.close()


@pytest.fixture
def counter(tmp_path: Path, real: RealServer) -> Iterator[Counter]:
    """A counter that belongs to the server's shop."""
    made = make_shop(tmp_path / "counter")
    enrol(made, "http://huyula", real.code(), real.send)
    yield made
    made.close()


def _round(counter: Counter, real: RealServer) -> int:
    """One round; how much waits after it."""
    found = server(counter.db)
    assert found is not None
    sync_once(counter, found, real.send)
    return waiting_count(counter.db)


def _import(counter: Counter, rows: list[tuple[object, ...]]) -> bytes:
    planned = plan(table(HEADINGS, *rows), None, ShopCatalog(counter.db))  # type: ignore[arg-type]
    done = apply_import(counter, planned, "barang.xlsx")
    assert done.added == len(rows)
    return done.import_id


def test_a_part_of_an_import_with_long_names_arrives(
    counter: Counter, real: RealServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one of five hundred goods, as programs wrote them before."""
    monkeypatch.setattr(importing, "PART", 500)
    long = "é" * 180
    rows = [
        (f"{long} {number}", f"KODE-{number:050}", "k" * 60, "m" * 60, "pcs", 1_000, 1)
        for number in range(500)
    ]
    _import(counter, [*rows])
    longest = counter.db.scalar("SELECT max(length(body)) FROM journal")
    assert longest > 256 * 1024
    assert _round(counter, real) == 0


def test_an_import_of_a_large_shop_that_was_taken_back_arrives(
    counter: Counter, real: RealServer
) -> None:
    count = 12_000
    rows = [(f"Barang {number}", "", "", "", "pcs", 1_000, 1) for number in range(count)]
    take_back(counter, _import(counter, [*rows]))
    assert counter.db.scalar("SELECT max(length(body)) FROM journal") > 256 * 1024
    assert _round(counter, real) == 0
