"""A window with a place of every kind, and a scanner that types into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos.ui.keys.scan_filter import ScanFilter
from tests.ui.keys.wedge import Shop, Wedge


@pytest.fixture
def catcher(qapp: QApplication) -> Iterator[ScanFilter]:
    made = ScanFilter(qapp)
    yield made
    qapp.removeEventFilter(made)
    made.deleteLater()


@pytest.fixture
def wedge(catcher: ScanFilter) -> Wedge:
    return Wedge(catcher)


@pytest.fixture
def places(qtbot: QtBot, catcher: ScanFilter) -> Shop:
    made = Shop()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.home.setFocus()
    catcher.watch(made, made.home)
    return made
