"""A cashier's hands: keys at a person's speed, a scanner, touches; every one is counted."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from pos.counter import Counter
from pos.ui.foundation.sounds import Sounds
from pos.ui.keys.scan_filter import ScanFilter
from pos.ui.shell.desk import Desk
from pos.ui.shell.window import MainWindow
from pos.ui.widgets.overlay import Overlay
from tests.ui.keys.wedge import Wedge

MI = "8991002101234"
SABUN = "8991002105553"
MI_DUS = "8999999000103"
FLOAT = 100_000
TYPING_MS = 150

W = TypeVar("W", bound=QWidget)


class Hands:
    """Does what a cashier does, through events only; reads what a cashier sees.

    `count` counts keys and touches one by one; `steps` counts a typed word or number as one, as
    the counter's promises do. `only` forbids the other kind: "keys" or "touch".
    """

    def __init__(self, qtbot: QtBot, counter: Counter, folder: Path) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.counter = counter
        self._qtbot = qtbot
        self.desk = Desk(counter, Sounds(folder / "sounds", "off"))
        self.window = MainWindow(self.desk)
        self.window.resize(1024, 768)
        qtbot.addWidget(self.window)
        self.catcher = ScanFilter(app)
        self.window.listen(self.catcher)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.wedge = Wedge(self.catcher)
        self.count = 0
        self.steps = 0
        self.only = ""
        self.said: list[str] = []
        self.desk.said.connect(lambda text, _tone: self.said.append(text))

    def let_go(self) -> None:
        """Put the window away."""
        self.catcher.forget(self.window)
        self.window.hide()

    def press(self, *names: str) -> None:
        """Press keys by their names: "F9", "Enter", "Ctrl+E"."""
        for name in names:
            combination = QKeySequence(name)[0]
            target = QApplication.focusWidget() or self.window
            QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
            self._did("keys")
            self.wedge.settle()

    def type(self, text: str) -> None:
        """Type characters as a person does: one step."""
        for char in text:
            self.wedge.type(char, TYPING_MS)
            self.wedge.be_silent()
            self._did("keys", step=0)
        self.steps += 1

    def begin(self) -> None:
        """Count from here."""
        self.count = self.steps = 0

    def _did(self, kind: str, step: int = 1) -> None:
        assert self.only in ("", kind), f"{kind} in a walk of {self.only} only"
        self.count += 1
        self.steps += step

    def give_reason(self, text: str) -> None:
        """Go to the reason of a refund and write it."""
        self.field("refund_reason").setFocus()
        self.type(text)

    def wait_for(self, panel: str) -> None:
        """Until a panel of that name is open."""
        self._qtbot.waitUntil(lambda: self.panel == panel, timeout=2_000)

    def scan(self, *codes: str) -> None:
        """Scan with a fast wedge scanner; costs no key."""
        for code in codes:
            self.wedge.now += 500
            self.wedge.scan(code, 2)
            self.wedge.settle()

    def tap(self, *names: str) -> None:
        """Touch buttons by their object names."""
        for name in names:
            button = self.see(QAbstractButton, name)
            assert button.isEnabled(), name
            self.touch(button)

    def touch(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Touch a widget in its middle, or at a place of it."""
        QTest.mouseClick(
            widget,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            at or widget.rect().center(),
        )
        self._did("touch")
        self.wedge.settle()

    def touch_row(self, table: str, row: int = 0, column: int = 0) -> None:
        """Touch a cell of a list."""
        found = self.see(QTableView, table)
        index = found.model().index(row, column)
        self.touch(found.viewport(), found.visualRect(index).center())

    def see(self, kind: type[W], name: str) -> W:
        """The visible widget of that name."""
        found = [one for one in self.window.findChildren(kind, name) if one.isVisible()]
        assert len(found) == 1, f"{name}: {len(found)} of them can be seen"
        return found[0]

    def field(self, name: str) -> QLineEdit:
        """A visible field."""
        return self.see(QLineEdit, name)

    @property
    def page(self) -> str:
        """The object name of the page that is shown."""
        return self.window.pages.currentWidget().objectName()

    @property
    def panel(self) -> str:
        """The object name of the open panel, "" for none."""
        found = [one for one in self.window.findChildren(Overlay) if one.isVisible()]
        return found[-1].objectName() if found else ""

    @property
    def cart(self) -> list[tuple[str, int, str]]:
        """Name, thousandths and unit of each line."""
        return [(line.goods.name, line.qty, line.unit) for line in self.desk.till.cart.lines]

    @property
    def sales(self) -> list[tuple[int, int]]:
        """Total and change of each sale in the database, oldest first."""
        rows = self.counter.db.rows("SELECT total, change FROM sale ORDER BY seq")
        return [(row[0], row[1]) for row in rows]

    @property
    def words(self) -> str:
        """Every text that can be read in the window now."""
        return "\n".join(texts(self.window))


def texts(root: QWidget) -> list[str]:
    """The visible texts of labels, buttons, fields and their hints under a widget."""
    found: list[str] = []
    for one in root.findChildren(QWidget):
        if not one.isVisible():
            continue
        if isinstance(one, (QLabel, QAbstractButton)):
            found.append(one.text())
        elif isinstance(one, QLineEdit):
            found += [one.text(), one.placeholderText()]
    return [text for text in found if text]
