"""Keys in force: twins, other keys than the standard, and scans that fire none of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from pos.ui.keys.keymap import keymap, told_keys
from pos.ui.widgets.button import Button
from tests.ui.hands import MI, SABUN, Hands
from tests.ui.keys.wedge import CTRL


@pytest.mark.parametrize(
    ("twin", "panel"),
    [
        ("Ctrl+1", "help"),
        ("Ctrl+3", "customer_panel"),
        ("Ctrl+4", "price_check"),
        ("Ctrl+5", "quantity_panel"),
        ("Ctrl+8", "discount_panel"),
        ("Ctrl+0", "more_panel"),
    ],
)
def test_ctrl_and_a_digit_open_what_the_f_key_opens(hands: Hands, twin: str, panel: str) -> None:
    hands.scan(MI)
    hands.press(twin)
    assert hands.panel == panel


def test_a_sale_by_twins_alone(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("Ctrl+6")
    assert hands.cart == []
    hands.press("Ctrl+7", "Enter")
    assert hands.cart == [("Mi goreng", 1000, "pcs")]
    hands.press("Ctrl+9")
    assert hands.page == "payment"
    hands.press("Ctrl+2")
    assert hands.sales == [(2_500, 0)]


def test_buttons_of_other_pages_have_twins(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9", "Enter")
    hands.window.show_receipt()
    hands.press("Ctrl+8")
    assert hands.page == "refund_page"


def test_another_key_pays_and_is_printed_on_the_button(hands: Hands) -> None:
    hands.scan(MI)
    keymap().put({"pay": "Ctrl+P", "park": "F9"})
    assert hands.see(Button, "pay").key_hint() == "Ctrl+P"
    assert hands.see(Button, "park").accessibleName() == "Parkir, F9"
    hands.press("F9")
    assert hands.cart == []
    hands.press("F7", "Enter", "Ctrl+P")
    assert hands.page == "payment"


def test_a_cart_key_that_was_changed_is_not_the_fields(hands: Hands) -> None:
    hands.scan(MI, SABUN)
    keymap().put({"remove": "Ctrl+Shift+X", "undo": "Ctrl+Y"})
    hands.press("Del")
    assert len(hands.cart) == 2
    hands.press("Ctrl+Shift+X")
    assert hands.cart == [("Mi goreng", 1000, "pcs")]
    assert "Ctrl+Y mengembalikannya" in hands.said[-1]
    hands.press("Ctrl+Y")
    assert len(hands.cart) == 2


def test_the_more_panel_and_the_sheets_name_the_keys_in_force(hands: Hands) -> None:
    keymap().put({"price": "Ctrl+H", "pay": "Ctrl+P"})
    hands.scan(MI)
    hands.press("F10", "Ctrl+H")
    assert hands.panel == "price_panel"
    hands.press("Esc", "F1")
    assert "Ctrl+P, ketik uangnya, Enter." in hands.words
    hands.press("Esc")
    hands.window.show_keys()
    assert "\nCtrl+P\n" in hands.words and "\nF9\n" not in hands.words


def test_sentences_name_whole_keys_only() -> None:
    keymap().put({"find": "Ctrl+F", "remove": "Shift+Del", "clear": "Ctrl+Del"})
    assert told_keys("F2, F12, Del, Ctrl+Del, Delima") == (
        "Ctrl+F, F12, Shift+Del, Ctrl+Del, Delima"
    )


@pytest.mark.parametrize(
    ("digit", "text"), [(Qt.Key.Key_6, "\x1e"), (Qt.Key.Key_9, ""), (Qt.Key.Key_5, "\x1d")]
)
@pytest.mark.parametrize("before", ["[)>", "AB"])
def test_a_control_character_inside_a_code_is_no_shortcut(
    hands: Hands, digit: Qt.Key, text: str, before: str
) -> None:
    """Scanners type the record separator of ISO 15434 as Ctrl+6, which parks the cart."""
    hands.scan(MI)
    wedge = hands.wedge
    wedge.now += 500
    wedge.type(before, 2)
    wedge.now += 2
    overridden = wedge.key(digit, text, CTRL)
    assert overridden
    wedge.type("06", 2)
    wedge.enter()
    wedge.be_silent()
    assert hands.cart[0] == ("Mi goreng", 1000, "pcs")
    assert (hands.page, hands.panel) == ("selling", "")


def test_a_hand_that_presses_ctrl_after_a_letter_is_heard(hands: Hands) -> None:
    hands.scan(MI)
    wedge = hands.wedge
    wedge.type("x", 500)
    wedge.now += 90
    assert not wedge.key(Qt.Key.Key_6, "", CTRL)
