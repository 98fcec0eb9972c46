"""The ten commonest tasks by keys alone, each at its promised cost; scanning costs no key.

`PROMISED` is the counter's own table of what a task costs. It counts a typed word or number as
one step, whatever its length; the keys one by one stand beside it.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from pos.customers.people import add_customer
from pos.staff.pins import set_pin
from tests.ui.hands import MI, SABUN, Hands


class Cost(NamedTuple):
    """Steps, and the keys that they are here."""

    steps: int
    keys: int


PROMISED = {
    "exact cash": Cost(2, 2),  # F9, Enter
    "without barcode": Cost(2, 4),  # three letters, Enter
    "five of the same": Cost(1, 2),  # 5*
    "five of the last": Cost(2, 3),  # 5*, Enter
    "a larger note": Cost(2, 2),  # F9, its key
    "cash and QRIS": Cost(5, 8),  # F9, amount, Enter, Q, F9: what is left is filled in
    "kasbon": Cost(4, 6),  # F9, K, three letters of the name, Enter
    "park": Cost(1, 1),  # F6
    "fetch": Cost(2, 2),  # F7, Enter
    # Promised is 3: the receipt scanned, the lines marked, Enter. Ours shows the paper first (F8
    # goes on from it) and never gives money back without a word why, so it is two steps more.
    "refund": Cost(4, 8),  # F8, *, why, Enter
    "price check": Cost(2, 2),  # F4, Esc
    "next cashier": Cost(3, 7),  # F12, PIN, Enter
}


@pytest.fixture
def keys(hands: Hands) -> Hands:
    """Hands that touch nothing."""
    hands.only = "keys"
    return hands


def _cost(hands: Hands) -> Cost:
    return Cost(hands.steps, hands.count)


def _sold(hands: Hands) -> bool:
    return len(hands.sales) == 1 and hands.page == "sale_done"


def test_one_article_exact_cash(keys: Hands) -> None:
    keys.scan(MI)
    keys.press("F9", "Enter")
    assert _sold(keys)
    assert _cost(keys) == PROMISED["exact cash"]


def test_an_article_without_barcode(keys: Hands) -> None:
    keys.type("gul")
    keys.press("Enter")
    assert keys.cart == [("Gula pasir", 1000, "kg")]
    assert _cost(keys) == PROMISED["without barcode"]


def test_five_of_the_same(keys: Hands) -> None:
    keys.type("5*")
    keys.scan(MI)
    assert keys.cart == [("Mi goreng", 5000, "pcs")]
    assert _cost(keys) == PROMISED["five of the same"]


def test_five_of_what_was_scanned_last(keys: Hands) -> None:
    keys.scan(SABUN, MI)
    keys.type("5*")
    keys.press("Enter")
    assert keys.cart == [("Sabun mandi", 1000, "pcs"), ("Mi goreng", 5000, "pcs")]
    assert _cost(keys) == PROMISED["five of the last"]
    # The count is used up: the next article is one, and Enter does nothing any more.
    keys.press("Enter")
    keys.scan(SABUN)
    assert keys.cart == [("Sabun mandi", 2000, "pcs"), ("Mi goreng", 5000, "pcs")]


def test_a_count_without_a_line_waits_for_its_article(keys: Hands) -> None:
    keys.type("5*")
    keys.press("Enter")
    keys.scan(MI)
    assert keys.cart == [("Mi goreng", 5000, "pcs")]


def test_a_note_larger_than_the_total(keys: Hands) -> None:
    keys.scan(SABUN)
    keys.press("F9", "F3")
    assert keys.sales == [(4_800, 200)]
    assert _cost(keys) == PROMISED["a larger note"]


def test_cash_and_qris(keys: Hands) -> None:
    keys.scan(SABUN, SABUN)
    keys.press("F9")
    keys.type("5000")
    keys.press("Enter")
    keys.type("q")
    keys.wait_for("qris_panel")
    keys.press("F9")
    assert _sold(keys)
    tenders = keys.counter.db.rows("SELECT kind, amount FROM payment ORDER BY rowid")
    assert [tuple(row) for row in tenders] == [("cash", 5_000), ("qris", 4_600)]
    assert _cost(keys) == PROMISED["cash and QRIS"]


def test_qris_for_a_part_and_the_rest_in_cash(keys: Hands) -> None:
    keys.scan(SABUN, SABUN)
    keys.press("F9")
    keys.type("5000")
    keys.type("q")
    keys.wait_for("qris_panel")
    keys.press("F9", "Enter")
    assert _sold(keys)


def test_kasbon(keys: Hands) -> None:
    add_customer(keys.counter, "Yusna Mohamad", credit_limit=50_000)
    keys.scan(MI)
    keys.press("F9")
    keys.type("k")
    keys.wait_for("customer_panel")
    keys.type("yus")
    keys.press("Enter")
    assert _sold(keys)
    assert _cost(keys) == PROMISED["kasbon"]


def test_park_and_fetch(keys: Hands) -> None:
    keys.scan(MI)
    keys.press("F6")
    assert keys.cart == []
    assert _cost(keys) == PROMISED["park"]
    keys.begin()
    keys.press("F7", "Enter")
    assert keys.cart == [("Mi goreng", 1000, "pcs")]
    assert _cost(keys) == PROMISED["fetch"]


def test_a_refund_from_paper(keys: Hands) -> None:
    keys.scan(MI, SABUN)
    keys.press("F9", "Enter", "Enter")
    receipt = str(keys.counter.db.scalar("SELECT receipt FROM sale"))
    keys.begin()
    keys.scan(receipt)
    keys.press("F8", "*")
    keys.type("salah")
    keys.press("Enter")
    assert keys.counter.db.scalar("SELECT total FROM sale WHERE type='refund'") == -7_300
    assert _cost(keys) == PROMISED["refund"]


def test_a_price_check(keys: Hands) -> None:
    keys.press("F4")
    keys.scan(MI)
    assert "Rp 2.500" in keys.words
    keys.press("Esc")
    assert keys.cart == []
    assert _cost(keys) == PROMISED["price check"]


def test_the_next_cashier(keys: Hands) -> None:
    set_pin(keys.counter, keys.counter.staff_id, "24680")
    keys.scan(MI)
    keys.press("F12")
    assert keys.page == "lock"
    keys.type("24680")
    keys.press("Enter")
    assert keys.page == "selling"
    assert keys.cart == [("Mi goreng", 1000, "pcs")]
    assert _cost(keys) == PROMISED["next cashier"]
