"""The ten commonest tasks by touch alone; scanning costs no touch.

What has to be written (a name, why something comes back) is written on the desktop's own
keyboard: nothing here needs it but a refund, whose reason is put in its field at once.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pos.customers.people import add_customer
from pos.staff.pins import set_pin
from pos.ui.foundation.look import looks
from pos.ui.selling.cart_table import MINUS, PLUS
from pos.ui.widgets.tile import Tile
from tests.ui.hands import MI, SABUN, Hands


@pytest.fixture
def touch(hands: Hands) -> Iterator[Hands]:
    """Hands without a keyboard at a counter that is set for fingers."""
    hands.only = "touch"
    looks().set_touch(True)
    hands.wedge.settle()
    yield hands
    looks().set_touch(False)


def _sold(hands: Hands) -> bool:
    return len(hands.sales) == 1 and hands.page == "sale_done"


def test_one_article_exact_cash(touch: Hands) -> None:
    touch.scan(MI)
    touch.tap("pay", "confirm")
    assert (_sold(touch), touch.count) == (True, 2)
    touch.tap("next_sale")
    assert touch.page == "selling"


def test_an_article_without_barcode(touch: Hands) -> None:
    """The tiles stay open: each further article is one touch."""
    touch.tap("show_tiles")
    touch.tap("category_mi")
    tile = next(
        one
        for one in touch.window.findChildren(Tile)
        if one.isVisible() and "Gula" in one.accessibleName()
    )
    touch.touch(tile)
    assert (touch.cart, touch.count) == ([("Gula pasir", 1000, "kg")], 3)
    touch.touch(tile)
    assert (touch.cart, touch.count) == ([("Gula pasir", 2000, "kg")], 4)


def test_two_more_of_the_same(touch: Hands) -> None:
    touch.scan(MI)
    touch.touch_row("cart", 0, PLUS)
    touch.touch_row("cart", 0, PLUS)
    touch.touch_row("cart", 0, MINUS)
    assert (touch.cart, touch.count) == ([("Mi goreng", 2000, "pcs")], 3)


def test_a_note_larger_than_the_total(touch: Hands) -> None:
    touch.scan(SABUN)
    touch.tap("pay", "note_2")
    assert (touch.sales, touch.count) == ([(4_800, 200)], 2)


def test_all_of_it_by_qris(touch: Hands) -> None:
    touch.scan(SABUN, SABUN)
    touch.tap("pay", "tender_qris", "qris_seen")
    assert (_sold(touch), touch.count) == (True, 3)


def test_kasbon(touch: Hands) -> None:
    add_customer(touch.counter, "Yusna Mohamad", credit_limit=50_000)
    touch.scan(MI)
    touch.tap("pay", "tender_credit")
    touch.wait_for("customer_panel")
    touch.touch_row("customer_list")
    assert (_sold(touch), touch.count) == (True, 3)


def test_park_and_fetch(touch: Hands) -> None:
    touch.scan(MI)
    touch.tap("park")
    assert (touch.cart, touch.count) == ([], 1)
    touch.tap("park", "parked_take")
    assert (touch.cart, touch.count) == ([("Mi goreng", 1000, "pcs")], 3)


def test_a_refund_from_paper(touch: Hands) -> None:
    touch.scan(MI)
    touch.tap("pay", "confirm", "next_sale")
    receipt = str(touch.counter.db.scalar("SELECT receipt FROM sale"))
    touch.begin()
    touch.scan(receipt)
    touch.tap("refund", "refund_all")
    touch.field("refund_reason").setText("salah")
    touch.tap("refund_now")
    assert touch.counter.db.scalar("SELECT total FROM sale WHERE type='refund'") == -2_500
    assert touch.count == 3


def test_a_price_check(touch: Hands) -> None:
    touch.tap("price_check")
    touch.scan(MI)
    assert "Rp 2.500" in touch.words
    touch.tap("price_check_close")
    assert (touch.cart, touch.count) == ([], 2)


def test_the_next_cashier(touch: Hands) -> None:
    set_pin(touch.counter, touch.counter.staff_id, "2468")
    touch.scan(MI)
    touch.window.lock()
    touch.tap(*(f"lock_pin_{digit}" for digit in "2468"), "lock_pin_done")
    assert touch.page == "selling"
    assert (touch.cart, touch.count) == ([("Mi goreng", 1000, "pcs")], 5)
