"""Importing 100,000 products from XLSX, preview included, and how long another thread waits."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from benchmarks.big_shop import barcode, big_shop, names
from benchmarks.figure import Figure, at_most
from pos.catalog.importing import ShopCatalog, apply_import
from pos.importing.planning import plan
from pos.importing.process import read_in_process

ROWS = 100_000


def measure() -> list[Figure]:
    """Seconds for the whole way; the longest pause of a thread that ticks all the while."""
    with TemporaryDirectory() as place:
        file = Path(place) / "barang.xlsx"
        _write(file)
        counter = big_shop(Path(place) / "shop", 10)
        try:
            watch = _Watch()
            watch.start()
            began = time.perf_counter()
            table = read_in_process(file)
            made = plan(table, None, ShopCatalog(counter.db))
            apply_import(counter, made, file.name)
            taken = time.perf_counter() - began
            longest = watch.stop()
            assert made.counts.new == ROWS
            return [
                at_most("import of 100,000 products from XLSX", taken, 12, "s"),
                at_most("longest wait of another thread meanwhile", longest, 100),
            ]
        finally:
            counter.close()


class _Watch(threading.Thread):
    """Ticks every 2 ms and remembers the longest gap, as a window's event loop would feel it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._ended = threading.Event()
        self.longest = 0.0

    def run(self) -> None:
        last = time.perf_counter()
        while not self._ended.wait(0.002):
            now = time.perf_counter()
            self.longest = max(self.longest, (now - last) * 1000)
            last = now

    def stop(self) -> float:
        self._ended.set()
        self.join()
        return self.longest


def _write(file: Path) -> None:
    book = xlsxwriter.Workbook(str(file), {"constant_memory": True})
    sheet = book.add_worksheet()
    headings = (
        "Kode",
        "Barcode",
        "Nama Barang",
        "Kategori",
        "Satuan",
        "Harga Beli",
        "Harga Jual",
        "Stok",
    )
    sheet.write_row(0, 0, headings)
    for number, name in enumerate(names(ROWS)):
        unique = f"{name[:100]} {number}"
        row = (f"I{number}", barcode(500_000 + number), unique, f"Kategori {number % 40}", "pcs",
               900, 1_000 + number % 500 * 100, 10)  # fmt: skip
        sheet.write_row(number + 1, 0, row)
    book.close()
