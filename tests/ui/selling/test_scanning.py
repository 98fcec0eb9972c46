"""Scans at the selling screen: into the cart whatever has the focus, or a way to a new product."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from tests.ui.hands import MI, MI_DUS, SABUN, Hands

NEW = "8998866200578"


@pytest.mark.parametrize("place", ["scan", "cart", "pay", "more", "selling"])
def test_a_scan_becomes_a_line_whatever_has_the_focus(hands: Hands, place: str) -> None:
    hands.scan(SABUN)
    hands.window.findChild(QWidget, place).setFocus()
    hands.scan(MI)
    assert hands.cart == [("Sabun mandi", 1000, "pcs"), ("Mi goreng", 1000, "pcs")]
    assert hands.field("scan").text() == ""


def test_scans_without_a_pause_are_all_taken_in_order(hands: Hands) -> None:
    hands.scan(MI, SABUN, MI_DUS, MI, MI)
    assert [(name, qty) for name, qty, _unit in hands.cart] == [
        ("Mi goreng", 3000),
        ("Sabun mandi", 1000),
        ("Mi kuah dus besar", 1000),
    ]


def test_a_scan_never_pays(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9")
    hands.scan(SABUN)
    assert hands.page == "payment"
    assert hands.sales == []
    assert hands.field("cash").text() == ""


def test_the_scan_after_a_sale_begins_the_next(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9", "Enter")
    hands.scan(SABUN)
    assert hands.page == "selling"
    assert hands.cart == [("Sabun mandi", 1000, "pcs")]


def test_an_unknown_code_becomes_a_product_and_a_line(hands: Hands) -> None:
    hands.scan(NEW)
    assert hands.cart == []
    assert NEW in hands.words
    hands.press("Ins")
    assert hands.panel == "new_product_panel"
    hands.type("Kopi susu")
    hands.press("Enter")
    hands.type("5000")
    hands.press("Enter")
    assert hands.panel == ""
    assert hands.cart == [("Kopi susu", 1000, "pcs")]
    hands.scan(NEW)
    assert hands.cart == [("Kopi susu", 2000, "pcs")]
    assert NEW not in hands.words


def test_selling_goes_on_beside_an_unknown_code(hands: Hands) -> None:
    hands.scan(NEW, MI)
    assert hands.cart == [("Mi goreng", 1000, "pcs")]


def test_a_new_product_without_price_says_so(hands: Hands) -> None:
    hands.scan(NEW)
    hands.press("Ins")
    hands.type("Kopi")
    hands.press("Enter", "Enter")
    assert hands.panel == "new_product_panel"
    assert "Isi harganya." in hands.words


def test_a_scan_into_an_open_panel_is_refused_with_a_word(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F5")
    hands.scan(SABUN)
    assert hands.cart == [("Mi goreng", 1000, "pcs")]
    assert hands.field("quantity_field").text() == "1"
    assert "Tutup kotak ini dulu (Esc), lalu pindai lagi." in hands.said
