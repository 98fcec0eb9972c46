"""The lock: names, PINs, and what stays as it was."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from pos.counter import Counter
from pos.staff.people import add_staff, everybody
from pos.staff.pins import set_pin
from pos.ui.foundation.sounds import Sounds
from pos.ui.shell.desk import Desk
from pos.ui.shell.window import MainWindow
from tests.helpers.counter import StillClock
from tests.ui.hands import MI, Hands

PIN = "246810"


def _with_pin(hands: Hands) -> None:
    set_pin(hands.counter, hands.counter.staff_id, PIN)


def test_the_lock_keeps_the_cart(hands: Hands) -> None:
    _with_pin(hands)
    hands.scan(MI)
    hands.press("F12")
    assert hands.page == "lock"
    assert hands.counter.staff_id == b""
    hands.type(PIN)
    hands.press("Enter")
    assert hands.page == "selling"
    assert hands.cart == [("Mi goreng", 1000, "pcs")]


def test_a_wrong_pin_stays_outside(hands: Hands) -> None:
    _with_pin(hands)
    hands.press("F12")
    hands.type("111111")
    hands.press("Enter")
    assert hands.page == "lock"
    assert hands.counter.staff_id == b""


def test_a_scan_at_the_lock_sells_nothing(hands: Hands) -> None:
    _with_pin(hands)
    hands.press("F12")
    hands.scan(MI)
    assert hands.cart == []
    assert hands.page == "lock"


def test_too_many_wrong_pins_lock_even_the_right_one_out_for_a_while(
    hands: Hands, clock: StillClock
) -> None:
    _with_pin(hands)
    hands.press("F12")
    for _ in range(10):
        hands.type("1111")
        hands.press("Enter")
    hands.type(PIN)
    hands.press("Enter")
    assert hands.page == "lock"
    clock.forward(24 * 60 * 60)
    hands.type(PIN)
    hands.press("Enter")
    assert hands.page == "selling"


def test_without_a_pin_a_touch_on_the_name_is_enough(hands: Hands) -> None:
    hands.window.lock()
    assert hands.page == "selling"


def test_enter_says_who_works(hands: Hands) -> None:
    """Without a PIN the one whose name is marked is in; a scanner's Enter chooses nobody."""
    add_staff(hands.counter, "Ani", "cashier")
    hands.window.lock()
    assert hands.page == "lock"
    hands.scan(MI)
    assert hands.page == "lock"
    hands.press("Tab")
    chosen = hands.window.focusWidget()
    assert chosen is not None and chosen.objectName().startswith("staff_")
    who = everybody(hands.counter.db)[int(chosen.objectName()[-1])]
    hands.press("Enter")
    assert (hands.page, hands.counter.staff_id) == ("selling", who.id)


def test_enter_brings_back_who_locked(hands: Hands) -> None:
    """The name of who was in is marked, whoever else is on the list."""
    for name in ("Ani", "Zainab"):
        add_staff(hands.counter, name, "cashier")
    for who in everybody(hands.counter.db):
        hands.counter.staff_id = who.id
        hands.press("F12")
        assert (hands.page, hands.counter.staff_id) == ("lock", b"")
        hands.press("Enter")
        assert (hands.page, hands.counter.staff_id) == ("selling", who.id)


def test_enter_finds_the_first_name_in_a_window_that_just_opened(
    qtbot: QtBot, shop: Counter, tmp_path: Path
) -> None:
    """Before the window manager gives it the keyboard, a name is marked already."""
    add_staff(shop, "Ani", "cashier")
    shop.staff_id = b""
    window = MainWindow(Desk(shop, Sounds(tmp_path / "sounds", "off")))
    qtbot.addWidget(window)
    window.begin()
    marked = window.focusWidget()
    assert marked is not None and marked.objectName() == "staff_0"
    window.show()
    qtbot.waitExposed(window)
    assert window.focusWidget() is marked
