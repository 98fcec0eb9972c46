"""The commonest tasks by keys alone and by touch alone, each at its promised cost.

The promises are those of the counter's design: one scanned article in exact cash is two keys.
"""

from __future__ import annotations

from pos.customers.people import add_customer
from tests.ui.hands import MI, SABUN, Hands


def _sold(hands: Hands) -> bool:
    return len(hands.sales) == 1 and hands.page == "sale_done"


def test_one_article_exact_cash(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9", "Enter")
    assert (_sold(hands), hands.count) == (True, 2)


def test_one_article_exact_cash_by_touch(hands: Hands) -> None:
    hands.scan(MI)
    hands.tap("pay", "confirm")
    assert (_sold(hands), hands.count) == (True, 2)


def test_an_article_without_barcode(hands: Hands) -> None:
    hands.type("gul")
    hands.press("Enter")
    assert (hands.cart, hands.count) == ([("Gula pasir", 1000, "kg")], 4)


def test_five_of_the_same(hands: Hands) -> None:
    hands.type("5*")
    hands.scan(MI)
    assert (hands.cart, hands.count) == ([("Mi goreng", 5000, "pcs")], 2)


def test_a_note_larger_than_the_total(hands: Hands) -> None:
    hands.scan(SABUN)
    hands.press("F9", "F3")
    assert (hands.sales, hands.count) == ([(4_800, 200)], 2)


def test_a_note_larger_than_the_total_by_touch(hands: Hands) -> None:
    hands.scan(SABUN)
    hands.tap("pay", "note_2")
    assert (hands.sales, hands.count) == ([(4_800, 200)], 2)


def test_cash_and_qris_by_touch(hands: Hands) -> None:
    hands.scan(SABUN, SABUN)
    hands.press("F9")
    hands.type("5000")
    hands.tap("tender_qris", "qris_seen")
    hands.tap("confirm")
    assert (_sold(hands), hands.count) == (True, 8)


def test_kasbon(hands: Hands) -> None:
    add_customer(hands.counter, "Yusna Mohamad", credit_limit=50_000)
    hands.scan(MI)
    hands.press("F9")
    hands.type("k")
    hands.wait_for("customer_panel")
    hands.type("yus")
    hands.press("Enter")
    assert (_sold(hands), hands.count) == (True, 6)


def test_kasbon_by_touch(hands: Hands) -> None:
    customer = add_customer(hands.counter, "Yusna Mohamad", credit_limit=50_000)
    hands.scan(MI)
    hands.desk.till.set_customer(customer)
    hands.tap("pay", "tender_credit")
    assert (_sold(hands), hands.count) == (True, 2)


def test_park_and_fetch(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F6")
    assert (hands.cart, hands.count) == ([], 1)
    hands.press("F7", "Enter")
    assert (hands.cart, hands.count) == ([("Mi goreng", 1000, "pcs")], 3)


def test_park_and_fetch_by_touch(hands: Hands) -> None:
    hands.scan(MI)
    hands.tap("park")
    hands.tap("park", "parked_take")
    assert (hands.cart, hands.count) == ([("Mi goreng", 1000, "pcs")], 3)


def test_a_price_check(hands: Hands) -> None:
    hands.press("F4")
    hands.scan(MI)
    assert "Rp 2.500" in hands.words
    hands.press("Esc")
    assert (hands.cart, hands.count) == ([], 2)


def test_a_refund_from_paper(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9", "Enter", "Enter")
    receipt = str(hands.counter.db.scalar("SELECT receipt FROM sale"))
    hands.count = 0
    hands.scan(receipt)
    hands.press("F8")
    hands.give_reason("salah")
    hands.press("F9")
    assert hands.counter.db.scalar("SELECT total FROM sale WHERE type='refund'") == -2_500
    assert hands.count == 2 + len("salah")
