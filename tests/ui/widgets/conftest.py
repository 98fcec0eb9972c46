"""A look and a language to start from, and a window to put things in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos.ui.foundation import theme
from pos.ui.i18n import set_language


@pytest.fixture(autouse=True)
def _start(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    set_language("id")
    yield
    set_language("id")


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[QtBot]:
    """Hold what is added: else the collector takes a window away in the middle of its painting."""
    held: list[QWidget] = []
    add = qtbot.addWidget

    def hold(widget: QWidget) -> None:
        held.append(widget)
        add(widget)

    monkeypatch.setattr(qtbot, "addWidget", hold)
    yield qtbot
    held.clear()


class Window(QWidget):
    """An active window; `put` shows a widget in it."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self.resize(1024, 768)
        qtbot.addWidget(self)
        self.show()
        qtbot.waitExposed(self)
        self.activateWindow()
        qtbot.waitUntil(self.isActiveWindow)

    def put(self, widget: QWidget) -> None:
        self._column.addWidget(widget)
        widget.show()


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    return Window(qtbot)
