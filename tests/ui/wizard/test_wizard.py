"""The first start: from an empty folder to a shop, in one language or the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pos.counter import Counter
from pos.ui.widgets.button import Button
from pos.ui.wizard.screen import WizardPage
from tests.ui.hands import texts


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> WizardPage:
    made = WizardPage(tmp_path / "shop")
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


def _button(page: WizardPage, name: str) -> Button:
    found = page.findChild(Button, name)
    assert isinstance(found, Button)
    return found


def test_two_names_and_enter_found_a_shop(page: WizardPage, founded: list[Counter]) -> None:
    page.shop.setText("Warung Nou")
    page.owner.setText("Fatmawati")
    QTest.keyClick(page.pin, "\r")
    assert [counter.settings.shop_name for counter in founded] == ["Warung Nou"]
    assert founded[0].db.scalar("SELECT count(*) FROM product") == 0


def test_sample_goods_are_there_when_they_are_chosen(
    page: WizardPage, founded: list[Counter]
) -> None:
    page.shop.setText("Warung Nou")
    page.owner.setText("Fatmawati")
    _button(page, "goods_sample").click()
    _button(page, "found").click()
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
    assert founded[0].settings.language == "en"
