"""Scans and typing as key events, at scanner speed and at a person's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from pos.ui.keys.burst import SLOW
from pos.ui.keys.scan_filter import OVERLAYS, ScanFilter
from tests.ui.keys.wedge import CODE, CTRL, NONE, Shop, Wedge

PLACES: dict[str, Callable[[Shop], QWidget]] = {
    "scan field": lambda places: places.home,
    "amount": lambda places: places.other,
    "spin box": lambda places: places.spin,
    "combo box": lambda places: places.combo,
    "notes": lambda places: places.notes,
    "button": lambda places: places.button,
    "table": lambda places: places.table,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("gap_ms", [2, 10, 35])
def test_a_scan_is_taken_wherever_the_focus_is(
    places: Shop, wedge: Wedge, place: str, gap_ms: int
) -> None:
    PLACES[place](places).setFocus()
    wedge.scan(gap_ms=gap_ms)
    wedge.settle()
    assert wedge.scans == [CODE]
    assert places.home.text() == ""
    assert places.other.text() == "12.500"
    assert places.spin.value() == 0
    assert places.combo.currentText() == ""
    assert places.notes.toPlainText() == "catatan"
    assert (places.clicks, places.entered) == (0, 0)


def test_a_selected_amount_is_restored_with_its_selection(places: Shop, wedge: Wedge) -> None:
    places.other.setFocus()
    places.other.setSelection(0, 2)
    wedge.scan()
    assert places.other.text() == "12.500"
    assert places.other.selectedText() == "12"


def test_a_code_with_blanks_and_letters_presses_no_button(places: Shop, wedge: Wedge) -> None:
    places.button.setFocus()
    wedge.scan(" 899 12-a")
    wedge.settle()
    assert wedge.scans == [" 899 12-a"]
    assert places.clicks == 0


def test_no_shortcut_fires_during_a_scan(places: Shop, wedge: Wedge, qtbot: QtBot) -> None:
    fired: list[str] = []
    for keys in ("1", "Return", "Ctrl+J", "Tab", "A"):
        shortcut = QShortcut(QKeySequence(keys), places)
        shortcut.activated.connect(lambda keys=keys: fired.append(keys))
    for place in (places.home, places.button):
        place.setFocus()
        # QTest takes the way of real keys, through Qt's map of shortcuts.
        QTest.keyClicks(place, "A1234")
        QTest.keyClick(place, Qt.Key.Key_Return)
        QTest.keyClick(place, Qt.Key.Key_J, CTRL)
    wedge.settle()
    assert fired == []
    assert wedge.scans == ["A1234", "A1234"]


def test_two_scans_within_100_ms_are_two(places: Shop, wedge: Wedge) -> None:
    wedge.scan("8991002101234")
    wedge.now += 40
    wedge.scan("8992761111113")
    wedge.settle()
    assert wedge.scans == ["8991002101234", "8992761111113"]
    assert places.home.text() == ""


def test_a_hundred_scans_arrive_in_order(places: Shop, wedge: Wedge) -> None:
    codes = [f"{number:013}" for number in range(100)]
    for code in codes:
        wedge.scan(code)
    wedge.settle()
    assert wedge.scans == codes


def test_thirteen_digits_at_twelve_keys_a_second_are_typing(places: Shop, wedge: Wedge) -> None:
    wedge.type(CODE, gap_ms=83)
    wedge.enter(gap_ms=83)
    wedge.settle()
    assert wedge.scans == []
    assert places.home.text() == CODE
    assert places.entered == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_each_end_key_ends_a_scan_and_goes_nowhere(places: Shop, wedge: Wedge, key: Qt.Key) -> None:
    places.other.setFocus()
    wedge.type(CODE, 2)
    wedge.enter(key=key)
    wedge.settle()
    assert wedge.scans == [CODE]
    assert places.other.hasFocus()


def test_without_an_end_key_silence_ends_a_scan(places: Shop, wedge: Wedge) -> None:
    wedge.type(CODE, 2)
    wedge.be_silent()
    assert wedge.scans == [CODE]
    assert places.home.text() == ""


def test_the_timer_of_silence_is_real(places: Shop, wedge: Wedge, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wedge.catcher.scanned, timeout=3_000):
        wedge.type(CODE, 2)


def test_line_feed_after_return_is_swallowed(places: Shop, wedge: Wedge) -> None:
    wedge.type(CODE, 2)
    wedge.enter()
    wedge.now += 2
    wedge.key(Qt.Key.Key_J, "\n", CTRL)
    wedge.enter()
    wedge.settle()
    assert wedge.scans == [CODE]
    assert places.entered == 0


def test_return_well_after_a_scan_is_a_persons(places: Shop, wedge: Wedge) -> None:
    wedge.scan()
    wedge.enter(gap_ms=400)
    assert places.entered == 1


def test_return_behind_a_command_is_a_persons_however_fast(places: Shop, wedge: Wedge) -> None:
    """A scanner presses no F9: what comes behind one pays."""
    wedge.scan()
    wedge.now += 5
    # Qt offers a shortcut's key this way only: no key press follows.
    command = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_F9, NONE)
    command.setTimestamp(wedge.now)
    QApplication.sendEvent(places.home, command)
    wedge.now += 5
    wedge.key(Qt.Key.Key_Return, "\r")
    assert wedge.scans == [CODE]
    assert places.entered == 1


@pytest.mark.parametrize("gap_ms", [61, 100, 160])
def test_a_late_end_key_belongs_to_the_scan_whether_or_not_the_timer_ran(
    places: Shop, wedge: Wedge, gap_ms: int
) -> None:
    """A busy window looks at both in one go; an idle one has ended the scan by silence."""
    for idle in (False, True):
        wedge.now += 500
        wedge.type(CODE, 2)
        if idle:
            wedge.be_silent()
        wedge.enter(gap_ms)
        wedge.settle()
    assert wedge.scans == [CODE, CODE]
    assert (places.home.text(), places.entered) == ("", 0)


def test_enter_long_after_a_scan_is_a_persons_in_a_busy_window_too(
    places: Shop, wedge: Wedge
) -> None:
    wedge.type(CODE, 2)
    wedge.enter(400)
    assert wedge.scans == [CODE]
    assert places.entered == 1


def test_a_scan_without_end_key_is_one_before_the_next_key(places: Shop, wedge: Wedge) -> None:
    wedge.type(CODE, 2)
    wedge.now += 150
    wedge.scan("8992761111113")
    wedge.settle()
    assert wedge.scans == [CODE, "8992761111113"]
    assert places.home.text() == ""


@pytest.mark.parametrize("ended", [True, False])
def test_a_shortcut_behind_a_scan_finds_it_dealt_with(
    places: Shop, wedge: Wedge, ended: bool
) -> None:
    """As in a busy window, whose queue holds the scan and the key that pays."""
    at_f9: list[list[str]] = []
    QShortcut(QKeySequence("F9"), places).activated.connect(lambda: at_f9.append([*wedge.scans]))
    wedge.type(CODE, 2)
    if ended:
        wedge.enter()
    # QTest's keys have no time of their own: the clock says when.
    wedge.catcher._clock = lambda: wedge.now + 300
    QTest.keyClick(places.home, Qt.Key.Key_F9)
    assert at_f9 == [[CODE]]


def test_gs1_separators_and_the_aim_mark_are_kept(places: Shop, wedge: Wedge) -> None:
    wedge.scan("]C10108991002101234\x1d10AB")
    wedge.settle()
    assert wedge.scans == ["]C10108991002101234\x1d10AB"]


def test_a_slow_scanner_needs_the_setting(places: Shop, wedge: Wedge) -> None:
    wedge.scan(gap_ms=80)
    wedge.settle()
    assert wedge.scans == []
    assert places.home.text() == CODE
    places.home.clear()
    wedge.now += 1_000
    wedge.catcher.set_limits(SLOW)
    wedge.scan(gap_ms=80)
    wedge.settle()
    assert wedge.scans == [CODE]
    assert places.home.text() == ""


def test_a_multiplier_stays_typed_before_a_scan(places: Shop, wedge: Wedge) -> None:
    wedge.type("3*", gap_ms=90)
    wedge.now += 300
    wedge.scan()
    wedge.settle()
    assert places.home.text() == "3*"
    assert wedge.scans == [CODE]


def test_typing_on_a_button_goes_to_the_scan_field(places: Shop, wedge: Wedge) -> None:
    places.button.setFocus()
    wedge.type("3*", gap_ms=90)
    wedge.be_silent()
    assert places.home.text() == "3*"
    assert places.home.hasFocus()


def test_commands_are_offered_before_the_scan_field(
    places: Shop, wedge: Wedge, catcher: ScanFilter
) -> None:
    acted: list[str] = []

    def act(char: str) -> bool:
        acted.append(char)
        return char == "u"

    catcher.watch(places, places.home, act)
    places.table.setFocus()
    wedge.type("u", 90)
    wedge.be_silent()
    assert (acted, places.home.text()) == (["u"], "")
    wedge.type("x", 90)
    wedge.be_silent()
    assert (acted, places.home.text()) == (["u", "x"], "x")


def test_space_still_presses_a_button_of_a_window_without_scan_field(
    places: Shop, wedge: Wedge, catcher: ScanFilter
) -> None:
    catcher.watch(places)
    places.button.setFocus()
    wedge.type(" ", 90)
    wedge.be_silent()
    assert places.clicks == 1


def test_a_burst_that_turns_out_to_be_typing_is_given_back(places: Shop, wedge: Wedge) -> None:
    places.other.setFocus()
    places.other.clear()
    wedge.type("12345", 2)
    assert places.other.text() == ""
    wedge.now += 90
    wedge.key(Qt.Key.Key_Backspace)
    assert places.other.text() == "1234"
    assert wedge.scans == []


def test_a_held_key_is_no_scan(places: Shop, wedge: Wedge) -> None:
    for _ in range(20):
        wedge.now += 30
        wedge.key(Qt.Key.Key_1, "1", repeat=True)
    wedge.enter(30)
    wedge.settle()
    assert wedge.scans == []
    assert places.home.text() == "1" * 20


@pytest.mark.parametrize("code", ["2900000000087", "0012345678905", "8888000011112"])
def test_digits_that_repeat_within_a_scan_belong_to_it(
    places: Shop, wedge: Wedge, code: str
) -> None:
    """As X11 delivers them: the second of two equal digits is marked as a repeat."""
    wedge.now += 500
    before = ""
    for char in code:
        wedge.now += 2
        wedge.key(Qt.Key(ord(char)), char, repeat=char == before)
        before = char
    wedge.enter(2)
    wedge.settle()
    assert wedge.scans == [code]
    assert places.home.text() == ""


def test_a_held_key_after_its_delay_is_typing(places: Shop, wedge: Wedge) -> None:
    wedge.now += 500
    wedge.key(Qt.Key.Key_7, "7")
    wedge.now += 400
    for _ in range(12):
        wedge.now += 30
        wedge.key(Qt.Key.Key_7, "7", repeat=True)
    wedge.enter(300)
    wedge.settle()
    assert wedge.scans == []
    assert places.home.text() == "7" * 13


def test_shift_and_caps_lock_do_not_break_a_scan(places: Shop, wedge: Wedge) -> None:
    for char in "Ab12":
        wedge.now += 2
        wedge.key(Qt.Key.Key_Shift, "", Qt.KeyboardModifier.ShiftModifier)
        wedge.key(Qt.Key(ord(char.upper())), char, Qt.KeyboardModifier.ShiftModifier)
    wedge.enter()
    wedge.settle()
    assert wedge.scans == ["Ab12"]


def test_arrows_and_function_keys_pass(places: Shop, wedge: Wedge) -> None:
    seen: list[int] = []
    QShortcut(QKeySequence("F9"), places).activated.connect(lambda: seen.append(1))
    QTest.keyClick(places.home, Qt.Key.Key_F9)
    assert seen == [1]


def test_an_open_overlay_refuses_scans(places: Shop, wedge: Wedge) -> None:
    places.setProperty(OVERLAYS, 1)
    places.other.setFocus()
    wedge.scan()
    wedge.settle()
    assert (wedge.scans, wedge.refused) == ([], [CODE])
    assert places.other.text() == "12.500"


def test_a_modal_dialog_refuses_scans_and_keeps_its_fields(
    places: Shop, wedge: Wedge, qtbot: QtBot
) -> None:
    dialog = QDialog(places)
    amount = QLineEdit("5.000", dialog)
    dialog.setModal(True)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    amount.setFocus()
    wedge.scan()
    wedge.settle()
    assert (wedge.scans, wedge.refused) == ([], [CODE])
    assert amount.text() == "5.000"
    assert dialog.isVisible()
    dialog.close()


def test_a_window_that_is_not_watched_keeps_its_keys(
    places: Shop, wedge: Wedge, catcher: ScanFilter
) -> None:
    catcher.forget(places)
    wedge.scan()
    wedge.settle()
    assert wedge.scans == []
    assert places.home.text() == CODE
    assert places.entered == 1


def test_keys_without_a_time_are_dated_by_the_clock(qapp: QApplication, places: Shop) -> None:
    times = iter(range(0, 100_000, 200))
    slow = ScanFilter(qapp, clock=lambda: next(times))
    wedge = Wedge(slow)
    slow.watch(places, places.home)
    try:
        wedge.now = 0
        for char in "123456":
            wedge.key(Qt.Key(ord(char)), char)
        wedge.settle()
        assert wedge.scans == []
    finally:
        qapp.removeEventFilter(slow)
        slow.deleteLater()
