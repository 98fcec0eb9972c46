"""Keys to touch: numbers for amounts and quantities, and the PIN."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from pos.ui.foundation.look import look
from pos.ui.foundation.tokens import Kind, Size, Space
from pos.ui.i18n import Text, _
from pos.ui.widgets.base import Label, name_widget
from pos.ui.widgets.button import Button


class Typable(Protocol):
    """A field that a pad can type into."""

    def type_text(self, text: str) -> None:
        """Take keys as if they had been typed."""

    def erase(self) -> None:
        """Take the last key back."""

    def type_nothing(self) -> None:
        """Empty it as if every key had been taken back."""


def _key(
    name: str, text: Text, *, icon: str = "", spoken: Text = "", kind: Kind = "secondary"
) -> Button:
    made = Button(
        name, text, kind=kind, icon=icon, spoken=spoken, scanning=True,
        height=Size.PAD_KEY_HEIGHT, role="section",
    )  # fmt: skip
    made.setMinimumSize(Size.PAD_KEY_WIDTH, Size.PAD_KEY_HEIGHT)
    return made


class NumberPad(QWidget):
    """Three by four keys with 00 and 000 for money, or the comma for quantities."""

    pressed = Signal(str)
    erased = Signal()
    cleared = Signal()

    def __init__(self, name: str, *, decimal: bool = False, parent: QWidget | None = None) -> None:
        """`decimal` puts the comma where money has 000."""
        super().__init__(parent)
        name_widget(self, name, lambda: _("Papan angka"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(Space.SMALL)
        last = ("0", ",") if decimal else ("0", "00", "000")
        rows = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"), last)
        for row, keys in enumerate(rows):
            for column, key in enumerate(keys):
                grid.addWidget(self._number(key), row, column)
        back = _key(f"{name}_erase", "", icon="backspace", spoken=lambda: _("Hapus satu angka"))
        back.setAutoRepeat(True)
        back.clicked.connect(self.erased)
        clear = _key(f"{name}_clear", "C", spoken=lambda: _("Kosongkan"))
        clear.clicked.connect(self.cleared)
        for row, tall in ((0, back), (2, clear)):
            tall.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
            grid.addWidget(tall, row, 3, 2, 1)
        self._target: Typable | None = None

    def type_into(self, target: Typable) -> None:
        """Send the keys to a field from now on, instead of one named before."""
        if self._target is None:
            self.pressed.connect(self._press)
            self.erased.connect(self._erase)
            self.cleared.connect(self._clear)
        self._target = target

    def _number(self, key: str) -> Button:
        made = _key(f"{self.objectName()}_{'comma' if key == ',' else key}", key)
        made.clicked.connect(lambda: self.pressed.emit(key))
        return made

    def _press(self, text: str) -> None:
        if self._target is not None:
            self._target.type_text(text)

    def _erase(self) -> None:
        if self._target is not None:
            self._target.erase()

    def _clear(self) -> None:
        if self._target is not None:
            self._target.type_nothing()


class _Dots(QWidget):
    """How many digits were typed, never which."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.filled = 0
        self.setFixedHeight(Size.PIN_DOT + 2 * Space.SMALL)

    def sizeHint(self) -> QSize:
        return QSize(self._most * (Size.PIN_DOT + Space.GUTTER), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = look().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = Size.PIN_DOT + Space.GUTTER
        left = (self.width() - self._most * step + Space.GUTTER) / 2
        for number in range(self._most):
            full = number < self.filled
            painter.setPen(QColor(colours.primary if full else colours.edge))
            painter.setBrush(QColor(colours.primary if full else colours.surface))
            painter.drawEllipse(
                QRectF(left + number * step, Space.SMALL, Size.PIN_DOT, Size.PIN_DOT)
            )
        painter.end()


class PinPad(QWidget):
    """Asks for a PIN of 4 to 8 digits by touch or keys; `entered` carries it, nothing keeps it."""

    entered = Signal(str)
    LEAST = 4
    MOST = 6

    def __init__(self, name: str, prompt: Text, *, parent: QWidget | None = None) -> None:
        """`prompt` says whose PIN and what for."""
        super().__init__(parent)
        self._digits = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        name_widget(self, name, lambda: _("Masukkan PIN"))
        self._prompt = Label(prompt, "strong", wrap=True)
        self._error = Label("", "hint", wrap=True, tone="bad")
        for label in (self._prompt, self._error):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._dots = _Dots(self.MOST)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        for part in (self._prompt, self._dots, self._error):
            column.addWidget(part)
        column.addLayout(self._keys(name))

    def _keys(self, name: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(Space.SMALL)
        for at, digit in enumerate("123456789"):
            grid.addWidget(self._digit(name, digit), at // 3, at % 3)
        erase = _key(f"{name}_erase", "", icon="backspace", spoken=lambda: _("Hapus satu angka"))
        erase.clicked.connect(self.erase)
        self._done = _key(
            f"{name}_done", "", icon="check", spoken=lambda: _("Selesai"), kind="primary"
        )
        self._done.clicked.connect(self._enter)
        self._done.setEnabled(False)
        grid.addWidget(erase, 3, 0)
        grid.addWidget(self._digit(name, "0"), 3, 1)
        grid.addWidget(self._done, 3, 2)
        return grid

    def _digit(self, name: str, digit: str) -> Button:
        made = _key(f"{name}_{digit}", digit)
        made.clicked.connect(lambda: self.type_text(digit))
        return made

    def ask(self, prompt: Text) -> None:
        """Ask for another PIN, empty."""
        self._prompt.say(prompt)
        self.clear()

    def type_text(self, text: str) -> None:
        """Take a digit; more than eight are ignored."""
        self._error.say("")
        self._set(self._digits + "".join(char for char in text if char in "0123456789"))

    def erase(self) -> None:
        """Take the last digit back."""
        self._set(self._digits[:-1])

    def clear(self, error: Text = "") -> None:
        """Begin again, saying what was wrong if something was."""
        self._set("")
        self._error.say(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, Backspace and Enter; the rest goes to the screen."""
        text = event.text()
        if text and text in "0123456789":
            self.type_text(text)
        elif event.key() == Qt.Key.Key_Backspace:
            self.erase()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._enter()
        else:
            super().keyPressEvent(event)

    def _set(self, digits: str) -> None:
        self._digits = digits[: self.MOST]
        self._dots.filled = len(self._digits)
        self._done.setEnabled(len(self._digits) >= self.LEAST)
        self._dots.update()

    def _enter(self) -> None:
        if len(self._digits) < self.LEAST:
            return
        pin = self._digits
        self._set("")
        self.entered.emit(pin)
