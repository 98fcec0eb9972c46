"""Kasbon repaid by QRIS is on the bank's list, in no sale's tender, and in no drawer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import cart as carts
from core.facts.selling import TenderPart
from core.facts.shifts import Ticked
from core.receipt_layout import layout
from pos.catalog.products import archive_product
from pos.counter import Counter
from pos.customers.people import add_customer, repay
from pos.journal.verify import verify
from pos.printing.text import to_text
from pos.receipts.reports import find_z, x_document, z_document, z_fact
from pos.reports.shift import ShiftFigures, shift_figures
from pos.reports.stock import report_stock
from pos.shifts.closing import close_shift
from pos.shifts.drawer import start_shift
from pos.shifts.open_shift import open_shift, open_shift_id
from tests.helpers.counter import add_goods, cart_of, make_shop, sell


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A kasbon of 10,000, of which 7,000 is repaid: 2,500 in cash and 4,500 by QRIS."""
    with make_shop(tmp_path) as shop:
        start_shift(shop, 100_000)
        udin = add_customer(shop, "Pak Udin", credit_limit=100_000)
        cart = cart_of(shop, (add_goods(shop, price=10_000), 1_000))
        sell(shop, carts.set_customer(cart, udin), ("credit", 10_000))
        repay(
            shop,
            udin,
            7_000,
            (TenderPart("cash", 2_500, 2_500), TenderPart("qris", 4_500, 0, "R9")),
        )
        sell(shop, cart, ("transfer", 10_000))
        yield shop


def figures_of(counter: Counter) -> ShiftFigures:
    """The open shift's figures."""
    return shift_figures(counter.db, open_shift_id(counter.db))


def test_the_list_to_tick_holds_repayments_in_order(counter: Counter) -> None:
    listed = figures_of(counter).to_tick
    assert [
        (one.receipt, one.tender_no, one.kind, one.amount, one.reference) for one in listed
    ] == [
        ("K1-000002", 2, "qris", 4_500, "R9"),
        ("K1-000003", 1, "transfer", 10_000, ""),
    ]


def test_only_the_cash_part_is_in_the_drawer(counter: Counter) -> None:
    figures = figures_of(counter)
    assert (figures.repaid_cash, figures.repaid_other) == (2_500, 4_500)
    assert figures.expected == 100_000 + 2_500
    assert sum(total.amount for total in figures.totals) == figures.net == 20_000


def test_a_shift_closes_with_a_repayment_ticked_or_missing(counter: Counter) -> None:
    ticks = [
        Ticked(one.device, one.seq, one.tender_no, one.kind == "transfer")
        for one in figures_of(counter).to_tick
    ]
    assert close_shift(counter, 102_500, ticks=ticks).difference == 0
    assert [tick.found for tick in z_fact(find_z(counter.db, "")).ticks] == [False, True]
    assert verify(counter.db).differences == ()


def test_x_and_z_say_what_came_in_besides_sales(counter: Counter) -> None:
    shift = open_shift(counter.db)
    assert shift is not None
    row = ["Kasbon", "dibayar", "nontunai", "4.500"]
    papers = [
        x_document(counter.db, counter.settings, shift, show_cash=show) for show in (True, False)
    ]
    close_shift(counter, 102_500)
    papers.append(z_document(counter.db, counter.settings, ""))
    for paper in papers:
        assert row in [line.split() for line in to_text(layout(paper, 42), 42).splitlines()]


def test_a_shift_without_such_repayments_does_not_mention_them(counter: Counter) -> None:
    close_shift(counter, 102_500)
    start_shift(counter, 100_000)
    assert figures_of(counter).repaid_other == 0
    assert figures_of(counter).to_tick == ()
    close_shift(counter, 100_000)
    document = z_document(counter.db, counter.settings, "")
    assert "nontunai" not in to_text(layout(document, 42), 42)


def test_archived_goods_count_while_something_is_left(counter: Counter) -> None:
    left = add_goods(counter, "Sisa", qty=3_000)
    gone = add_goods(counter, "Habis", qty=0)
    archive_product(counter, left)
    archive_product(counter, gone)
    rows = report_stock(counter.db)
    assert {row.name for row in rows} == {"Mi goreng", "Sisa"}
    assert sum(row.value for row in rows) == counter.db.scalar(
        "SELECT sum(stock_value) FROM product"
    )
