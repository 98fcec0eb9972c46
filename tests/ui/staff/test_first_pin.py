"""At the lock of another counter: somebody allows a PIN, the person types it twice, and is in."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from pos.staff.people import add_staff, change_staff
from pos.staff.pins import check_pin, set_pin
from pos.ui.i18n import set_language
from tests.helpers.many_counters import World
from tests.ui.hands import Hands

HERE, THERE, NEW = "1111", "2222", "909090"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The second counter's founder has a PIN there; Budi and an owner come from the first."""
    made = World(tmp_path, random.Random(5), 2)
    first, second = made.counters
    set_pin(second, second.staff_id, HERE)
    set_pin(first, add_staff(first, "Budi", "cashier"), THERE)
    set_pin(first, first.staff_id, THERE)
    made.settle()
    yield made
    made.close()


@pytest.fixture
def lock(qtbot: QtBot, world: World, tmp_path: Path) -> Iterator[Hands]:
    """The second counter, locked."""
    made = Hands(qtbot, world.counters[1], tmp_path)
    made.window.lock()
    yield made
    made.let_go()


def name_button(hands: Hands, name: str) -> str:
    """The object name of a person's button."""
    hands.wedge.settle()
    found = [
        one.objectName()
        for one in hands.window.findChildren(QAbstractButton)
        if one.isVisible() and one.objectName().startswith("staff_") and one.text() == name
    ]
    assert len(found) == 1, name
    return found[0]


def type_pin(hands: Hands, pin: str) -> None:
    hands.type(pin)
    hands.press("Enter")


def touch_pin(hands: Hands, pin: str) -> None:
    hands.tap(*(f"lock_pin_{digit}" for digit in pin), "lock_pin_done")


def test_with_keys_from_the_first_word_to_selling(lock: Hands) -> None:
    lock.tap(name_button(lock, "Budi"))
    lock.only = "keys"
    assert "Budi, Anda belum punya PIN di kasir ini." in lock.words
    assert "Pemilik atau manajer kasir ini mengizinkan dengan PIN-nya:" in lock.words
    type_pin(lock, HERE)
    assert "Ketik PIN baru, 4 sampai 6 angka." in lock.words
    type_pin(lock, NEW)
    assert "Ketik sekali lagi" in lock.words
    type_pin(lock, NEW)
    assert lock.page == "selling"
    who = lock.desk.who
    assert who is not None and who.name == "Budi"
    check_pin(lock.counter, who.id, NEW)


def test_with_touch_alone(lock: Hands) -> None:
    lock.only = "touch"
    lock.tap(name_button(lock, "Budi"))
    for pin in (HERE, NEW, NEW):
        touch_pin(lock, pin)
    assert lock.page == "selling"
    lock.window.lock()
    lock.tap(name_button(lock, "Budi"))
    touch_pin(lock, NEW)
    assert lock.page == "selling"


def test_each_mistake_is_one_sentence_at_its_place(lock: Hands) -> None:
    lock.tap(name_button(lock, "Budi"))
    type_pin(lock, "9999")
    assert "PIN salah. Sisa 4 kali sebelum harus menunggu." in lock.words
    type_pin(lock, HERE)
    assert "PIN salah" not in lock.words
    type_pin(lock, NEW)
    type_pin(lock, "808080")
    assert "Keduanya tidak sama. Ketik PIN barunya lagi." in lock.words
    assert "Ketik PIN baru, 4 sampai 6 angka." in lock.words
    assert (lock.page, lock.counter.staff_id) == ("lock", b"")


def test_escape_and_the_button_give_it_up_and_forget_the_approval(lock: Hands) -> None:
    for give_up in (lambda: lock.press("Esc"), lambda: lock.tap("first_pin_cancel")):
        lock.tap(name_button(lock, "Budi"))
        type_pin(lock, HERE)
        give_up()
        assert "Anda belum punya PIN" not in lock.words
        lock.tap(name_button(lock, "Budi"))
        assert "mengizinkan dengan PIN-nya" in lock.words
        give_up()


def test_another_name_does_not_inherit_the_approval(lock: Hands) -> None:
    lock.tap(name_button(lock, "Budi"))
    type_pin(lock, HERE)
    lock.tap(name_button(lock, "Ibu (kasir lain)"))
    assert "Pemilik kasir ini mengizinkan dengan PIN-nya:" in lock.words


def test_an_owner_from_elsewhere_is_told_apart_and_let_in_by_the_founder(lock: Hands) -> None:
    lock.tap(name_button(lock, "Ibu (kasir lain)"))
    for pin in (HERE, NEW, NEW):
        type_pin(lock, pin)
    assert lock.page == "selling"
    who = lock.desk.who
    assert who is not None and (who.name, who.role) == ("Ibu", "owner")
    lock.press("F12")
    lock.tap(name_button(lock, "Budi"))
    type_pin(lock, NEW)
    assert "Ketik PIN baru" in lock.words


def test_where_nobody_can_allow_it_the_way_out_is_said(world: World, lock: Hands) -> None:
    first, second = world.counters
    founder = bytes(second.db.scalar("SELECT staff_id FROM staff_secret"))
    change_staff(first, founder, active=False)
    world.settle()
    lock.window.lock()
    lock.tap(name_button(lock, "Ibu"))
    assert "Di kasir lain, aktifkan lagi pemilik kasir ini" in lock.words
    set_language("en")
    assert "take this counter's owner on again" in lock.words
    lock.press("Esc")
    assert "take this counter's owner on again" not in lock.words


def test_an_owner_without_any_pin_has_none_to_show(qtbot: QtBot, tmp_path: Path) -> None:
    world = World(tmp_path, random.Random(5), 2)
    first, second = world.counters
    set_pin(first, add_staff(first, "Budi", "cashier"), THERE)
    world.settle()
    hands = Hands(qtbot, second, tmp_path)
    hands.window.lock()
    hands.tap(name_button(hands, "Budi"))
    assert "Ibu tidak memakai PIN" in hands.words
    hands.press("Enter")
    type_pin(hands, NEW)
    type_pin(hands, NEW)
    assert hands.page == "selling"
    hands.let_go()
    world.close()
