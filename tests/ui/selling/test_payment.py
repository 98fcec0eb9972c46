"""Taking the money: two keys for exact cash, notes, several tenders, kasbon, QRIS."""

from __future__ import annotations

import pytest

from pos.customers.people import add_customer
from pos.staff.people import add_staff, by_name
from pos.staff.pins import set_pin
from tests.ui.hands import MI, SABUN, Hands


def _tenders(hands: Hands) -> list[tuple[str, int]]:
    rows = hands.counter.db.rows("SELECT kind, amount FROM payment ORDER BY rowid")
    return [(row[0], row[1]) for row in rows]


def test_exact_cash_in_two_keys(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9", "Enter")
    assert hands.count == 2
    assert hands.sales == [(2_500, 0)]
    assert hands.page == "sale_done"


def test_a_suggested_note_by_its_key(hands: Hands) -> None:
    hands.scan(MI, SABUN)
    hands.press("F9", "F3")
    assert hands.sales == [(7_300, 700)]
    assert "Rp 700" in hands.words


def test_a_suggested_note_by_touch(hands: Hands) -> None:
    hands.scan(MI, SABUN)
    hands.tap("pay", "note_2")
    assert hands.sales == [(7_300, 700)]


def test_cash_is_typed(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9")
    hands.type("10000")
    assert "Rp 7.500" in hands.words
    hands.press("Enter")
    assert hands.sales == [(2_500, 7_500)]


def test_too_little_cash_does_not_end_the_sale(hands: Hands) -> None:
    hands.scan(SABUN)
    hands.press("F9")
    hands.type("4000")
    hands.press("Enter")
    assert hands.sales == []
    assert "Masih kurang Rp 800" in hands.words


def test_cash_and_the_rest_by_qris(hands: Hands) -> None:
    hands.scan(SABUN)
    hands.press("F9")
    hands.type("3000")
    hands.press("Enter")
    hands.type("q")
    hands.wait_for("qris_panel")
    assert "Rp 1.800" in hands.words
    hands.tap("qris_seen")
    assert hands.sales == [(4_800, 0)]
    assert _tenders(hands) == [("cash", 3_000), ("qris", 1_800)]


def test_ten_times_too_much_asks_once(hands: Hands) -> None:
    hands.scan(SABUN)
    hands.press("F9")
    hands.type("500000")
    hands.press("Enter")
    assert hands.sales == []
    assert "Yakin menerima Rp 500.000?" in hands.words
    hands.press("Enter")
    assert hands.sales == [(4_800, 495_200)]


def test_qris_that_has_not_come_waits_aside(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9")
    hands.type("q")
    hands.wait_for("qris_panel")
    hands.tap("qris_wait")
    assert hands.page == "selling"
    assert hands.cart == []
    assert hands.sales == []
    hands.press("F7")
    assert hands.panel == "parked_panel"
    hands.press("Enter")
    assert hands.cart == [("Mi goreng", 1000, "pcs")]


def test_closing_the_qris_panel_pays_nothing(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9")
    hands.type("q")
    hands.wait_for("qris_panel")
    hands.press("Esc")
    assert (hands.page, hands.sales) == ("payment", [])


@pytest.fixture
def yusna(hands: Hands) -> bytes:
    return add_customer(hands.counter, "Yusna Mohamad", credit_limit=5_000)


def test_kasbon_in_its_limit(hands: Hands, yusna: bytes) -> None:
    hands.scan(MI)
    hands.press("F9")
    hands.type("k")
    hands.wait_for("customer_panel")
    hands.type("yus")
    hands.press("Enter")
    assert hands.sales == [(2_500, 0)]
    assert _tenders(hands) == [("credit", 2_500)]


def test_kasbon_over_its_limit_asks_a_manager(hands: Hands, yusna: bytes) -> None:
    counter = hands.counter
    set_pin(counter, counter.staff_id, "246810")
    add_staff(counter, "Nurain", "cashier")
    counter.staff_id = by_name(counter.db, "Nurain").id
    hands.scan(SABUN, SABUN)
    hands.press("F9")
    hands.type("k")
    hands.wait_for("customer_panel")
    hands.type("yus")
    hands.press("Enter")
    assert hands.sales == []
    assert hands.panel == "override"
    hands.type("246810")
    hands.press("Enter")
    assert hands.sales == [(9_600, 0)]


def test_escape_takes_the_last_tender_back_then_leaves(hands: Hands) -> None:
    hands.scan(SABUN)
    hands.press("F9")
    hands.type("3000")
    hands.press("Enter", "Esc")
    assert hands.page == "payment"
    assert "Rp 4.800" in hands.words
    hands.press("Esc")
    assert hands.page == "selling"
    assert hands.cart == [("Sabun mandi", 1000, "pcs")]


def test_an_empty_cart_is_not_paid(hands: Hands) -> None:
    hands.press("F9")
    assert hands.page == "selling"
    assert "Keranjang masih kosong. Pindai atau ketik nama barang." in hands.said


def test_enter_held_down_pays_once(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9", "Enter", "Enter", "Enter")
    assert hands.sales == [(2_500, 0)]
