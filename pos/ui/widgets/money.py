"""Amounts of rupiah: shown as large as fits, typed with dots that put themselves."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QSizePolicy, QWidget

from core.money import BadAmount, format_rupiah, parse_rupiah
from pos.ui.foundation.fonts import make_font, put_font, set_tone, set_type
from pos.ui.foundation.look import looks
from pos.ui.foundation.tokens import MONEY_STEPS, TYPES, Tone, TypeRole
from pos.ui.i18n import Text, say
from pos.ui.widgets.base import follow_language

MAX_DIGITS = 12
_GROUP_MARK = "."


class Money(QLabel):
    """An amount in tabular digits that steps down in size until it fits; it is never cut."""

    def __init__(
        self, name: str, spoken: Text, role: TypeRole = "total", *, size: int | None = None,
        symbol: bool = True, tone: Tone = "none", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`spoken` names the amount to a screen reader; `size` replaces the role's own."""
        super().__init__(parent)
        self._role: TypeRole = role
        self._largest = size or TYPES[role].size
        self._symbol = symbol
        self._spoken: Text = spoken
        self._amount = 0
        self.setObjectName(name)
        self.setProperty("type", role)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_tone(self, tone)
        looks().changed.connect(self._fit)
        follow_language(self, self.retranslate)

    def amount(self) -> int:
        """The amount in whole rupiah."""
        return self._amount

    def set_amount(self, rupiah: int, tone: Tone | None = None) -> None:
        """Show another amount, in another tone if one is given."""
        self._amount = rupiah
        if tone is not None:
            set_tone(self, tone)
        self.retranslate()

    def set_largest(self, size: int) -> None:
        """Begin stepping down from another size in units (the layout says which)."""
        self._largest = size
        self._fit()

    def retranslate(self) -> None:
        """Say amount and name in the language in force."""
        text = format_rupiah(self._amount, symbol=self._symbol)
        self.setText(text)
        self.setAccessibleName(f"{say(self._spoken)}: {text}")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the size anew."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """As high as its largest size, so that nothing moves when the amount grows."""
        metrics = QFontMetrics(make_font(TYPES[self._role], self._largest))
        return QSize(metrics.horizontalAdvance(self.text()), metrics.height())

    def _fit(self) -> None:
        steps = [step for step in MONEY_STEPS if step < self._largest]
        for size in (self._largest, *steps):
            font = make_font(TYPES[self._role], size)
            if QFontMetrics(font).horizontalAdvance(self.text()) <= self.contentsRect().width():
                break
        put_font(self, font)


class MoneyEdit(QLineEdit):
    """Whole rupiah, the dots put while typing, at most 12 digits.

    Emits `amount_changed` with an int or None (empty), and `refused` with a code when what was
    typed or pasted is no amount ("bad_amount") or too long ("amount_too_large"): the field then
    keeps what it had.
    """

    amount_changed = Signal(object)
    refused = Signal(str)

    def __init__(
        self, name: str, spoken: Text, *, role: TypeRole = "field", parent: QWidget | None = None
    ) -> None:
        """`spoken` is what a screen reader calls the field."""
        super().__init__(parent)
        self._spoken: Text = spoken
        self._before = ""
        self._kept = ""
        self.setObjectName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        set_type(self, role)
        self.textEdited.connect(self._edited)
        self.textChanged.connect(self._changed)
        follow_language(self, lambda: self.setAccessibleName(say(self._spoken)))

    def amount(self) -> int | None:
        """The amount in whole rupiah, None while nothing is typed."""
        digits = _digits(self.text())
        return int(digits) if digits else None

    def set_amount(self, rupiah: int | None) -> None:
        """Put an amount in, as if it had been there before."""
        self._kept = "" if rupiah is None else format_rupiah(rupiah, symbol=False)
        self.setText(self._kept)

    def type_text(self, text: str) -> None:
        """Take keys of a pad as if they had been typed."""
        for char in text:
            if char.isdigit():
                self.insert(char)
                self._edited(self.text())

    def erase(self) -> None:
        """Take the last key back, as the pad's arrow does."""
        self.backspace()
        self._edited(self.text())

    def type_nothing(self) -> None:
        """Empty the field, as the pad's C does."""
        self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ignore what is no digit; Escape restores once, then goes to the screen."""
        text = event.text()
        if event.key() == Qt.Key.Key_Escape and self.text() != self._kept:
            self.setText(self._kept)
            self.selectAll()
            return
        if text.isprintable() and text and not (text.isascii() and text.isdigit()):
            event.accept()
            return
        if event.key() == Qt.Key.Key_Backspace and self._skips_mark():
            self.setCursorPosition(self.cursorPosition() - 1)
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select everything: the next key begins a new amount."""
        super().focusInEvent(event)
        self._kept = self.text()
        self.selectAll()

    def _skips_mark(self) -> bool:
        at = self.cursorPosition()
        return not self.hasSelectedText() and at > 0 and self.text()[at - 1] == _GROUP_MARK

    def _edited(self, text: str) -> None:
        digits: str | None = _digits(text)
        if set(text) - set("0123456789" + _GROUP_MARK):
            digits = self._pasted(text)
        elif digits and len(digits) > MAX_DIGITS:
            self._refuse("amount_too_large")
            return
        if digits is None:
            return
        after = len(_digits(text[self.cursorPosition() :]))
        shown = format_rupiah(int(digits), symbol=False) if digits else ""
        self.setText(shown)
        self.setCursorPosition(_place(shown, after))

    def _pasted(self, text: str) -> str | None:
        try:
            amount = parse_rupiah(text)
        except BadAmount as refused:
            self._refuse(refused.code)
            return None
        if amount < 0 or amount >= 10**MAX_DIGITS:
            self._refuse("bad_amount" if amount < 0 else "amount_too_large")
            return None
        return str(amount)

    def _refuse(self, code: str) -> None:
        at = max(self.cursorPosition() - 1, 0)
        self.setText(self._before)
        self.setCursorPosition(min(at, len(self._before)))
        self.refused.emit(code)

    def _changed(self, text: str) -> None:
        digits = _digits(text)
        grouped = format_rupiah(int(digits), symbol=False) if digits else ""
        if text == grouped and text != self._before:
            self._before = text
            self.amount_changed.emit(self.amount())


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isascii() and char.isdigit())


def _place(shown: str, digits_after: int) -> int:
    """The cursor's place with so many digits behind it."""
    at = len(shown)
    while digits_after and at:
        at -= 1
        digits_after -= shown[at].isdigit()
    return at
