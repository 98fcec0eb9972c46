"""The report of a year, 73,000 sales of four lines, by day."""

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
                counter.db.many(
                    "INSERT INTO sale_line (sale_id, line_no, product_id, name, unit, factor, qty,"
                    " unit_price, list_price, gross, line_discount, cart_discount, net, tax,"
                    " tax_class, note, price_reason, refers_sale, refers_line, back_to, cost,"
                    " refunded_qty, refunded_net, refunded_tax, refunded_gross,"
                    " refunded_line_discount, refunded_cart_discount, refunded_cost) VALUES"
                    " (?,?,?,'Barang','pcs',1,1000,6250,6250,6250,125,0,6125,0,'kena','','',0,0,'',"
                    "5000,0,0,0,0,0,0,0)",
                    [
                        (row[0], line, (row[3] + line).to_bytes(16, "big"))
                        for row in rows
                        for line in range(1, 5)
                    ],
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
