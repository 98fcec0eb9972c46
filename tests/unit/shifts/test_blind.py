"""Blind closing: nothing that is shown before the count gives the cash in the drawer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from core import cart as carts
from core.facts.selling import TenderPart
from core.receipt_layout import layout
from core.tender import TenderKind
from pos.counter import Counter
from pos.customers.people import add_customer, repay
from pos.printing.text import to_text
from pos.receipts.reports import x_document
from pos.reports.sales import BYS, By, read_sales
from pos.reports.shift import BlindFigures, blind_figures, shift_figures
from pos.selling.corrections import swap_tender
from pos.selling.refunds import Return, make_refund
from pos.shifts.blind import unseen_shift
from pos.shifts.closing import close_shift
from pos.shifts.drawer import move_cash, open_drawer, start_shift
from pos.shifts.open_shift import open_shift, open_shift_id
from pos.staff.people import add_staff, change_staff
from tests.helpers.counter import add_goods, cart_of, make_shop, sell

DAY = "2026-11-24"
FLOAT = 100_000


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A shift of every kind of money, with tax and cash rounding; a cashier is acting."""
    settings = {"cash_step": 100, "cash_mode": "down", "tax_basis_points": 1100}
    with make_shop(tmp_path, **settings) as shop:
        start_shift(shop, FLOAT)
        goods = add_goods(shop, price=7_313, qty=100_000)
        udin = add_customer(shop, "Pak Udin", credit_limit=100_000)
        first = sell(shop, cart_of(shop, (goods, 3_000)))
        sell(shop, cart_of(shop, (goods, 2_000)), ("qris", 14_626))
        credit = carts.set_customer(cart_of(shop, (goods, 1_000)), udin)
        sell(shop, credit, ("credit", 7_313))
        swapped = sell(shop, cart_of(shop, (goods, 4_000)), ("card", 29_252))
        swap_tender(shop, swapped.receipt, 1, TenderKind.CASH, "salah tekan")
        make_refund(shop, first.receipt, [Return(1, 1_000)], "rusak")
        repay(shop, udin, 5_000, (TenderPart("cash", 2_000, 2_000), TenderPart("qris", 3_000)))
        move_cash(shop, "in", 11_000, "receh")
        move_cash(shop, "out", 6_000, "es")
        open_drawer(shop, "tukar")
        shop.staff_id = add_staff(shop, "Rahmat", "cashier")
        yield shop


def seen(counter: Counter) -> BlindFigures:
    """What the cashier may see of the open shift."""
    return blind_figures(shift_figures(counter.db, open_shift_id(counter.db)))


def paper(counter: Counter, *, show_cash: bool) -> str:
    """The X report as text."""
    shift = open_shift(counter.db)
    assert shift is not None
    document = x_document(counter.db, counter.settings, shift, show_cash=show_cash)
    return to_text(layout(document, 42), 42)


def test_no_sum_or_difference_of_what_is_shown_gives_the_cash(counter: Counter) -> None:
    figures = shift_figures(counter.db, open_shift_id(counter.db))
    amounts = [amount for _, _, amount in seen(counter).totals if amount is not None]
    amounts += [seen(counter).repaid_other, FLOAT, figures.cash_in, -figures.cash_out]
    reckoned = {
        sign * sum(part)
        for size in range(len(amounts) + 1)
        for part in combinations(amounts, size)
        for sign in (1, -1)
    }
    cash = sum(total.amount for total in figures.totals if total.kind == "cash")
    assert not reckoned & {figures.expected, figures.expected - FLOAT, cash, figures.net}


def test_counts_stay_and_so_do_the_other_tenders(counter: Counter) -> None:
    blind = seen(counter)
    assert (blind.sales, blind.refunds, blind.drawer_openings) == (4, 1, 1)
    assert blind.totals == (("cash", 3, None), ("credit", 1, 7_313), ("qris", 1, 14_626))
    assert (blind.first_receipt, blind.last_receipt) == ("K1-000001", "K1-000005")


def test_the_paper_of_a_cashier_has_no_sum_of_sales(counter: Counter) -> None:
    whole, blind = paper(counter, show_cash=True), paper(counter, show_cash=False)
    for word in ("Kotor", "Bersih", "Pajak", "Diskon", "LACI", "Modal awal", "Seharusnya"):
        assert word in whole and word not in blind
    rows = [line.split() for line in blind.splitlines()]
    assert ["Penjualan", "4"] in rows and ["QRIS", "(1)", "14.626"] in rows
    assert ["Tunai", "(3)", "(hitung", "dulu)"] in rows
    assert "setelah laci dihitung" in " ".join(blind.split())


@pytest.mark.parametrize("by", BYS)
def test_reports_leave_the_uncounted_shift_out_for_who_counts_it(counter: Counter, by: By) -> None:
    cashier, owner = counter.staff_id, counter.db.scalar("SELECT id FROM staff WHERE role='owner'")
    counter.staff_id = bytes(owner)
    whole = read_sales(counter, DAY, DAY, by)
    assert whole.net > 0 and not whole.unseen
    change_staff(counter, cashier, permissions={"see_reports": True})
    counter.staff_id = cashier
    blind = read_sales(counter, DAY, DAY, by)
    assert (blind.rows, blind.unseen) == ([], True)
    close_shift(counter, 50_000)
    after = read_sales(counter, DAY, DAY, by)
    assert (after.net, after.unseen) == (whole.net, False)


def test_a_manager_who_lets_somebody_read_has_not_opened_the_drawer(counter: Counter) -> None:
    manager = counter.db.scalar("SELECT id FROM staff WHERE role='owner'")
    with counter.approved(bytes(manager)):
        assert read_sales(counter, DAY, DAY, "day").unseen


def test_the_permission_opens_everything(counter: Counter) -> None:
    cashier, owner = counter.staff_id, counter.db.scalar("SELECT id FROM staff WHERE role='owner'")
    assert unseen_shift(counter) == open_shift_id(counter.db)
    counter.staff_id = bytes(owner)
    change_staff(counter, cashier, permissions={"see_expected_cash": True})
    counter.staff_id = cashier
    assert unseen_shift(counter) == b""
