"""Other fields: quantities in thousandths, and the field that searches and scans go to."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from core.quantity import BadQuantity, format_quantity, parse_quantity
from pos.ui.foundation.fonts import set_tone, set_type
from pos.ui.foundation.icons import icon, pixmap
from pos.ui.foundation.look import look, looks
from pos.ui.foundation.tokens import FLASH_MS, Size, Space, Tone, TypeRole
from pos.ui.i18n import Text, say
from pos.ui.widgets.base import follow_language


class TextEdit(QLineEdit):
    """A line of text with the names and the hint that every field has."""

    def __init__(
        self, name: str, spoken: Text, *, hint: Text = "", role: TypeRole = "field",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`spoken` is what a screen reader calls it, `hint` what stands in it while empty."""
        super().__init__(parent)
        self._spoken: Text = spoken
        self._hint: Text = hint
        self.setObjectName(name)
        set_type(self, role)
        follow_language(self, self.retranslate)

    def retranslate(self) -> None:
        """Say name and hint in the language in force."""
        self.setAccessibleName(say(self._spoken))
        self.setPlaceholderText(say(self._hint))


class QuantityEdit(TextEdit):
    """A quantity: whole or with a comma and at most three decimals; a dot becomes a comma.

    Emits `quantity_changed` with thousandths or None, and `refused` with "bad_quantity" when
    what was typed is no quantity; the field then keeps what it had.
    """

    quantity_changed = Signal(object)
    refused = Signal(str)

    def __init__(self, name: str, spoken: Text, *, parent: QWidget | None = None) -> None:
        """`spoken` is what a screen reader calls it."""
        super().__init__(name, spoken, parent=parent)
        self._before = ""
        self._kept = ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.textEdited.connect(self._edited)
        self.textChanged.connect(self._changed)

    def quantity(self) -> int | None:
        """Thousandths, None while nothing (or only a comma) is typed."""
        return _read(self.text())

    def set_quantity(self, thousandths: int | None) -> None:
        """Put a quantity in, as if it had been there before."""
        self._kept = "" if thousandths is None else format_quantity(thousandths)
        self._before = self._kept
        self.setText(self._kept)

    def type_text(self, text: str) -> None:
        """Take keys of a pad as if they had been typed."""
        for char in text:
            self.insert(char)
            self._edited(self.text())

    def erase(self) -> None:
        """Take the last key back."""
        self.backspace()
        self._edited(self.text())

    def type_nothing(self) -> None:
        """Empty the field."""
        self.clear()
        self._before = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape restores once, then goes to the screen."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._kept:
            self.setText(self._kept)
            self.selectAll()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select everything: the next key begins a new quantity."""
        super().focusInEvent(event)
        self._kept = self.text()
        self.selectAll()

    def _edited(self, text: str) -> None:
        shown = text.replace(".", ",").strip()
        at = self.cursorPosition()
        fine = shown in ("", ",") or _read(shown.removesuffix(",")) is not None
        if not fine or shown.count(",") > 1:
            self.setText(self._before)
            self.setCursorPosition(max(at - 1, 0))
            self.refused.emit(BadQuantity.code)
            return
        if shown != text:
            self.setText(shown)
            self.setCursorPosition(at)
        self._before = shown

    def _changed(self, _text: str) -> None:
        self.quantity_changed.emit(self.quantity())


def _read(text: str) -> int | None:
    try:
        return parse_quantity(text.removesuffix(","))
    except BadQuantity:
        return None


class SearchEdit(TextEdit):
    """The scan and search field: a glass, a cross, arrows that go down into the results.

    `query_changed` comes at each key; `accepted` with the text at Enter; `step` with -1 or 1
    for the arrows and a page more for PageUp and PageDown. Escape empties it first.
    """

    query_changed = Signal(str)
    accepted = Signal(str)
    step = Signal(int)
    PAGE = 10

    def __init__(
        self, name: str, spoken: Text, *, hint: Text = "", scan: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`scan` gives it the height of the selling screen's field."""
        super().__init__(name, spoken, hint=hint, parent=parent)
        if scan:
            self.setProperty("shape", "scan")
        self.setClearButtonEnabled(True)
        self._sign = "barcode" if scan else "search"
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.timeout.connect(lambda: set_tone(self, "none"))
        self.textChanged.connect(self.query_changed)
        looks().changed.connect(self._look_changed)
        self._look_changed()

    def flash(self, tone: Tone) -> None:
        """Show a tone for a moment: the twin of every sound."""
        set_tone(self, tone)
        self._calm.start(FLASH_MS)

    def type_text(self, text: str) -> None:
        """Take keys of a pad as if they had been typed."""
        self.insert(text)

    def erase(self) -> None:
        """Take the last key back."""
        self.backspace()

    def type_nothing(self) -> None:
        """Empty the field."""
        self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Enter go to the results; an Enter that repeats itself does nothing."""
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: self.PAGE,
            Qt.Key.Key_PageUp: -self.PAGE,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.step.emit(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.accepted.emit(self.text())
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, with its sign at the left."""
        super().paintEvent(event)
        size = look().units(Size.ICON_LARGE)
        ratio = self.devicePixelRatioF()
        painter = QPainter(self)
        sign = pixmap(self._sign, look().colours.ink2, size, ratio)
        painter.drawPixmap(Space.GUTTER, (self.height() - size) // 2, sign)
        painter.end()

    def _look_changed(self) -> None:
        self.setTextMargins(look().units(Size.ICON_LARGE) + Space.SMALL, 0, 0, 0)
        clear = self.findChild(QAction, "_q_qlineeditclearaction")
        if isinstance(clear, QAction):
            clear.setIcon(icon("close", look().colours.ink2, look().units(Size.ICON)))
