"""The first start: from an empty folder to a shop, in one language or the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos.counter import Counter
from pos.device.clock import Clock
from pos.journal.verify import verify
from pos.opening import open_counter
from pos.printing.finding import Found
from pos.printing.jobs import jobs
from pos.printing.printers import printers
from pos.printing.proof import queue_differences
from pos.ui.widgets.button import Button
from pos.ui.wizard.printer import PrinterStep
from pos.ui.wizard.screen import WizardPage
from tests.ui.hands import texts

HERE = [Found("file:/dev/usb/lp0", "POS-58")]
NETWORK = [*HERE, Found("tcp:192.168.1.50:9100", "192.168.1.50")]


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> WizardPage:
    made = WizardPage(tmp_path / "shop", PrinterStep(lambda: list(HERE), lambda: list(NETWORK)))
    made.resize(1024, 768)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.begin()
    return made


@pytest.fixture
def founded(page: WizardPage) -> Iterator[list[Counter]]:
    heard: list[Counter] = []
    page.founded.connect(heard.append)
    yield heard
    for counter in heard:
        counter.close()


@pytest.fixture
def at_printer(page: WizardPage, founded: list[Counter], qtbot: QtBot) -> PrinterStep:
    """The second step, everything found that this machine knows."""
    _fill(page)
    QTest.keyClick(page.pin, "\r")
    qtbot.waitUntil(lambda: page.printer.found.count() == 2)
    return page.printer


def _fill(page: WizardPage) -> None:
    page.shop.setText("Warung Nou")
    page.owner.setText("Fatmawati")


def _button(page: WizardPage, name: str) -> Button:
    found = page.findChild(Button, name)
    assert isinstance(found, Button)
    return found


def test_two_names_and_enter_found_a_shop(page: WizardPage, founded: list[Counter]) -> None:
    _fill(page)
    QTest.keyClick(page.pin, "\r")
    QTest.keyClick(page.printer.address, "\r")
    assert [counter.settings.shop_name for counter in founded] == ["Warung Nou"]
    assert founded[0].db.scalar("SELECT count(*) FROM product") == 0


def test_sample_goods_are_there_when_they_are_chosen(
    page: WizardPage, founded: list[Counter]
) -> None:
    page.shop.setText("Warung Nou")
    page.owner.setText("Fatmawati")
    _button(page, "goods_sample").click()
    _button(page, "found").click()
    _button(page, "wizard_skip").click()
    assert founded[0].db.scalar("SELECT count(*) FROM product") == 30


def test_an_empty_name_is_asked_for(page: WizardPage, founded: list[Counter]) -> None:
    page.shop.setText("Warung Nou")
    _button(page, "found").click()
    assert founded == []
    assert "Ini perlu diisi." in texts(page)


def test_a_bad_pin_founds_nothing_and_the_second_try_does(
    page: WizardPage, founded: list[Counter]
) -> None:
    page.shop.setText("Warung Nou")
    page.owner.setText("Fatmawati")
    page.pin.setText("12")
    _button(page, "found").click()
    assert founded == []
    assert page.error.isVisible()
    page.pin.setText("123456")
    _button(page, "found").click()
    _button(page, "wizard_skip").click()
    assert len(founded) == 1


def test_english_is_the_shops_language_when_it_is_chosen(
    page: WizardPage, founded: list[Counter]
) -> None:
    before = texts(page)
    _button(page, "language_en").click()
    assert "Nama toko" in before
    assert "Nama toko" not in texts(page)
    page.shop.setText("Warung Nou")
    page.owner.setText("Fatmawati")
    _button(page, "found").click()
    _button(page, "wizard_skip").click()
    assert founded[0].settings.language == "en"


def test_ten_keys_lead_from_nothing_to_the_counter(
    page: WizardPage, founded: list[Counter]
) -> None:
    def press(key: str) -> None:
        QTest.keyClick(QApplication.focusWidget(), key)

    for text in ("Nou", "Ani"):
        QTest.keyClicks(QApplication.focusWidget(), text)
        press("\r")
    press("\r")
    assert founded == []
    press("\r")
    assert len(founded) == 1
    assert printers(founded[0].db) == []


def test_a_found_printer_is_picked_by_keys_and_written_down(
    page: WizardPage, at_printer: PrinterStep, founded: list[Counter]
) -> None:
    assert page.title.text() == "Printer struk"
    assert at_printer.found.itemText(1) == "POS-58 (file:/dev/usb/lp0)"
    at_printer.found.setFocus()
    QTest.keyClick(at_printer.found, Qt.Key.Key_Down)
    assert (at_printer.kind.value(), at_printer.address.text()) == ("file", "/dev/usb/lp0")
    _button(page, "wizard_width_48").click()
    QTest.keyClick(page, Qt.Key.Key_F9)
    [made] = printers(founded[0].db)
    assert (made.name, made.connection, made.columns) == ("Kasir", "file:/dev/usb/lp0", 48)
    assert made.is_default


def test_a_key_asks_the_network_too(
    page: WizardPage, at_printer: PrinterStep, qtbot: QtBot
) -> None:
    QTest.keyClick(page, Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: at_printer.found.count() == 3)
    at_printer.found.setCurrentIndex(2)
    at_printer.found.activated.emit(2)
    assert (at_printer.kind.value(), at_printer.address.text()) == ("tcp", "192.168.1.50:9100")


def test_a_wrong_address_is_said_at_its_field_and_skipping_still_goes(
    page: WizardPage, at_printer: PrinterStep, founded: list[Counter]
) -> None:
    QTest.keyClick(page, Qt.Key.Key_F6)
    assert at_printer.address_row.below() == "Isi alamat printernya."
    at_printer.address.setText("192.168.1.50:99999")
    QTest.keyClick(at_printer.address, "\r")
    assert founded == []
    assert "192.168.1.50:99999" in at_printer.address_row.below()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert printers(founded[0].db) == []


def test_the_test_page_comes_out_and_the_printer_stays(
    page: WizardPage,
    at_printer: PrinterStep,
    founded: list[Counter],
    qtbot: QtBot,
    plain_folder: Path,
) -> None:
    at_printer.kind.set_value("file")
    at_printer.address.setText(str(plain_folder / "paper.bin"))
    QTest.keyClick(page, Qt.Key.Key_F6)
    assert not at_printer.test.isEnabled()
    qtbot.waitUntil(lambda: "terkirim" in at_printer.said.text())
    assert (plain_folder / "paper.bin").stat().st_size > 500
    assert at_printer.test.isEnabled()
    QTest.keyClick(page, Qt.Key.Key_F9)
    assert len(printers(founded[0].db)) == 1
    assert jobs(founded[0].db) == []
    assert verify(founded[0].db, queue_differences).ok


def test_a_page_that_did_not_come_out_says_why_and_waits_nowhere(
    page: WizardPage,
    at_printer: PrinterStep,
    founded: list[Counter],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    at_printer.kind.set_value("file")
    at_printer.address.setText(str(tmp_path / "tidak" / "ada.bin"))
    QTest.keyClick(page, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: "tidak tercetak: printer tidak dapat" in at_printer.said.text())
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert printers(founded[0].db) == []
    assert jobs(founded[0].db) == []


def test_leaving_while_a_page_is_printed_waits_for_the_printer_not_here(
    page: WizardPage,
    at_printer: PrinterStep,
    founded: list[Counter],
    qtbot: QtBot,
    plain_folder: Path,
) -> None:
    at_printer.kind.set_value("file")
    at_printer.address.setText(str(plain_folder / "paper.bin"))
    QTest.keyClick(page, Qt.Key.Key_F6)
    QTest.keyClick(page, Qt.Key.Key_F9)
    assert founded == []
    qtbot.waitUntil(lambda: len(founded) == 1)
    assert len(printers(founded[0].db)) == 1


def test_a_window_closed_at_the_printer_leaves_a_whole_shop(
    page: WizardPage, at_printer: PrinterStep, founded: list[Counter], tmp_path: Path
) -> None:
    page.close()
    assert founded == []
    with open_counter(tmp_path / "shop", clock=Clock()) as counter:
        assert counter.settings.shop_name == "Warung Nou"
        assert verify(counter.db).ok


def test_the_second_step_speaks_english(page: WizardPage, founded: list[Counter]) -> None:
    _button(page, "language_en").click()
    _fill(page)
    _button(page, "found").click()
    said = texts(page)
    assert "Receipt printer" in said
    assert not any("Tanpa printer" in one for one in said)
    assert not any(one == "Bahasa Indonesia" for one in said)
