"""Amounts, quantities and the search field, typed into as people do."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.money import format_rupiah
from pos.ui.foundation.tokens import FLASH_MS
from pos.ui.widgets.fields import QuantityEdit, SearchEdit
from pos.ui.widgets.money import Money, MoneyEdit
from pos.ui.widgets.pads import NumberPad, PinPad

SPOKEN = "Jumlah uang"


@pytest.fixture
def money(qtbot: QtBot, window: QWidget) -> MoneyEdit:
    edit = MoneyEdit("cash", SPOKEN)
    window.put(edit)  # type: ignore[attr-defined]
    edit.setFocus()
    return edit


def paste(edit: QLineEdit, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    edit.paste()


def test_dots_put_themselves_while_typing(money: MoneyEdit) -> None:
    seen = []
    for digit in "1250000":
        QTest.keyClicks(money, digit)
        seen.append(money.text())
    assert seen == ["1", "12", "125", "1.250", "12.500", "125.000", "1.250.000"]
    assert money.amount() == 1_250_000


def test_each_amount_is_told_once(money: MoneyEdit) -> None:
    told: list[int | None] = []
    money.amount_changed.connect(told.append)
    QTest.keyClicks(money, "1250")
    QTest.keyClick(money, Qt.Key.Key_Backspace)
    assert told == [1, 12, 125, 1250, 125]
    money.clear()
    assert told[-1] is None
    assert money.amount() is None


@given(st.integers(0, 10**12 - 1))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_amount_typed_is_that_amount(money: MoneyEdit, amount: int) -> None:
    money.clear()
    QTest.keyClicks(money, str(amount))
    assert money.amount() == amount
    assert money.text() == format_rupiah(amount, symbol=False)


def test_a_thirteenth_digit_is_refused(money: MoneyEdit) -> None:
    codes: list[str] = []
    money.refused.connect(codes.append)
    QTest.keyClicks(money, "1234567890123")
    assert money.text() == "123.456.789.012"
    assert codes == ["amount_too_large"]


def test_letters_and_commas_are_ignored(money: MoneyEdit) -> None:
    QTest.keyClicks(money, "1k2,5. 0-")
    assert money.amount() == 1250


def test_the_cursor_stays_where_one_types(money: MoneyEdit) -> None:
    money.set_amount(1_234_567)
    money.setCursorPosition(5)
    QTest.keyClicks(money, "9")
    assert money.text() == "12.349.567"
    QTest.keyClicks(money, "8")
    assert money.text() == "123.498.567"


def test_backspace_goes_over_a_dot(money: MoneyEdit) -> None:
    money.set_amount(1_234)
    money.setCursorPosition(2)
    QTest.keyClick(money, Qt.Key.Key_Backspace)
    assert money.text() == "234"


@pytest.mark.parametrize(
    ("text", "amount"), [("Rp 12.500,-", 12_500), ("12,5rb", 12_500), ("12,500.00", 12_500)]
)
def test_what_is_pasted_is_read(money: MoneyEdit, text: str, amount: int) -> None:
    paste(money, text)
    assert money.amount() == amount


@pytest.mark.parametrize("text", ["murah", "-5.000", "12,75", "9999999999999999"])
def test_what_is_no_amount_is_refused_and_nothing_lost(money: MoneyEdit, text: str) -> None:
    codes: list[str] = []
    money.refused.connect(codes.append)
    money.set_amount(5_000)
    money.selectAll()
    paste(money, text)
    assert money.amount() == 5_000
    assert len(codes) == 1


def test_escape_restores_then_goes_on(money: MoneyEdit, window: QWidget) -> None:
    money.clearFocus()
    money.set_amount(5_000)
    money.setFocus()
    assert money.selectedText() == "5.000"
    QTest.keyClicks(money, "7")
    assert money.amount() == 7
    QTest.keyClick(money, Qt.Key.Key_Escape)
    assert money.amount() == 5_000
    event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(money, event)
    assert not event.isAccepted()


def test_a_pad_types_into_the_field(money: MoneyEdit, qtbot: QtBot) -> None:
    pad = NumberPad("pad")
    qtbot.addWidget(pad)
    pad.type_into(money)
    for name in ("pad_5", "pad_000", "pad_00"):
        press(pad, name)
    assert money.amount() == 500_000
    press(pad, "pad_erase")
    assert money.amount() == 50_000
    press(pad, "pad_clear")
    assert money.amount() is None
    assert money.hasFocus()


def press(parent: QWidget, name: str) -> None:
    button = parent.findChild(QWidget, name)
    assert button is not None, name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_amount_is_never_cut(qtbot: QtBot) -> None:
    money = Money("total", "Total")
    qtbot.addWidget(money)
    money.resize(320, 80)
    money.show()
    sizes = []
    for amount in (999_999, 9_999_999, 99_999_999, 999_999_999, 999_999_999_999):
        money.set_amount(amount)
        sizes.append(money.font().pixelSize())
        width = QFontMetrics(money.font()).horizontalAdvance(money.text())
        assert width <= money.contentsRect().width()
        assert money.text() == format_rupiah(amount)
    assert sizes[0] == 56
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) > 3
    money.set_amount(-500)
    assert money.accessibleName() == "Total: -Rp 500"
    assert money.amount() == -500


def test_a_wider_card_shows_it_larger(qtbot: QtBot) -> None:
    money = Money("total", "Total", size=80)
    qtbot.addWidget(money)
    money.set_amount(1_234_567)
    money.show()
    money.resize(300, 90)
    small = money.font().pixelSize()
    money.resize(520, 90)
    assert money.font().pixelSize() == 80 > small
    money.set_largest(44)
    assert money.font().pixelSize() == 44


@pytest.fixture
def quantity(window: QWidget) -> QuantityEdit:
    edit = QuantityEdit("qty", "Jumlah")
    window.put(edit)  # type: ignore[attr-defined]
    edit.setFocus()
    return edit


@pytest.mark.parametrize(
    ("typed", "shown", "thousandths"),
    [("3", "3", 3_000), ("0.25", "0,25", 250), ("1,5", "1,5", 1_500), (",5", ",5", 500)],
)
def test_quantities_take_comma_and_dot(
    quantity: QuantityEdit, typed: str, shown: str, thousandths: int
) -> None:
    QTest.keyClicks(quantity, typed)
    assert (quantity.text(), quantity.quantity()) == (shown, thousandths)


@pytest.mark.parametrize("typed", ["1,2345", "1234567", "1,2,3", "2a", "-1"])
def test_what_is_no_quantity_is_refused(quantity: QuantityEdit, typed: str) -> None:
    codes: list[str] = []
    quantity.refused.connect(codes.append)
    QTest.keyClicks(quantity, typed)
    assert codes == ["bad_quantity"]
    assert quantity.quantity() is not None


def test_quantity_escape_and_pad(quantity: QuantityEdit, qtbot: QtBot) -> None:
    quantity.set_quantity(2_000)
    pad = NumberPad("pad", decimal=True)
    qtbot.addWidget(pad)
    pad.type_into(quantity)
    quantity.end(False)
    for name in ("pad_comma", "pad_5"):
        press(pad, name)
    assert quantity.quantity() == 2_500
    press(pad, "pad_erase")
    assert quantity.quantity() == 2_000
    QTest.keyClick(quantity, Qt.Key.Key_Escape)
    assert quantity.text() == "2"
    press(pad, "pad_clear")
    assert quantity.quantity() is None


@pytest.fixture
def search(window: QWidget) -> SearchEdit:
    edit = SearchEdit("scan", "Cari", hint="Ketik nama", scan=True)
    window.put(edit)  # type: ignore[attr-defined]
    edit.setFocus()
    return edit


def test_search_tells_queries_steps_and_enter(search: SearchEdit) -> None:
    queries: list[str] = []
    steps: list[int] = []
    accepted: list[str] = []
    search.query_changed.connect(queries.append)
    search.step.connect(steps.append)
    search.accepted.connect(accepted.append)
    QTest.keyClicks(search, "mi")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
        QTest.keyClick(search, key)
    QTest.keyClick(search, Qt.Key.Key_Return)
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert queries == ["m", "mi", ""]
    assert steps == [1, -1, 10, -10]
    assert accepted == ["mi"]


def test_an_enter_that_repeats_itself_does_nothing(search: SearchEdit) -> None:
    accepted: list[str] = []
    search.accepted.connect(accepted.append)
    none = Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, none, "\r", True)
    QApplication.sendEvent(search, event)
    assert accepted == []


def test_a_flash_ends_by_itself(search: SearchEdit, qtbot: QtBot) -> None:
    search.flash("ok")
    assert search.property("tone") == "ok"
    qtbot.waitUntil(lambda: search.property("tone") == "none", timeout=20 * FLASH_MS)


def test_a_pin_is_counted_never_shown(qtbot: QtBot, window: QWidget) -> None:
    pad = PinPad("pin", "PIN pemilik")
    window.put(pad)  # type: ignore[attr-defined]
    pad.setFocus()
    entered: list[str] = []
    pad.entered.connect(entered.append)
    QTest.keyClicks(pad, "123")
    QTest.keyClick(pad, Qt.Key.Key_Return)
    assert entered == []
    press(pad, "pin_4")
    press(pad, "pin_5")
    press(pad, "pin_erase")
    press(pad, "pin_done")
    assert entered == ["1234"]
    QTest.keyClicks(pad, "1234567890")
    QTest.keyClick(pad, Qt.Key.Key_Enter)
    assert entered[1] == "123456"
    texts = [label.text() for label in pad.findChildren(QWidget) if hasattr(label, "text")]
    assert "1234" not in " ".join(texts)


def test_a_refused_pin_says_why_until_the_next_key(qtbot: QtBot) -> None:
    pad = PinPad("pin", "PIN pemilik")
    qtbot.addWidget(pad)
    pad.type_text("1111")
    pad.clear("PIN salah. Coba lagi.")
    assert pad._error.text() == "PIN salah. Coba lagi."
    pad.type_text("2")
    assert pad._error.text() == ""
