"""A wedge scanner as key events, and a window with every kind of field to scan into."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from pos.ui.keys.scan_filter import ScanFilter

CODE = "8991002101234"
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Wedge:
    """A keyboard whose keys carry the times that the test wants."""

    def __init__(self, catcher: ScanFilter) -> None:
        self.now = 1_000
        self.catcher = catcher
        self.scans: list[str] = []
        self.refused: list[str] = []
        catcher.scanned.connect(self.scans.append)
        catcher.refused.connect(self.refused.append)

    def clock(self) -> int:
        return self.now

    def key(
        self, key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier = NONE, *,
        repeat: bool = False,
    ) -> bool:  # fmt: skip
        """Press and release it; answers whether it was kept from being a shortcut."""
        target = QApplication.focusWidget()
        assert target is not None
        override = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers, text, repeat)
        override.setTimestamp(self.now)
        override.ignore()
        QCoreApplication.sendEvent(target, override)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers, text, repeat)
            event.setTimestamp(self.now)
            QCoreApplication.sendEvent(QApplication.focusWidget() or target, event)
        return override.isAccepted()

    def type(self, text: str, gap_ms: int) -> None:
        for char in text:
            self.now += gap_ms
            if char == "\x1d":
                self.key(Qt.Key.Key_BracketRight, char, CTRL)
            else:
                self.key(Qt.Key(ord(char.upper())), char)

    def enter(self, gap_ms: int = 2, key: Qt.Key = Qt.Key.Key_Return) -> None:
        self.now += gap_ms
        self.key(key, "\t" if key == Qt.Key.Key_Tab else "\r")

    def scan(self, code: str = CODE, gap_ms: int = 2) -> None:
        self.type(code, gap_ms)
        self.enter(gap_ms)

    def settle(self) -> None:
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()

    def be_silent(self) -> None:
        """Let the filter's timer run out without waiting for it."""
        self.catcher._quiet()
        self.catcher._quiet()
        self.settle()


class Shop(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.home = QLineEdit()
        self.other = QLineEdit("12.500")
        self.spin = QSpinBox()
        self.combo = QComboBox(editable=True)
        self.notes = QPlainTextEdit("catatan")
        self.button = QPushButton("Bayar")
        self.table = QTableView()
        self.clicks = 0
        self.entered = 0
        self.button.clicked.connect(self._click)
        self.home.returnPressed.connect(self._enter)
        layout = QVBoxLayout(self)
        for one in (self.home, self.other, self.spin, self.combo, self.notes, self.button):
            layout.addWidget(one)
        layout.addWidget(self.table)

    def _click(self) -> None:
        self.clicks += 1

    def _enter(self) -> None:
        self.entered += 1
