"""Money of refunds by QRIS, card or transfer that somebody must still send back."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.dates import format_day
from core.money import format_rupiah
from pos.selling.corrections import Owed, owed_refunds, settle_refund
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import _, language, pgettext
from pos.ui.selling.words import tender_name
from pos.ui.shell.desk import Desk
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.page import EmptyState, FormRow
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable


class OwedView(QWidget):
    """The list; a row is ticked off with the number of the transfer."""

    def __init__(self, desk: Desk) -> None:
        """Empty; `begin` reads the list."""
        super().__init__()
        self.desk = desk
        self.model: RowsModel[Owed] = RowsModel(
            (
                Column(lambda: pgettext("satu", "Struk"), lambda row: row.receipt, 150),
                Column(lambda: _("Tanggal"), lambda row: format_day(row.day, language())),
                Column(lambda: _("Cara bayar"), lambda row: tender_name(row.kind), 180),
                Column(
                    lambda: _("Belum dikembalikan"),
                    lambda row: format_rupiah(row.amount, symbol=False),
                    200,
                    number=True,
                ),
            )
        )
        self.table = ListTable(
            "owed_list",
            lambda: _("Belum dikembalikan"),
            self.model,  # type: ignore[arg-type]
        )
        self.reference = TextEdit("owed_reference", lambda: _("Nomor bukti"))
        self.row = FormRow(
            lambda: _("Nomor bukti (boleh kosong)"),
            self.reference,
            hint=lambda: _("Kirim uangnya lewat bank dulu; di sini hanya dicatat."),
        )
        settle = Button(
            "owed_settle", lambda: _("Sudah dikembalikan"), kind="primary", icon="check", key="F9"
        )
        press_by_key(settle, "F9")
        settle.clicked.connect(self.settle)
        self.reference.returnPressed.connect(self.settle)
        foot = QHBoxLayout()
        foot.setSpacing(Space.GUTTER)
        foot.addWidget(self.row, 1)
        foot.addWidget(settle)
        self._foot = QWidget()
        self._foot.setLayout(foot)
        foot.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(
            EmptyState("owed_empty", "check", lambda: _("Semua uang pengembalian sudah dikirim."))
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.GUTTER)
        column.addWidget(self.stack, 1)
        column.addWidget(self._foot)

    def begin(self) -> None:
        """Read the list."""
        found = owed_refunds(self.desk.counter.db)
        self.model.set_rows(found)
        self.stack.setCurrentIndex(0 if found else 1)
        self._foot.setVisible(bool(found))
        self.reference.clear()
        self.table.go_to(0)
        self.table.setFocus()

    def settle(self) -> None:
        """Tick the chosen one off."""
        row = self.table.current_row()
        if not 0 <= row < self.model.count():
            return
        owed, counter, reference = self.model.row(row), self.desk.counter, self.reference.text()

        def done(_result: object) -> None:
            self.desk.say(
                _("Dicatat: {amount} dari {receipt} sudah dikembalikan.").format(
                    amount=format_rupiah(owed.amount), receipt=owed.receipt
                ),
                "ok",
            )
            self.begin()

        self.desk.run(lambda: settle_refund(counter, owed, reference), done)
