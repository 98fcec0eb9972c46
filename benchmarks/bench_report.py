"""The report of a year, 73,000 sales, by day."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.big_shop import big_shop
from benchmarks.figure import Figure, at_most, quantile
from pos.reports.sales import report_sales

SALES = 73_000


def measure() -> list[Figure]:
    """Median of nine runs."""
    with TemporaryDirectory() as place:
        counter = big_shop(Path(place) / "shop", 100)
        try:
            first = date(2026, 1, 1)
            rows = [
                (1000 + n, f"K1-{n:06d}", str(first + timedelta(days=n // 200)), n)
                for n in range(SALES)
            ]
            with counter.db.transaction():
                counter.db.many(
                    "INSERT INTO sale (id, receipt, device, seq, shift_id, type, day, at_ms,"
                    " staff_id, approved_by, customer_id, gross, discount, tax, rounding, total,"
                    " change, tax_included, cost, refunded, copies, ref, note, reason) VALUES"
                    " (?,?,x'',0,x'','sale',?,?,x'',x'',x'',25000,500,0,0,24500,500,1,20000,0,0,"
                    "'','','')",
                    rows,
                )
            times: list[float] = []
            for _ in range(9):
                began = time.perf_counter()
                found = report_sales(counter.db, "2026-01-01", "2026-12-31", "day", "Asia/Makassar")
                times.append((time.perf_counter() - began) * 1000)
            assert sum(row.count for row in found) == SALES
            return [at_most("report of a year by day, median", quantile(times, 0.5), 300)]
        finally:
            counter.close()
