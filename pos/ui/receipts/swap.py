"""A sale was paid another way than was keyed in: which tender, the right one, and why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QWidget

from core.money import format_rupiah
from core.tender import AT_THE_COUNTER, TenderKind
from pos.customers.accounts import Customer
from pos.selling.corrections import PaidBy, buyer_of, swap_tender, tenders_of
from pos.selling.payment import NEEDS_CUSTOMER
from pos.ui.foundation.tokens import Height, Size, Space
from pos.ui.i18n import _
from pos.ui.selling.buyer import CustomerPanel
from pos.ui.selling.payment import KEYS
from pos.ui.selling.words import tender_name
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow
from pos.ui.widgets.press import press_by_key

ACROSS = 3
LETTERS = {**KEYS, TenderKind.CASH: "C"}
"""The letters of the payment page, with Alt: a reason is typed here."""


class SwapPanel(Overlay):
    """Corrects one tender of a receipt while its shift is open; `done` is told after."""

    def __init__(self, desk: Desk, window: QWidget, receipt: str, done: Callable[[], None]) -> None:
        """For one receipt that was paid by something."""
        super().__init__("swap_panel", lambda: _("Ganti cara bayar"), window, width=Size.PANEL_WIDE)
        self._desk = desk
        self._over = window
        self._receipt = receipt
        self._done = done
        self._paid = tenders_of(desk.counter.db, receipt)
        self._chosen = self._paid[0]
        self._parts: list[Button] = []
        self._kinds: dict[TenderKind, Button] = {}
        self.reason = TextEdit("swap_reason", lambda: _("Alasan"))
        self.row = FormRow(lambda: _("Alasan"), self.reason)
        self.reference = TextEdit("swap_reference", lambda: _("Nomor referensi"))
        self._build()
        self._choose(self._chosen)
        self.closed.connect(self.deleteLater)

    def _build(self) -> None:
        self.body.addWidget(Label(self._receipt, "section"))
        self.body.addWidget(Label(lambda: _("Tercatat dibayar dengan"), "label"))
        self.body.addLayout(self._parts_grid())
        self.body.addWidget(self.row)
        self.body.addWidget(FormRow(lambda: _("Nomor referensi (boleh kosong)"), self.reference))
        self.body.addWidget(Label(lambda: _("Yang benar dibayar dengan"), "label"))
        grid = QGridLayout()
        grid.setSpacing(Space.GUTTER)
        for number, kind in enumerate(AT_THE_COUNTER):
            made = chip(
                f"swap_{kind}",
                self._namer(kind),
                key=f"Alt+{LETTERS[kind]}",
                height=Height.BUTTON,
            )
            press_by_key(made)
            made.clicked.connect(self._swapper(kind))
            self._kinds[kind] = made
            grid.addWidget(made, number // ACROSS, number % ACROSS)
        self.body.addLayout(grid)

    def _parts_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(Space.GUTTER)
        for number, part in enumerate(self._paid):
            made = chip(
                f"swap_part_{part.number}",
                self._part_namer(part),
                key=f"Alt+{number + 1}" if number < 9 else "",
                checkable=True,
                height=Height.BUTTON,
            )
            if made.key_hint():
                press_by_key(made)
            made.clicked.connect(self._part_chooser(part))
            self._parts.append(made)
            grid.addWidget(made, number // 2, number % 2)
        return grid

    def _part_namer(self, part: PaidBy) -> Callable[[], str]:
        amount = format_rupiah(part.amount)
        return lambda: " ".join(filter(None, (tender_name(part.kind), amount, part.reference)))

    def _part_chooser(self, part: PaidBy) -> Callable[[], None]:
        return lambda: self._choose(part)

    def _choose(self, part: PaidBy) -> None:
        """Another tender is the wrong one; what it is already cannot be chosen anew."""
        self._chosen = part
        for made, one in zip(self._parts, self._paid, strict=True):
            made.setChecked(one is part)
        for kind, button in self._kinds.items():
            button.setEnabled(kind != part.kind)

    def _namer(self, kind: TenderKind) -> Callable[[], str]:
        return lambda: tender_name(kind)

    def _swapper(self, kind: TenderKind) -> Callable[[], None]:
        return lambda: self._swap(kind)

    def ask(self) -> None:
        """Open it at the reason."""
        self.open(self.reason)

    def _swap(self, kind: TenderKind) -> None:
        if not self.reason.text().strip():
            self.row.show_error(lambda: _("Tulis alasannya."))
            self.reason.setFocus()
            return
        nobody = not buyer_of(self._desk.counter.db, self._receipt)
        if kind in NEEDS_CUSTOMER and nobody and self._chosen.amount > 0:
            self._ask_customer(kind)
        else:
            self._write(kind)

    def _ask_customer(self, kind: TenderKind) -> None:
        def chosen(who: Customer | None) -> None:
            self._write(kind, who.id if who is not None else b"")

        panel = CustomerPanel(self._desk, self._over, chosen)
        panel.closed.connect(panel.deleteLater)
        panel.open(panel.search)

    def _write(self, kind: TenderKind, customer_id: bytes = b"") -> None:
        counter, number = self._desk.counter, self._chosen.number
        reason, reference = self.reason.text(), self.reference.text()

        def swapped(_result: object) -> None:
            self.close_panel()
            self._desk.say(_("Cara bayar diganti."), "ok")
            self._done()

        self._desk.run(
            lambda: swap_tender(
                counter,
                self._receipt,
                number,
                kind,
                reason,
                reference=reference,
                customer_id=customer_id,
            ),
            swapped,
        )
