"""Cash in, cash out, and opening the drawer: an amount and a word of reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtWidgets import QWidget

from pos.shifts.drawer import move_cash, open_drawer
from pos.ui.i18n import _, pgettext
from pos.ui.shell.desk import Desk
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.money import MoneyEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow


class CashPanel(Overlay):
    """Cash into the drawer, out of it, or only the drawer opened."""

    def __init__(
        self, desk: Desk, window: QWidget, direction: Literal["in", "out", "open"]
    ) -> None:
        """For one of the three."""
        titles = {
            "in": lambda: _("Kas masuk"),
            "out": lambda: _("Kas keluar"),
            "open": lambda: _("Buka laci tanpa penjualan"),
        }
        super().__init__("cash_panel", titles[direction], window)
        self.desk = desk
        self._direction = direction
        self.amount = MoneyEdit("cash_amount", lambda: pgettext("uang", "Jumlah"))
        self.reason = TextEdit("cash_reason", lambda: _("Alasan"))
        self.amount_row = FormRow(lambda: pgettext("uang", "Jumlah"), self.amount, before="Rp")
        self.reason_row = FormRow(lambda: _("Alasan"), self.reason)
        if direction != "open":
            self.body.addWidget(self.amount_row)
        self.body.addWidget(self.reason_row)
        save = Button("cash_save", lambda: _("Simpan"), kind="primary", key="Enter")
        save.clicked.connect(self._save)
        self.amount.returnPressed.connect(self.reason.setFocus)
        self.reason.returnPressed.connect(self._save)
        self.add_action(save)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Open it."""
        self.open(self.reason if self._direction == "open" else self.amount)

    def _save(self) -> None:
        counter, reason = self.desk.counter, self.reason.text()
        if not reason.strip():
            self.reason_row.show_error(lambda: _("Tulis alasannya."))
            return
        direction = self._direction
        if direction == "open":
            self._run(lambda: open_drawer(counter, reason))
            return
        amount = self.amount.amount()
        if not amount:
            self.amount_row.show_error(lambda: _("Tulis jumlahnya dalam rupiah."))
            return
        self._run(lambda: move_cash(counter, direction, amount, reason))

    def _run(self, command: Callable[[], object]) -> None:
        def done(_result: object) -> None:
            self.close_panel()
            self.desk.say(_("Tersimpan."), "ok")

        self.desk.run(command, done)
