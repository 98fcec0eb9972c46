"""A new shop that begins with its goods list; the keys of buttons."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos.app import Program
from pos.counter import Counter
from pos.ui.catalog.goods import GoodsPage
from pos.ui.catalog.moving import ReceivePanel
from pos.ui.i18n import set_language
from pos.ui.shell.window import MainWindow
from pos.ui.widgets.overlay import Overlay
from pos.ui.wizard.screen import WizardPage


def test_one_of_the_three_beginnings_is_chosen(tmp_path: Path, qtbot: QtBot) -> None:
    page = WizardPage(tmp_path / "new")
    qtbot.addWidget(page)
    assert page.later.isChecked()
    for chosen in (page.goods, page.sample, page.later):
        chosen.click()
        checked = [one for one in (page.goods, page.sample, page.later) if one.isChecked()]
        assert checked == [chosen]


def test_the_choice_reaches_the_counter(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    heard: list[tuple[Counter, bool]] = []

    def opened(_self: Program, counter: Counter, *, import_first: bool = False) -> None:
        heard.append((counter, import_first))

    monkeypatch.setattr(Program, "open_shop", opened)
    program = Program(qapp, tmp_path / "new")
    program._ask_founding()
    page = program.window
    assert isinstance(page, WizardPage)
    qtbot.addWidget(page)
    page.shop.setText("Toko Telaga")
    page.owner.setText("Hadijah")
    page.goods.click()
    page.pin.returnPressed.emit()
    page.printer.skip.click()
    [(counter, import_first)] = heard
    counter.close()
    assert import_first


def test_who_enters_first_is_led_to_the_import_once(window: MainWindow) -> None:
    window.import_first = True
    window._entered()
    assert window.pages.currentWidget().objectName() == "import"
    window._entered()
    assert window.pages.currentWidget().objectName() != "import"


def test_keys_live_on_after_the_language_changed(window: MainWindow, qtbot: QtBot) -> None:
    window.ways.goods()
    page = window.pages.currentWidget()
    set_language("en")
    qtbot.keyClick(page, Qt.Key.Key_Insert)
    assert window.pages.currentWidget().objectName() == "product"


def test_a_key_below_a_panel_sleeps(window: MainWindow, qtbot: QtBot) -> None:
    window.ways.goods()
    page = window.pages.currentWidget()
    assert isinstance(page, GoodsPage)
    for _time in range(2):
        qtbot.keyClick(page, Qt.Key.Key_F7)
    open_ones = [one for one in window.findChildren(Overlay) if one.isVisible()]
    assert [type(one) for one in open_ones] == [ReceivePanel]
