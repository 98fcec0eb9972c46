"""With cash rounding on, every figure says which total it is, and all of them agree.

`total` is what the goods came to. The paper's TOTAL, which is what was to be paid and what the
tenders sum to, is `total` and `rounding`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from core.receipt_layout import layout
from pos.printing.text import to_text
from pos.receipts.documents import receipt_document
from pos.receipts.listing import find_receipts, receipt_view
from pos.reports.sales import BYS, report_sales, report_total
from pos.reports.shift import shift_figures
from pos.selling.refunds import Return, make_refund
from pos.shifts.drawer import start_shift
from pos.shifts.open_shift import open_shift_id
from tests.helpers.counter import add_goods, cart_of, make_shop, sell

DAY = "2026-11-24"


@pytest.mark.parametrize(
    ("mode", "rounding", "change"), [("down", -25, 10_900), ("up", 75, 10_800)]
)
def test_sale_list_paper_and_reports_agree(
    tmp_path: Path, mode: str, rounding: int, change: int
) -> None:
    with make_shop(tmp_path, cash_step=100, cash_mode=mode) as shop:
        start_shift(shop, 0)
        done = sell(shop, cart_of(shop, (add_goods(shop, price=9_125), 1_000)), ("cash", 20_000))
        assert (done.total, done.rounding, done.change) == (9_125, rounding, change)
        assert done.paid - done.change == done.total + done.rounding
        row = find_receipts(shop.db)[0]
        assert (row.total, row.rounding, row.due) == (9_125, rounding, 9_125 + rounding)
        payments = receipt_view(shop.db, done.receipt).payments
        assert sum(payment.amount for payment in payments) == row.due
        text = to_text(layout(receipt_document(shop.db, shop.settings, done.receipt), 42), 42)
        rows = [line.split() for line in text.splitlines()]
        paid = f"{9_125 + rounding:,}".replace(",", ".")
        assert ["Subtotal", "9.125"] in rows and ["Pembulatan", str(rounding)] in rows
        assert ["TOTAL", "Rp", paid] in rows
        for by in BYS:
            assert report_total(report_sales(shop.db, DAY, DAY, by, "Asia/Makassar")) == 9_125
        figures = shift_figures(shop.db, open_shift_id(shop.db))
        assert figures.net == 9_125
        assert figures.net + figures.rounding == figures.expected == row.due


def test_a_refund_agrees_too(tmp_path: Path) -> None:
    with make_shop(tmp_path, cash_step=100, cash_mode="down") as shop:
        start_shift(shop, 0)
        goods = add_goods(shop, price=9_125)
        done = sell(shop, cart_of(shop, (goods, 2_000)), ("cash", 20_000))
        back = make_refund(shop, done.receipt, [Return(1, 1_000)], "rusak")
        row = find_receipts(shop.db)[0]
        assert (row.receipt, row.total, row.due) == (back.receipt, -9_125, -9_100)
        assert [found.receipt for found in find_receipts(shop.db, amount=9_100)] == [row.receipt]


def test_without_rounding_the_paper_has_no_subtotal(tmp_path: Path) -> None:
    with make_shop(tmp_path, cash_step=100, cash_mode="down") as shop:
        start_shift(shop, 0)
        done = sell(shop, cart_of(shop, (add_goods(shop, price=9_100), 1_000)))
        text = to_text(layout(receipt_document(shop.db, shop.settings, done.receipt), 42), 42)
        assert "Subtotal" not in text and "Pembulatan" not in text
