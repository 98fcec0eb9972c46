"""What the cashier feels: scan to line painted, key to result painted, a wheel step of the list.

Painted means that the window's paint event for the change has run (offscreen platform).
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks.big_shop import barcode, big_shop
from benchmarks.figure import Figure, at_most, quantile
from pos.app import application
from pos.catalog.goods import by_barcode, one_goods
from pos.counter import Counter
from pos.shifts.drawer import start_shift
from pos.ui.catalog.goods import GoodsPage
from pos.ui.foundation.sounds import Sounds
from pos.ui.shell.desk import Desk
from pos.ui.shell.window import MainWindow

SCANS = 400
KEYS = 400


def measure(rows: int = 100_000, *, window: bool = True) -> list[Figure]:
    """All figures at so many products."""
    with TemporaryDirectory() as place:
        counter = big_shop(Path(place) / "shop", rows)
        try:
            figures = _data_part(counter, rows)
            return figures + (_window_part(counter, rows) if window else [])
        finally:
            counter.close()


def _data_part(counter: Counter, rows: int) -> list[Figure]:
    chance = random.Random(3)
    scans: list[float] = []
    for _ in range(2_000):
        code = barcode(chance.randrange(rows))
        began = time.perf_counter()
        found = by_barcode(counter.db, code)
        one_goods(counter.db, found[0].product_id)
        scans.append((time.perf_counter() - began) * 1000)
    return [at_most(f"scan, data part, {rows:,} products, p99", quantile(scans, 0.99), 1)]


def _window_part(counter: Counter, rows: int) -> list[Figure]:
    app = application("light")
    start_shift(counter, 0)
    desk = Desk(counter, Sounds(counter.folder, "off"))
    window = MainWindow(desk)
    window.resize(1024, 768)
    window.show()
    window.sell()
    app.processEvents()
    chance = random.Random(5)
    many = rows > 100_000
    keys = at_most(
        f"search keystroke to result painted, {rows:,} products, p99",
        quantile(_keys(app, window, chance, counter), 0.99),
        30 if many else 16,
    )
    if many:
        window.close()
        return [keys]
    figures = [
        keys,
        at_most(
            f"scan to line painted, cart durable, {rows:,} products, p99",
            quantile(_scans(app, window, chance, rows), 0.99),
            16,
        ),
        at_most(
            f"product list of {rows:,}, wheel step painted, p95",
            quantile(_wheel(app, window), 0.95),
            10,
        ),
    ]
    window.close()
    return figures


def _scans(app: QApplication, window: MainWindow, chance: random.Random, rows: int) -> list[float]:
    taken: list[float] = []
    for number in range(SCANS):
        code = barcode(chance.randrange(rows))
        began = time.perf_counter()
        window.on_scan(code)
        app.processEvents()
        taken.append((time.perf_counter() - began) * 1000)
        if number % 40 == 39:
            window.desk.till.park()
            app.processEvents()
    return taken


def _keys(
    app: QApplication, window: MainWindow, chance: random.Random, counter: Counter
) -> list[float]:
    names = [
        row[0]
        for row in counter.db.rows(
            "SELECT name FROM product WHERE rowid % 997 = ? LIMIT 60", (chance.randrange(997),)
        )
    ]
    taken: list[float] = []
    field = window.selling.field
    for name in names:
        field.clear()
        app.processEvents()
        for end in range(1, min(len(name), 9)):
            began = time.perf_counter()
            field.setText(name[:end])
            app.processEvents()
            taken.append((time.perf_counter() - began) * 1000)
        if len(taken) >= KEYS:
            break
    field.clear()
    return taken


def _wheel(app: QApplication, window: MainWindow) -> list[float]:
    page = GoodsPage(window.desk, window)
    page.resize(1024, 700)
    page.begin()
    page.show()
    app.processEvents()
    taken: list[float] = []
    bar = page.table.verticalScrollBar()
    for step in range(300):
        began = time.perf_counter()
        bar.setValue(step * 3)
        app.processEvents()
        taken.append((time.perf_counter() - began) * 1000)
    page.close()
    return taken
