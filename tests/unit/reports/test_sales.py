"""Reports: every way of grouping adds up to the same total, refunds negative everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import cart as carts
from core.cart import Discount
from pos.counter import Counter
from pos.customers.people import add_customer, repay
from pos.reports.sales import BYS, By, report_sales, report_total
from pos.reports.shift import shift_figures
from pos.reports.stock import report_stock, stock_card
from pos.selling.refunds import Return, make_refund
from pos.shifts.drawer import move_cash, open_drawer, start_shift
from pos.shifts.open_shift import open_shift_id
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell

DAY = "2026-11-24"


@pytest.fixture
def clock() -> StillClock:
    """A clock at noon."""
    return StillClock()


@pytest.fixture
def counter(tmp_path: Path, clock: StillClock) -> Iterator[Counter]:
    """A day: three sales over two hours, one on kasbon, one partly given back."""
    shop = make_shop(tmp_path, clock, cash_step=100, cash_mode="down", tax_basis_points=1100)
    with shop:
        noodles = add_goods(shop, "Mi goreng", 2_550, category="mi")
        rice = add_goods(shop, "Beras", 14_500, category="sembako", unit="kg", cost=13_000)
        start_shift(shop, 100_000)
        first = sell(shop, cart_of(shop, (noodles, 3_000), (rice, 250)))
        clock.forward(3_600)
        cart = carts.set_cart_discounts(cart_of(shop, (rice, 2_000)), (Discount("rupiah", 1_000),))
        udin = add_customer(shop, "Pak Udin", credit_limit=50_000)
        sell(shop, carts.set_customer(cart, udin), ("credit", 20_000), ("qris", 8_000))
        make_refund(shop, first.receipt, [Return(1, 1_000)], "rusak")
        repay(shop, udin, 5_000)
        move_cash(shop, "out", 3_000, "es batu")
        move_cash(shop, "in", 1_000, "tukar")
        open_drawer(shop, "tukar uang")
        yield shop


def total(counter: Counter) -> int:
    """What the sales table says was sold, straight."""
    return int(counter.db.scalar("SELECT sum(total) FROM sale"))


@pytest.mark.parametrize("by", BYS)
def test_every_grouping_adds_up_to_the_same_total(counter: Counter, by: By) -> None:
    rows = report_sales(counter.db, DAY, DAY, by, "Asia/Makassar")
    assert rows
    assert report_total(rows) == total(counter)


@pytest.mark.parametrize("by", ["day", "hour", "product", "category", "cashier"])
def test_cost_and_tax_add_up_too(counter: Counter, by: By) -> None:
    rows = report_sales(counter.db, DAY, DAY, by, "Asia/Makassar")
    assert sum(row.cost for row in rows) == counter.db.scalar("SELECT sum(cost) FROM sale")
    assert sum(row.tax for row in rows) == counter.db.scalar("SELECT sum(tax) FROM sale_line")
    assert all(row.profit == row.net - row.tax - row.cost for row in rows)


def test_hours_are_the_shops_own(counter: Counter) -> None:
    rows = report_sales(counter.db, DAY, DAY, "hour", "Asia/Makassar")
    assert [row.key for row in rows] == ["12", "13"]
    rows = report_sales(counter.db, DAY, DAY, "hour", "Asia/Kolkata")
    assert [row.key for row in rows] == ["09", "10"]


def test_other_days_are_empty(counter: Counter) -> None:
    for by in BYS:
        assert report_sales(counter.db, "2026-11-25", "2026-12-31", by, "Asia/Makassar") == []


def test_a_refund_is_negative_for_its_product(counter: Counter) -> None:
    rows = {row.label: row for row in report_sales(counter.db, DAY, DAY, "product", "UTC")}
    assert rows["Mi goreng"].qty == 2_000
    assert rows["Mi goreng"].gross == 2 * 2_550


def test_the_drawer_is_reckoned_term_by_term(counter: Counter) -> None:
    figures = shift_figures(counter.db, open_shift_id(counter.db))
    # 3 x 2,550 + 0.25 x 14,500 = 11,275 paid 11,200; one noodle of 2,550 back as 2,500.
    assert (figures.cash_sales, figures.cash_refunds) == (11_200, 2_500)
    assert (figures.cash_in, figures.cash_out, figures.repaid_cash) == (1_000, 3_000, 5_000)
    assert figures.expected == 100_000 + 11_200 - 2_500 + 1_000 - 3_000 + 5_000
    assert (figures.sales, figures.refunds, figures.drawer_openings) == (2, 1, 1)
    assert [(one.kind, one.amount) for one in figures.to_tick] == [("qris", 8_000)]
    assert (figures.first_receipt, figures.last_receipt) == ("K1-000001", "K1-000003")
    assert figures.net == total(counter)


def test_stock_and_its_card(counter: Counter) -> None:
    stock = {row.name: row for row in report_stock(counter.db)}
    assert stock["Mi goreng"].stock == 8_000
    assert stock["Beras"].stock == 10_000 - 250 - 2_000
    assert stock["Beras"].state == "ok"
    card = stock_card(counter.db, stock["Mi goreng"].id)
    assert [(row.kind, row.qty, row.balance) for row in card] == [
        ("refund", 1_000, 8_000),
        ("sale", -3_000, 7_000),
        ("opening", 10_000, 10_000),
    ]
    assert sum(row.value for row in card) == stock["Mi goreng"].value
