"""Two counters of one shop: each has its own shift and drawer, the reports count both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.counter import Counter
from pos.printing.rendering import render
from pos.receipts.listing import find_receipts
from pos.receipts.reports import NoZ, find_z, x_document, z_document
from pos.reports.sales import BYS, report_sales, report_total
from pos.reports.shift import shift_figures
from pos.selling.refunds import Return, make_refund
from pos.selling.sales import SaleDone
from pos.shifts.closing import close_shift
from pos.shifts.drawer import move_cash, start_shift
from pos.shifts.open_shift import NoShift, OpenShift, open_shift
from tests.helpers.counter import cart_of, sell
from tests.helpers.twin_counters import Twins, some_goods

DAY = "2026-11-24"


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Twins]:
    made = Twins(tmp_path)
    yield made
    made.close()


def opened(counter: Counter) -> OpenShift:
    found = open_shift(counter.db)
    assert found is not None
    return found


def sold(counter: Counter, pieces: int, *tenders: tuple[str, int]) -> SaleDone:
    return sell(counter, cart_of(counter, (some_goods(counter), pieces * 1_000)), *tenders)


def test_sales_of_the_other_touch_neither_shift_nor_drawer(twins: Twins) -> None:
    first, second = twins.counters
    before = shift_figures(first.db, opened(first).id)
    done = sold(second, 4)
    sold(second, 1, ("qris", 2_500))
    move_cash(second, "out", 7_000, "es batu")
    make_refund(second, done.receipt, [Return(1, 1_000)], "rusak")
    twins.meet()
    assert shift_figures(first.db, opened(first).id) == before
    assert (before.float_amount, before.expected, before.sales) == (50_000, 52_500, 1)


def test_the_x_report_shows_this_shift_only(twins: Twins) -> None:
    first, second = twins.counters
    sold(second, 4)
    twins.meet()
    document = x_document(first.db, first.settings, opened(first), show_cash=True)
    text = render(document, "text", 32).decode()
    assert "52.500" in text and "10.000" not in text


def test_goods_given_back_here_leave_this_drawer(twins: Twins) -> None:
    """The buyer came to the other counter: the cash goes out there, where the shift counts it."""
    first, second = twins.counters
    done = sold(first, 4)
    twins.meet()
    there = shift_figures(second.db, opened(second).id)
    back = make_refund(second, done.receipt, [Return(1, 1_000)], "rusak")
    twins.meet()
    after = shift_figures(second.db, opened(second).id)
    assert (after.cash_refunds - there.cash_refunds, after.expected - there.expected) == (
        -back.total,
        back.total,
    )
    here = shift_figures(first.db, opened(first).id)
    assert (here.cash_refunds, here.refunds, here.expected) == (0, 0, 62_500)


def test_a_shift_of_the_other_is_none_of_this_counter(twins: Twins) -> None:
    first, second = twins.counters
    close_shift(first, 52_500)
    twins.meet()
    assert open_shift(first.db) is None and open_shift(second.db) is not None
    with pytest.raises(NoShift):
        sold(first, 1)
    with pytest.raises(NoShift):
        move_cash(first, "in", 1_000, "receh")
    shift_id = start_shift(first, 10_000)
    twins.meet()
    assert opened(first).id == shift_id != opened(second).id
    for number in (0, 1):
        twins.check(number)


def test_a_closing_counts_its_own_shift_and_numbers_go_on_apart(twins: Twins) -> None:
    first, second = twins.counters
    sold(second, 4)
    twins.meet()
    mine, theirs = close_shift(first, 52_500), close_shift(second, 70_000)
    assert (mine.z_number, mine.expected, theirs.z_number, theirs.expected) == (
        1, 52_500, 1, 70_000,
    )  # fmt: skip
    twins.meet()
    assert [find_z(counter.db, "").device_z for counter in twins.counters] == ["K1-1", "K2-1"]
    text = render(z_document(first.db, first.settings, "K2-1"), "text", 32).decode()
    assert "70.000" in text
    start_shift(first, 0)
    assert close_shift(first, 0).z_number == 2


@pytest.mark.parametrize("by", BYS)
def test_the_days_report_counts_all_registers(twins: Twins, by: str) -> None:
    first, second = twins.counters
    sold(second, 4)
    sold(first, 2)
    twins.meet()
    for counter in twins.counters:
        rows = report_sales(counter.db, DAY, DAY, by, counter.settings.zone)  # type: ignore[arg-type]
        # Before they met: 2.500 here, 5.000 and two of 2.500 there; since then 10.000 and 5.000.
        assert report_total(rows) == 27_500


def test_the_list_of_receipts_names_the_register(twins: Twins) -> None:
    first, second = twins.counters
    mine, theirs = sold(first, 9), sold(second, 8)
    twins.meet()
    for counter in twins.counters:
        found = [(row.receipt, row.total, row.register) for row in find_receipts(counter.db)]
        assert (mine.receipt, 22_500, "K1") in found and (theirs.receipt, 20_000, "K2") in found


def test_a_counter_that_never_closed_shows_nobody_elses_z(twins: Twins) -> None:
    first, second = twins.counters
    close_shift(second, 70_000)
    twins.meet()
    with pytest.raises(NoZ):
        find_z(first.db, "")
    assert find_z(first.db, "K2-1").device_z == "K2-1"
    assert find_z(second.db, "").device_z == "K2-1"
