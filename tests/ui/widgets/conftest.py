"""A window to put things in."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot


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
