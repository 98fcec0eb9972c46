"""A sale was paid another way than was keyed in: choose the right tender, say why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QWidget

from core.tender import TenderKind
from pos.selling.corrections import swap_tender
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import _
from pos.ui.selling.words import tender_name
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import chip
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow


class SwapPanel(Overlay):
    """Corrects the first tender of a receipt while its shift is open; `done` is told after."""

    def __init__(self, desk: Desk, window: QWidget, receipt: str, done: Callable[[], None]) -> None:
        """For one receipt."""
        super().__init__("swap_panel", lambda: _("Ganti cara bayar"), window)
        self._desk = desk
        self._receipt = receipt
        self._done = done
        self.reason = TextEdit("swap_reason", lambda: _("Alasan"))
        self.row = FormRow(lambda: _("Alasan"), self.reason)
        self.body.addWidget(Label(receipt, "section"))
        self.body.addWidget(self.row)
        self.body.addWidget(Label(lambda: _("Yang benar dibayar dengan"), "label"))
        grid = QGridLayout()
        grid.setSpacing(Space.GUTTER)
        for number, kind in enumerate(TenderKind):
            made = chip(f"swap_{kind}", self._namer(kind), height=Height.BUTTON)
            made.clicked.connect(self._chooser(kind))
            grid.addWidget(made, number // 2, number % 2)
        self.body.addLayout(grid)
        self.closed.connect(self.deleteLater)

    def _namer(self, kind: TenderKind) -> Callable[[], str]:
        return lambda: tender_name(kind)

    def _chooser(self, kind: TenderKind) -> Callable[[], None]:
        return lambda: self._swap(kind)

    def ask(self) -> None:
        """Open it at the reason."""
        self.open(self.reason)

    def _swap(self, kind: TenderKind) -> None:
        reason = self.reason.text()
        if not reason.strip():
            self.row.show_error(lambda: _("Tulis alasannya."))
            self.reason.setFocus()
            return
        counter = self._desk.counter

        def swapped(_result: object) -> None:
            self.close_panel()
            self._desk.say(_("Cara bayar diganti."), "ok")
            self._done()

        self._desk.run(lambda: swap_tender(counter, self._receipt, 1, kind, reason), swapped)
