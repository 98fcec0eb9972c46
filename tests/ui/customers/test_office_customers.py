"""Customers: written down, changed, searched, and their debts paid back with a statement."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core import cart as carts
from core.facts.selling import TenderPart
from pos.counter import Counter
from pos.customers.accounts import balance_debt, customer, customer_named
from pos.customers.people import add_customer, repay
from pos.customers.statement import statement
from pos.journal.verify import verify
from pos.selling.refunds import all_lines, make_refund
from pos.shifts.drawer import start_shift
from pos.ui.customers.panels import CustomerForm, RepayPanel
from pos.ui.customers.screen import CustomersPage
from pos.ui.shell.window import MainWindow
from tests.helpers.counter import add_goods, cart_of, sell
from tests.helpers.office import open_panel


@pytest.fixture
def yati(counter: Counter) -> bytes:
    """A customer who owes 5.000 in kasbon and 2.500 on payroll."""
    start_shift(counter, 100_000)
    who = add_customer(
        counter, "Ibu Yati", credit_limit=50_000, member_no="A-7", balance_limit=40_000
    )
    goods = add_goods(counter, price=2_500)
    owed(counter, who, goods, 2_000, "credit")
    owed(counter, who, goods, 1_000, "balance")
    return who


def owed(counter: Counter, who: bytes, goods: bytes, qty: int, kind: str) -> str:
    cart = cart_of(counter, (goods, qty))
    return sell(counter, carts.set_customer(cart, who), (kind, qty * 5 // 2)).receipt


def customers_page(window: MainWindow) -> CustomersPage:
    window.ways.customers()
    page = window.pages.currentWidget()
    assert isinstance(page, CustomersPage)
    return page


def form(window: MainWindow) -> CustomerForm:
    panel = open_panel(window, "customer_form")
    assert isinstance(panel, CustomerForm)
    return panel


def repay_panel(window: MainWindow) -> RepayPanel:
    panel = open_panel(window, "repay_panel")
    assert isinstance(panel, RepayPanel)
    return panel


def test_somebody_searched_in_vain_is_written_down(
    window: MainWindow, counter: Counter, qtbot: QtBot
) -> None:
    page = customers_page(window)
    qtbot.keyClicks(page.search, "Pak Haris")
    assert page.stack.currentIndex() == 1
    page._new()
    panel = form(window)
    assert panel.name.text() == "Pak Haris"
    panel.phone.setText("0812")
    panel.limit.set_amount(1_250_000_000)
    panel.month.set_amount(300_000)
    qtbot.keyClick(panel.note, Qt.Key.Key_Return)
    made = customer_named(counter.db, "Pak Haris")
    assert (made.phone, made.credit_limit, made.balance_limit) == ("0812", 1_250_000_000, 300_000)
    assert page.model.row(page.table.current_row()).id == made.id


def test_a_name_is_needed(window: MainWindow) -> None:
    customers_page(window)._new()
    panel = form(window)
    panel._save()
    assert "nama" in panel.name_row.below()
    assert panel.isVisible()


def test_a_customer_is_changed(window: MainWindow, counter: Counter, yati: bytes) -> None:
    page = customers_page(window)
    page._change()
    panel = form(window)
    assert (panel.member.text(), panel.limit.amount()) == ("A-7", 50_000)
    panel.name.setText("Ibu Yati Mootalu")
    panel.limit.set_amount(0)
    panel._save()
    changed = customer(counter.db, yati)
    assert (changed.name, changed.credit_limit, changed.debt) == ("Ibu Yati Mootalu", 0, 5_000)


def test_the_list_is_searched_by_member_number(window: MainWindow, yati: bytes) -> None:
    add_customer(window.desk.counter, "Pak Haris")
    page = customers_page(window)
    assert page.model.count() == 2
    page.search.setText("A-7")
    assert [page.model.row(0).id] == [yati] and page.model.count() == 1


def test_a_part_is_paid_back_in_cash(
    window: MainWindow, counter: Counter, yati: bytes, qtbot: QtBot
) -> None:
    page = customers_page(window)
    page.pay()
    panel = repay_panel(window)
    assert "5.000" in panel.owed.text()
    panel.amount.set_amount(2_000)
    qtbot.keyClick(panel.amount, Qt.Key.Key_Return)
    assert customer(counter.db, yati).debt == 3_000
    assert "3.000" in window.status.said()
    assert page.moves.row(0).amount == -2_000
    assert verify(counter.db).ok


def test_more_than_is_owed_is_not_taken(window: MainWindow, counter: Counter, yati: bytes) -> None:
    customers_page(window).pay()
    panel = repay_panel(window)
    panel.amount.set_amount(5_001)
    panel._save()
    assert "5.000" in panel.row.below()
    assert customer(counter.db, yati).debt == 5_000


def test_the_whole_payroll_debt_is_paid_by_transfer(
    window: MainWindow, counter: Counter, yati: bytes
) -> None:
    customers_page(window).pay()
    panel = repay_panel(window)
    panel.account.set_value("balance")
    panel.kind.set_value("transfer")
    panel._all()
    assert panel.amount.amount() == 2_500
    panel.reference.setText("BRI 0099")
    panel._save()
    assert balance_debt(counter.db, yati) == 0
    assert customer(counter.db, yati).debt == 5_000
    row = counter.db.one("SELECT kind, reference FROM repayment")
    assert tuple(row or ()) == ("transfer", "BRI 0099")


def test_who_owes_nothing_pays_nothing(window: MainWindow, counter: Counter) -> None:
    add_customer(counter, "Pak Haris")
    customers_page(window).pay()
    assert "tidak punya utang" in window.status.said()


def test_the_two_accounts_have_statements_of_their_own(window: MainWindow, yati: bytes) -> None:
    page = customers_page(window)
    assert [row.amount for row in page.moves._rows] == [5_000]
    page._switch()
    assert [row.amount for row in page.moves._rows] == [2_500]
    assert "kasbon" in page.other.text()


def test_a_statement_says_what_each_movement_came_from(counter: Counter, yati: bytes) -> None:
    goods = add_goods(counter, name="Teh", price=2_500)
    receipt = owed(counter, yati, goods, 4_000, "credit")
    make_refund(counter, receipt, all_lines(counter.db, receipt, "stock"), "rusak")
    repay(counter, yati, 1_500, [TenderPart("cash", 1_500, 1_500)])
    rows = statement(counter.db, yati)
    assert [row.source for row in rows] == ["repayment", "refund", "sale", "sale"]
    assert [row.amount for row in rows] == [-1_500, -10_000, 10_000, 5_000]
    assert [row.left for row in rows] == [3_500, 5_000, 15_000, 5_000]
    assert rows[0].left == customer(counter.db, yati).debt
    assert rows[2].receipt == receipt
