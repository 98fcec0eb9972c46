"""One sold line on the refund page: what it is, and how much of it comes back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.money import format_rupiah
from core.quantity import QTY
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import _, shown_quantity
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import QuantityEdit

FIELD_WIDTH = 2 * Height.BUTTON


class ReturnRow(QWidget):
    """A line with its field between less and more; `changed` at each other quantity."""

    changed = Signal()

    def __init__(self, line: Any) -> None:
        """`line` as sold and given back so far; nothing of it is marked yet."""
        super().__init__()
        self.line_no: int = line.line_no
        self.left: int = line.qty - line.refunded_qty
        name = f"refund_{line.line_no}"
        self.field = QuantityEdit(name, line.name)
        self.field.setFixedWidth(FIELD_WIDTH)
        self.less = Button(f"{name}_less", "−", spoken=lambda: _("Satu kurang"), scanning=True)
        self.more = Button(f"{name}_more", "+", spoken=lambda: _("Satu lebih"), scanning=True)
        self.less.clicked.connect(lambda: self.step(-1))
        self.more.clicked.connect(lambda: self.step(1))
        self.field.quantity_changed.connect(lambda _qty: self._said())
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(line.name, "strong", wrap=True))
        words.addWidget(Label(lambda: self._hint(line), "hint", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addLayout(words, 1)
        for widget in (self.less, self.field, self.more):
            row.addWidget(widget)
        self.field.setEnabled(self.left > 0)
        self._said()

    def _hint(self, line: Any) -> str:
        return _("terjual {sold}, sisa {left} {unit}, {amount}").format(
            sold=shown_quantity(line.qty),
            left=shown_quantity(self.left),
            unit=line.unit,
            amount=format_rupiah(line.net),
        )

    def quantity(self) -> int:
        """Thousandths that come back, 0 for none."""
        return self.field.quantity() or 0

    def mark_all(self) -> None:
        """Everything that is left comes back."""
        self.field.set_quantity(self.left if self.left > 0 else None)

    def step(self, pieces: int) -> None:
        """One more or less, between nothing and what is left."""
        qty = min(max(self.quantity() + pieces * QTY, 0), self.left)
        self.field.set_quantity(qty or None)

    def _said(self) -> None:
        self.less.setEnabled(self.quantity() > 0)
        self.more.setEnabled(self.quantity() < self.left)
        self.changed.emit()
