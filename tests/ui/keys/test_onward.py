"""Keys that come to the old window act in the new one, each once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos.ui.keys.onward import KeysOnward

Press = Callable[..., None]


class Next(QWidget):
    """A window with a page that has a field and keys."""

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.hidden = QWidget()
        self.acts: list[str] = []
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.hidden)
        self.hidden.hide()
        self._on("F9", self)
        self._on("F9", self.hidden)
        self._on("F6", self.hidden)

    def _on(self, key: str, place: QWidget) -> None:
        name = f"{key} {'hidden' if place is self.hidden else 'page'}"
        shortcut = QShortcut(QKeySequence(key), place)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: self.acts.append(name))


@pytest.fixture
def after(qtbot: QtBot) -> Next:
    made = Next()
    qtbot.addWidget(made)
    made.show()
    made.field.setFocus()
    return made


@pytest.fixture
def press(qtbot: QtBot, after: Next) -> Press:
    """Press a key in the old window."""
    before = QWidget()
    qtbot.addWidget(before)
    before.show()
    KeysOnward(before, after)

    def pressed(key: Qt.Key, text: str = "", *, repeat: bool = False) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text, repeat)
            QApplication.sendEvent(before, event)

    return pressed


def test_a_character_reaches_the_field(after: Next, press: Press) -> None:
    press(Qt.Key.Key_G, "g")
    assert after.field.text() == "g"


def test_enter_is_the_fields(after: Next, press: Press) -> None:
    after.field.returnPressed.connect(lambda: after.acts.append("enter"))
    press(Qt.Key.Key_Return, "\r")
    assert after.acts == ["enter"]


def test_a_shortcut_acts_once_and_only_that_of_what_is_shown(after: Next, press: Press) -> None:
    press(Qt.Key.Key_F9)
    assert after.acts == ["F9 page"]


def test_a_key_that_repeats_itself_fires_no_shortcut(after: Next, press: Press) -> None:
    press(Qt.Key.Key_F9, repeat=True)
    assert after.acts == []


def test_a_shortcut_of_a_hidden_page_sleeps(after: Next, press: Press) -> None:
    press(Qt.Key.Key_F6)
    assert after.acts == []
