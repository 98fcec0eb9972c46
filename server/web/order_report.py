"""The owner's statement of orders: on a page that can be printed, and as a table for a program."""

from __future__ import annotations

import csv
import io
from typing import Final

from core.orders.statement import MOST_ORDERS, OrderStatement
from server.http.routes import Reply
from server.orders.statement import order_statement
from server.web.language import N_
from server.web.rendering import page
from server.web.routing import Page
from server.web.today import parse_day
from server.web.view import View

WAYS: Final = {"counter": N_("Di kasir"), "bank": N_("Ke QRIS atau rekening toko")}
_MOST_ROWS: Final = 20_000
_COLUMNS: Final = {
    "number": N_("Pesanan"), "day": N_("Diserahkan"), "goods": N_("Barang"),
    "delivery": N_("Ongkos antar"), "returns": N_("Dikurangi"), "counter": N_("Di kasir"),
    "bank": N_("Ke QRIS atau rekening toko"), "provider": N_("Melalui penyedia"),
    "fee": N_("Biaya penyedia"), "open": N_("Belum dibayar"),
    "taken": N_("Ditarik kembali oleh bank"),
}  # fmt: skip


def _period(view: View) -> tuple[str, str]:
    """The days that are asked for: usually the month until today."""
    today = view.here.today(view.services.now_ms())
    first = parse_day(view.query.get("dari", "")) or f"{today[:8]}01"
    last = parse_day(view.query.get("sampai", "")) or max(today, first)
    return min(first, last), max(first, last)


def _statement(view: View, most: int) -> OrderStatement:
    with view.services.store.reading_shop(view.here.id, snapshot=True) as tx:
        return order_statement(tx, *_period(view), most=most)


def _report(view: View) -> Reply:
    return page(view, "order_report.html", found=_statement(view, MOST_ORDERS), ways=WAYS)


def _table(view: View) -> Reply:
    """Numbers without dots, so that any program reads them; a line for each order."""
    found, text = _statement(view, _MOST_ROWS), io.StringIO()
    rows = csv.writer(text)
    rows.writerow([view.words._(title) for title in _COLUMNS.values()])
    rows.writerows([getattr(one, name) for name in _COLUMNS] for one in found.orders)
    if found.more:
        rows.writerow([view.words._("Masih ada lagi: pilih masa yang lebih pendek.")])
    name = f"pesanan-{found.first}-{found.last}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    # With the mark by which spreadsheets know that it is UTF-8.
    return Reply(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", 200, headers)


PAGES: Final = (
    Page("GET", "/kelola/{shop}/laporan-pesanan", "Statement of orders", _report, reach="manager"),
    Page("GET", "/kelola/{shop}/laporan-pesanan.csv", "The same as CSV", _table, reach="manager"),
)
