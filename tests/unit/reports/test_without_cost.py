"""Goods sold without a cost: in every sum of sales, in no profit, and listed apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.facts.stock import StockLine
from core.receipt_layout import layout
from pos.counter import Counter
from pos.printing.text import to_text
from pos.receipts.sales_paper import sales_document
from pos.reports.sales import BYS, By, read_sales
from pos.selling.refunds import Return, make_refund
from pos.shifts.drawer import start_shift
from pos.staff.people import add_staff, change_staff
from pos.stock.moving import receive
from tests.helpers.counter import add_goods, cart_of, make_shop, sell

DAY = "2026-11-24"


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Noodles with a cost and cakes without, sold together and one of each given back."""
    with make_shop(tmp_path, tax_basis_points=1100, tax_included=False) as shop:
        start_shift(shop, 0)
        noodles = add_goods(shop, "Mi goreng", 3_000, category="mi", cost=2_000)
        cake = add_goods(shop, "Kue sagu", 5_000, category="kue", cost=None)
        done = sell(shop, cart_of(shop, (noodles, 4_000), (cake, 3_000)))
        make_refund(shop, done.receipt, [Return(1, 1_000), Return(2, 1_000)], "rusak")
        yield shop


@pytest.mark.parametrize("by", [by for by in BYS if by != "tender"])
def test_profit_is_of_goods_with_a_cost_alone(counter: Counter, by: By) -> None:
    report = read_sales(counter, DAY, DAY, by)
    assert report.net == 21_090
    assert report.profit == 3 * (3_000 - 2_000)
    assert report.uncosted == (2, 11_100)
    assert sum(row.uncosted for row in report.rows) == 2
    assert sum(row.uncosted_net for row in report.rows) == report.uncosted[1]


def test_they_are_listed_apart(counter: Counter) -> None:
    found = read_sales(counter, DAY, DAY, "tender").without_cost
    assert [(row.label, row.qty, row.uncosted, row.profit) for row in found] == [
        ("Kue sagu", 2_000, 2, 0)
    ]


def test_a_cost_that_comes_later_counts_from_then_on(counter: Counter) -> None:
    cake = counter.db.scalar("SELECT id FROM product WHERE name='Kue sagu'")
    receive(counter, [StockLine(bytes(cake), 2_000, 6_000)])
    sell(counter, cart_of(counter, (bytes(cake), 1_000)))
    rows = {row.label: row for row in read_sales(counter, DAY, DAY, "product").rows}
    assert rows["Kue sagu"].uncosted == 2
    assert rows["Kue sagu"].profit == 5_000 - rows["Kue sagu"].cost


def test_other_days_lack_nothing(counter: Counter) -> None:
    report = read_sales(counter, "2026-11-25", "2026-12-01", "day")
    assert (report.rows, report.without_cost, report.uncosted) == ([], [], (0, 0))


def paper(counter: Counter, by: By) -> list[list[str]]:
    """The report's printed lines, each split at blanks."""
    document = sales_document(counter.settings, read_sales(counter, DAY, DAY, by))
    return [line.split() for line in to_text(layout(document, 32), 32).splitlines()]


@pytest.mark.parametrize("by", BYS)
def test_the_paper_keeps_them_out_of_the_profit(counter: Counter, by: By) -> None:
    rows = paper(counter, by)
    assert ["TANPA", "HARGA", "BELI"] in rows
    assert ["Kue", "sagu", "(2)", "11.100"] in rows
    assert ["Tidak", "masuk", "laba", "(2)", "11.100"] in rows
    assert (["Laba", "Rp", "3.000"] in rows) is (by != "tender")
    assert ["Bersih", "Rp", "21.090"] in rows


def test_who_may_not_see_cost_reads_no_profit(counter: Counter) -> None:
    reader = add_staff(counter, "Rahmat", "cashier")
    change_staff(counter, reader, permissions={"see_reports": True, "see_expected_cash": True})
    counter.staff_id = reader
    words = {word for row in paper(counter, "product") for word in row}
    assert "21.090" in words and not words & {"Laba", "laba", "BELI", "3.000"}
