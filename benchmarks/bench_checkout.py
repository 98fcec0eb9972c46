"""A durable checkout of eight lines against the same rows written by raw sqlite3."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.big_shop import big_shop
from benchmarks.figure import Figure, quantile, times
from core import cart as carts
from core.tender import TenderKind
from pos.catalog.goods import one_goods
from pos.counter import Counter
from pos.printing.printers import add_printer
from pos.selling.sales import Tendered, complete_sale
from pos.shifts.drawer import start_shift

SALES = 1_000
LINES = 8


def measure() -> list[Figure]:
    """p50 and p99 of both, interleaved."""
    with TemporaryDirectory() as place:
        counter = big_shop(Path(place) / "shop", 2_000)
        try:
            return _measure(counter, Path(place) / "raw.db")
        finally:
            counter.close()


def _measure(counter: Counter, raw_file: Path) -> list[Figure]:
    add_printer(counter.db, "Ukur", "tcp:127.0.0.1:9", drawer=False)
    start_shift(counter, 0)
    ids = [bytes(row[0]) for row in counter.db.rows("SELECT id FROM product LIMIT 400")]
    raw = _raw_file(counter, raw_file)
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(SALES):
        chosen = [ids[(number * LINES + step) % len(ids)] for step in range(LINES)]
        cart = carts.EMPTY
        for product_id in chosen:
            cart, _ = carts.add(cart, one_goods(counter.db, product_id), "pcs", 1000)
        began = time.perf_counter()
        complete_sale(counter, cart, [Tendered(TenderKind.CASH, 1_000_000)])
        ours.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        _raw_sale(raw, number + 1, chosen)
        theirs.append((time.perf_counter() - began) * 1000)
    raw.close()
    return [
        times("durable checkout, p50", quantile(ours, 0.5), quantile(theirs, 0.5), 2.0),
        times("durable checkout, p99", quantile(ours, 0.99), quantile(theirs, 0.99), 1.3),
    ]


def _raw_file(counter: Counter, file: Path) -> sqlite3.Connection:
    """A second database with the same tables and products."""
    copy = sqlite3.connect(file, isolation_level=None)
    counter.db.raw.backup(copy)
    copy.execute("PRAGMA journal_mode=WAL")
    copy.execute("PRAGMA synchronous=FULL")
    return copy


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({','.join('?' * columns)})"


def _raw_sale(raw: sqlite3.Connection, number: int, products: list[bytes]) -> None:
    """The rows that a checkout leaves, with no rule and no look-up."""
    pos = 10_000 + number
    body = os.urandom(900)
    digest = hashlib.sha256(body).digest()
    blob = bytes(16)
    raw.execute("BEGIN IMMEDIATE")
    raw.execute(_insert("journal", 9), (pos, blob, b"raw", pos, "sale", 1, body, digest, digest))
    raw.execute("UPDATE line SET last_receipt=?", (number,))
    raw.executemany(
        _insert("stock_movement", 7),
        [(pos, n, one, "sale", -1000, -900, n) for n, one in enumerate(products, 1)],
    )
    raw.executemany(
        "UPDATE product SET stock=stock-1000, stock_value=stock_value-900, sold=sold+1 WHERE id=?",
        [(one,) for one in products],
    )
    raw.execute(
        _insert("sale", 24),
        (pos, f"R-{number:06d}", b"raw", pos, blob, "sale", "2026-11-24", pos, blob, b"", b"",
         8000, 0, 0, 0, 8000, 0, 1, 7200, 0, 0, "", "", ""),
    )  # fmt: skip
    raw.executemany(
        _insert("sale_line", 28),
        [
            (pos, n, one, "Barang ukur 85 g", "pcs", 1, 1000, 1000, 1000, 1000, 0, 0, 1000, 0,
             "kena", "", "", 0, 0, "", 900, 0, 0, 0, 0, 0, 0, 0)
            for n, one in enumerate(products, 1)
        ],
    )  # fmt: skip
    raw.execute(_insert("payment", 9), (pos, 1, "cash", 8000, 10000, "", "", None, 0))
    raw.execute(_insert("cash_movement", 6), (pos, 1, blob, "sale", 8000, ""))
    raw.execute(
        _insert("print_job", 12),
        (number, "receipt", f"R-{number}", None, 0, 1, "queued", "", 0, pos, pos, digest),
    )
    raw.execute("DELETE FROM open_cart")
    raw.execute("COMMIT")
