"""Staff: new people, PINs, roles, and permissions with limits, as an owner sets them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.permissions import CASHIER, MANAGER
from pos.counter import Counter
from pos.staff.people import add_staff, by_name, may
from pos.staff.pins import WrongPin, check_pin
from pos.ui.shell.window import MainWindow
from pos.ui.staff.people import NewPersonPanel, StaffPage
from pos.ui.widgets.overlay import PinPanel
from tests.helpers.office import open_panel


def staff_page(window: MainWindow, name: str = "") -> StaffPage:
    window.ways.staff()
    page = window.pages.currentWidget()
    assert isinstance(page, StaffPage)
    if name:
        names = [page.model.row(number).name for number in range(page.model.count())]
        page.table.go_to(names.index(name))
    return page


def pin_panel(window: MainWindow) -> PinPanel:
    panel = open_panel(window, "staff_pin_panel")
    assert isinstance(panel, PinPanel)
    return panel


def test_a_new_cashier_is_written_down_and_given_a_pin(
    window: MainWindow, counter: Counter, qtbot: QtBot
) -> None:
    page = staff_page(window)
    page._new()
    form = open_panel(window, "new_staff")
    assert isinstance(form, NewPersonPanel)
    qtbot.keyClicks(form.name, "Rahmat")
    qtbot.keyClick(form.name, Qt.Key.Key_Return)
    made = by_name(counter.db, "Rahmat")
    assert made.role == "cashier"
    panel = pin_panel(window)
    for _again in range(2):
        qtbot.keyClicks(panel.pad, "2468")
        qtbot.keyClick(panel.pad, Qt.Key.Key_Return)
    check_pin(counter, made.id, "2468")
    with pytest.raises(WrongPin):
        check_pin(counter, made.id, "2469")
    assert not panel.isVisible()


def test_two_different_pins_set_none(window: MainWindow, counter: Counter) -> None:
    staff = add_staff(counter, "Rahmat", "cashier")
    page = staff_page(window, "Rahmat")
    page.ask_pin()
    panel = pin_panel(window)
    panel.entered.emit("2468")
    panel.entered.emit("1357")
    assert panel.isVisible()
    assert not by_name(counter.db, "Rahmat").has_pin
    panel.entered.emit("1357")
    panel.entered.emit("1357")
    check_pin(counter, staff, "1357")


def test_only_what_differs_from_the_role_is_kept(window: MainWindow, counter: Counter) -> None:
    staff = add_staff(counter, "Rahmat", "cashier")
    page = staff_page(window, "Rahmat")
    assert page.rights.rights() == {}
    page.rights.set_right("discount", "limit", "7,5")
    page.rights.set_right("refund", "limit", "100.000")
    page.rights.set_right("reprint", "no")
    page._save()
    kept = by_name(counter.db, "Rahmat").permissions
    assert kept == {"discount": 750, "refund": 100_000, "reprint": False}
    assert may(counter, "refund", 100_000, staff_id=staff)
    assert not may(counter, "refund", 100_001, staff_id=staff)
    again = staff_page(window, "Rahmat")
    assert again.rights.rights() == kept


def test_a_limit_that_is_no_number_is_not_kept(window: MainWindow, counter: Counter) -> None:
    add_staff(counter, "Rahmat", "cashier")
    page = staff_page(window, "Rahmat")
    page.rights.set_right("cash_out", "limit", "banyak")
    page._save()
    assert by_name(counter.db, "Rahmat").permissions == {}
    assert "angka" in window.status.said()


def test_role_and_activity_are_changed(window: MainWindow, counter: Counter) -> None:
    add_staff(counter, "Rahmat", "cashier")
    page = staff_page(window, "Rahmat")
    page.role.set_value("manager")
    page._save()
    assert by_name(counter.db, "Rahmat").role == "manager"
    page.active.setChecked(False)
    page._save()
    chosen = page.chosen()
    assert chosen is not None and chosen.name == "Rahmat" and not chosen.active
    assert page.model.row(page.table.current_row()).name == "Rahmat"


def test_every_act_of_the_roles_can_be_set(window: MainWindow, counter: Counter) -> None:
    add_staff(counter, "Rahmat", "cashier")
    page = staff_page(window, "Rahmat")
    assert {right.act for right in page.rights._rights} == set(CASHIER) == set(MANAGER)


def test_the_last_owner_stays_an_owner(window: MainWindow, counter: Counter) -> None:
    page = staff_page(window, "Ibu Sri")
    assert not page.rights.owner_word.isHidden()
    page.role.set_value("cashier")
    page._save()
    assert by_name(counter.db, "Ibu Sri").role == "owner"
    assert "pemilik" in window.status.said()


def test_a_cashier_needs_a_manager_for_it(window: MainWindow, counter: Counter) -> None:
    counter.staff_id = add_staff(counter, "Rahmat", "cashier")
    page = staff_page(window, "Rahmat")
    page.rights.set_right("refund", "yes")
    page._save()
    assert by_name(counter.db, "Rahmat").permissions == {}
    assert open_panel(window, "override").isVisible()
