"""The cart by keys: search, quantity, discount, parking, price check, and after a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.money import format_rupiah
from pos.counter import Counter
from pos.device.witness import Witness
from pos.opening import open_counter
from pos.shop.founding import change_settings
from pos.staff.people import add_staff, by_name
from pos.staff.pins import set_pin
from pos.ui.widgets.table import ListTable
from tests.helpers.counter import StillClock
from tests.ui.hands import MI, SABUN, Hands


def test_letters_arrow_and_enter_sell(hands: Hands) -> None:
    hands.type("mi")
    first = hands.see(ListTable, "results").current_row()
    hands.press("Down")
    assert hands.see(ListTable, "results").current_row() == first + 1
    hands.press("Up", "Enter")
    assert hands.cart == [("Mi goreng", 1000, "pcs")]
    assert hands.field("scan").text() == ""
    assert hands.field("scan").hasFocus()


def test_typing_anywhere_reaches_the_search(hands: Hands) -> None:
    hands.scan(SABUN)
    hands.see(ListTable, "cart").clearFocus()
    hands.window.selling.setFocus()
    hands.type("gula")
    hands.press("Enter")
    assert hands.cart[-1] == ("Gula pasir", 1000, "kg")


def test_three_times_then_a_scan(hands: Hands) -> None:
    hands.type("3*")
    assert "3 x" in hands.words
    hands.scan(MI)
    assert hands.cart == [("Mi goreng", 3000, "pcs")]
    assert "3 x" not in hands.words
    hands.scan(SABUN)
    assert hands.cart[-1] == ("Sabun mandi", 1000, "pcs")


@pytest.mark.parametrize(("typed", "qty"), [("7", 7000), ("0,25", 250)])
def test_a_quantity_is_typed(hands: Hands, typed: str, qty: int) -> None:
    hands.type("gula")
    hands.press("Enter", "F5")
    hands.type(typed)
    hands.press("Enter")
    assert hands.cart == [("Gula pasir", qty, "kg")]


def test_half_a_piece_is_refused(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F5")
    hands.type("0,5")
    hands.press("Enter")
    assert hands.cart == [("Mi goreng", 1000, "pcs")]


def test_plus_minus_delete_and_undo(hands: Hands) -> None:
    hands.scan(MI, SABUN)
    hands.type("+")
    assert hands.cart[-1] == ("Sabun mandi", 2000, "pcs")
    hands.type("-")
    hands.press("Del")
    assert hands.cart == [("Mi goreng", 1000, "pcs")]
    hands.press("Ctrl+Z")
    assert hands.cart[-1] == ("Sabun mandi", 1000, "pcs")


def test_another_unit_takes_its_own_price(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("Ctrl+U")
    assert hands.cart == [("Mi goreng", 1000, "dus")]
    assert hands.desk.till.priced.total == 96_000


def _cashier(hands: Hands) -> None:
    counter = hands.counter
    set_pin(counter, counter.staff_id, "246810")
    add_staff(counter, "Nurain", "cashier")
    counter.staff_id = by_name(counter.db, "Nurain").id


def _discount(hands: Hands, typed: str) -> None:
    hands.press("F8")
    hands.type(typed)
    hands.press("Enter")


def test_a_small_discount_needs_nobody(hands: Hands) -> None:
    _cashier(hands)
    hands.scan(MI, MI)
    _discount(hands, "200")
    assert hands.panel == ""
    assert hands.desk.till.priced.total == 4_800


def test_a_large_discount_needs_a_managers_pin(hands: Hands) -> None:
    _cashier(hands)
    hands.scan(MI, MI)
    _discount(hands, "1000")
    assert hands.panel == "override"
    assert "20 %" in hands.words
    assert hands.desk.till.priced.total == 5_000
    hands.type("111111")
    hands.press("Enter")
    assert hands.panel == "override"
    assert hands.desk.till.priced.total == 5_000
    hands.type("246810")
    hands.press("Enter")
    assert hands.desk.till.priced.total == 4_000
    assert hands.desk.who is not None
    assert hands.desk.who.name == "Nurain"


def test_escape_at_the_managers_pin_leaves_everything(hands: Hands) -> None:
    _cashier(hands)
    hands.scan(MI, MI)
    _discount(hands, "1000")
    hands.press("Esc")
    assert hands.panel == "discount_panel"
    assert hands.desk.till.priced.total == 5_000


def test_park_and_fetch(hands: Hands) -> None:
    hands.scan(MI, SABUN)
    before = hands.cart
    hands.press("F6")
    assert hands.cart == []
    hands.scan(SABUN)
    hands.press("F6", "F7", "Down", "Enter")
    assert hands.panel == ""
    hands.press("F7")
    assert hands.panel == "parked_panel" or hands.cart == before


def test_a_price_check_sells_nothing(hands: Hands) -> None:
    hands.press("F4")
    hands.scan(MI)
    for text in ("Mi goreng", "Rp 2.500", "Rp 96.000", "10 pcs"):
        assert text in hands.words
    hands.press("Esc")
    assert hands.panel == ""
    assert hands.cart == []


def test_keys_of_the_screen_do_nothing_below_a_panel(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F5", "F9", "F6", "Del")
    assert hands.page == "selling"
    assert hands.panel == "quantity_panel"
    assert hands.cart == [("Mi goreng", 1000, "pcs")]


def test_an_act_of_the_more_panel_has_its_key_there_too(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F10", "Ctrl+E")
    assert hands.panel == "price_panel"


def test_a_long_sum_keeps_its_first_digit(hands: Hands) -> None:
    hands.type("gula")
    hands.press("Enter", "F5")
    hands.type("71428,571")
    hands.press("Enter")
    table = hands.see(ListTable, "cart")
    total = format_rupiah(hands.desk.till.priced.total, symbol=False)
    assert total == "1.249.999.993"
    last = table.list_model.columnCount() - 1
    assert table.columnWidth(last) >= table.fontMetrics().horizontalAdvance(total)


def test_the_current_line_is_read_in_full(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("Ctrl+K")
    hands.type("tanpa kantong")
    hands.press("Enter")
    assert "Mi goreng · tanpa kantong" in hands.words


def test_the_cart_is_there_again_after_a_crash(
    hands: Hands, qtbot: QtBot, tmp_path: Path, clock: StillClock
) -> None:
    hands.scan(MI, SABUN, MI)
    before = hands.cart
    hands.let_go()
    # No goodbye: the lock is dropped as the system does when a process dies, nothing is written.
    folder = hands.counter.folder
    hands.counter.close()
    again = open_counter(folder, clock=clock, witness=Witness(tmp_path / "state"))
    try:
        second = Hands(qtbot, again, tmp_path)
        second.window.begin()
        assert second.cart == before
        assert "Keranjang terakhir dilanjutkan." in second.said
        second.let_go()
    finally:
        again.close()


def test_settings_of_tax_are_shown_in_the_total(shop: Counter, hands: Hands) -> None:
    change_settings(shop, shop_name="Toko Baru")
    assert "Toko Baru" in hands.words
