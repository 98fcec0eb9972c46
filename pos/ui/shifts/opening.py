"""Opening a shift: count the float, Enter."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from pos.shifts.drawer import start_shift
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import _
from pos.ui.shell.centred import centred
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.money import MoneyEdit
from pos.ui.widgets.page import FormRow, Page


class OpenShiftPage(Page):
    """Before the first sale of a shift. `opened` when it is open."""

    opened = Signal()

    def __init__(self, desk: Desk) -> None:
        """Build it."""
        super().__init__("open_shift", lambda: _("Buka shift"), has_back=False)
        self.desk = desk
        self.field = MoneyEdit("float", lambda: _("Modal awal di laci"), role="amount")
        self.row = FormRow(
            lambda: _("Modal awal di laci"),
            self.field,
            hint=lambda: _("Hitung uang yang ada di laci sekarang."),
            before="Rp",
        )
        column = QVBoxLayout()
        column.setSpacing(Space.MEDIUM)
        column.addWidget(
            Label(lambda: _("Shift dibuka sekali, lalu penjualan dapat dimulai."), "body")
        )
        column.addWidget(self.row)
        start = Button(
            "start_shift",
            lambda: _("Buka shift"),
            kind="primary",
            icon="shift",
            key="Enter",
            height=Height.PAY,
        )
        start.clicked.connect(self._start)
        self.field.returnPressed.connect(self._start)
        column.addWidget(start)
        self.set_content(centred(column, lower=True))

    def begin(self) -> None:
        """Ready to type."""
        self.field.set_amount(None)
        self.field.setFocus()

    def _start(self) -> None:
        amount = self.field.amount()
        if amount is None:
            self.row.show_error(lambda: _("Tulis modal awalnya; 0 bila laci kosong."))
            return
        desk = self.desk
        if desk.run(lambda: start_shift(desk.counter, amount)):
            desk.sound("shift")
            self.opened.emit()
