"""Reading and planning 100,000 goods from XLSX, and how long another thread has to wait for it.

Run as `python -m benchmarks.bench_import_reading [ROWS]`; prints one JSON list of figures.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import python_calamine
import xlsxwriter

from core.barcode import check_digit
from pos.importing.model import ExistingProduct, Table
from pos.importing.planning import plan
from pos.importing.process import read_in_process

ROWS = 100_000
PLAN_BAR_SECONDS = 3.0
WAIT_BAR_SECONDS = 0.1
HEADINGS = (
    "No",
    "Barcode",
    "Nama Barang",
    "Kategori",
    "Merk",
    "Satuan",
    "Harga Beli",
    "Harga Jual",
    "Stok",
    "Stok Minimum",
)


class EmptyCatalog:
    """A shop without goods."""

    def by_barcode(self, barcode: str) -> list[ExistingProduct]:
        """Give nothing."""
        return []

    def by_code(self, code: str) -> ExistingProduct | None:
        """Give nothing."""
        return None

    def by_name(self, folded: str) -> list[ExistingProduct]:
        """Give nothing."""
        return []


def write_goods(path: Path, rows: int) -> None:
    """Write a goods list of made-up names with valid barcodes, half of the prices as text."""
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    for number in range(rows):
        stem = f"899{number:09}"
        price = 500 + number % 997 * 100
        shown = f"Rp {price:,}".replace(",", ".") if number % 2 else price
        name = f"Barang Uji Nomor {number} rasa {number % 37} {number % 900 + 20}gr"
        sheet.write_row(
            number + 1,
            0,
            (
                number + 1,
                stem + check_digit(stem),
                name,
                f"Kategori {number % 40}",
                f"Merk {number % 300}",
                ("pcs", "btl", "Dus", "kg")[number % 4],
                price * 9 // 10,
                shown,
                number % 50,
                5,
            ),
        )
    workbook.close()


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def longest_wait(work: Callable[[], None]) -> float:
    """Run work in a thread; give the longest time that this thread was kept from a 2 ms tick."""
    thread = threading.Thread(target=work)
    longest = 0.0
    thread.start()
    while thread.is_alive():
        before = time.perf_counter()
        time.sleep(0.002)
        longest = max(longest, time.perf_counter() - before)
    thread.join()
    return longest


def figure(name: str, ours: float, reference: float, bar: str, holds: bool) -> dict[str, object]:
    """Give one row of the results, in seconds."""
    return {
        "figure": name,
        "ours": round(ours, 3),
        "reference": round(reference, 3),
        "ratio": round(ours / reference, 2),
        "bar": bar,
        "holds": holds,
    }


def measure(rows: int = ROWS) -> list[dict[str, object]]:
    """Measure reading, planning and the window's longest wait; calamine alone is the reference."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "goods.xlsx"
        write_goods(path, rows)
        bare = timed(
            lambda: (
                python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
            )
        )
        tables: list[Table] = []
        reading = timed(lambda: tables.append(read_in_process(path)))
        planning = timed(lambda: plan(tables[0], None, EmptyCatalog()))
        tables.clear()
        wait = longest_wait(lambda: _read_and_plan(path))
    return [
        figure(f"read {rows} goods from XLSX in a process", reading, bare, "", True),
        figure(f"plan {rows} goods", planning, bare, "<= 3 s", planning <= PLAN_BAR_SECONDS),
        figure("longest wait of the window", wait, bare, "<= 0.1 s", wait <= WAIT_BAR_SECONDS),
    ]


def _read_and_plan(path: Path) -> None:
    plan(read_in_process(path), None, EmptyCatalog())


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS), indent=2))
