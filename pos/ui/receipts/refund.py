"""Giving back: mark lines and quantities, where the goods go, why; then the money."""

from __future__ import annotations

from typing import Any, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from core.money import format_rupiah
from core.quantity import format_quantity
from pos.selling.refunds import Return, all_lines, make_refund, sold
from pos.selling.sales import SaleDone
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import _
from pos.ui.shell.centred import TWO_COLUMNS, centred
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label, frame
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.fields import QuantityEdit, TextEdit
from pos.ui.widgets.page import Form, FormRow, Page
from pos.ui.widgets.press import press_by_key


class RefundPage(Page):
    """A receipt's lines with what goes back of each; `done` carries the refund."""

    done = Signal(object)

    def __init__(self, desk: Desk) -> None:
        """Build it; `begin` reads a receipt."""
        super().__init__("refund_page", lambda: _("Kembalikan barang"))
        self.desk = desk
        self._receipt = ""
        self._fields: list[tuple[Any, QuantityEdit]] = []
        self._lines = Form("refund_lines")
        self.number = Label("", "section")
        self.reason = TextEdit("refund_reason", lambda: _("Alasan"))
        self.reason_row = FormRow(lambda: _("Alasan"), self.reason)
        self.to_stock = chip("to_stock", lambda: _("Kembali ke stok"), checkable=True)
        self.to_waste = chip("to_waste", lambda: _("Rusak, dibuang"), checkable=True)
        self.to_stock.clicked.connect(lambda: self._where(True))
        self.to_waste.clicked.connect(lambda: self._where(False))
        self.cash = chip("refund_cash", lambda: _("Semua tunai"), checkable=True)
        self.note = Label(
            lambda: _(
                "Uang QRIS, kartu dan transfer hanya dicatat: "
                "Anda sendiri yang mengirimnya kembali."
            ),
            "hint",
            wrap=True,
        )
        self._build()

    def _build(self) -> None:
        side = frame("card")
        column = QVBoxLayout(side)
        column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        column.setSpacing(Space.GUTTER)
        column.addWidget(self.number)
        column.addWidget(self.reason_row)
        for button in (self.to_stock, self.to_waste, self.cash):
            column.addWidget(button)
        column.addWidget(self.note)
        column.addStretch(1)
        self._row = QHBoxLayout()
        self._row.setSpacing(Space.MEDIUM)
        self._row.addWidget(self._lines, 3)
        self._row.addWidget(side, 2)
        self.set_content(centred(self._row, TWO_COLUMNS))
        everything = Button("refund_all", lambda: _("Semua barang"), key="*")
        everything.clicked.connect(self._mark_all)
        give = Button(
            "refund_now",
            lambda: _("Kembalikan"),
            kind="primary",
            icon="refund",
            key="F9",
            height=Height.PAY,
        )
        press_by_key(give, "F9")
        give.clicked.connect(self._refund)
        self.add_action(everything)
        self.add_action(give)
        self.reason.returnPressed.connect(self._refund)

    def begin(self, receipt: str) -> None:
        """Show a receipt's lines; nothing is marked yet."""
        self._receipt = receipt
        self.number.say(receipt)
        self.reason.clear()
        self.reason_row.clear_error()
        self._where(True)
        self.cash.setChecked(False)
        fresh = Form("refund_lines")
        self._fields = []
        for row in sold(self.desk.counter.db, receipt).lines.values():
            left = row.qty - row.refunded_qty
            field = QuantityEdit(f"refund_{row.line_no}", row.name)
            field.setEnabled(left > 0)
            hint = _("terjual {sold}, sisa {left} {unit}, {amount}").format(
                sold=format_quantity(row.qty),
                left=format_quantity(left),
                unit=row.unit,
                amount=format_rupiah(row.net),
            )
            fresh.add(FormRow(row.name, field, hint=hint))
            self._fields.append((row, field))
        self._row.replaceWidget(self._lines, fresh)
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = fresh
        if self._fields:
            self._fields[0][1].setFocus()

    def _where(self, stock: bool) -> None:
        self.to_stock.setChecked(stock)
        self.to_waste.setChecked(not stock)

    def _mark_all(self) -> None:
        for row, field in self._fields:
            left = row.qty - row.refunded_qty
            field.set_quantity(left if left > 0 else None)
        self.reason.setFocus()

    def _returns(self) -> list[Return]:
        to: Literal["stock", "waste"] = "stock" if self.to_stock.isChecked() else "waste"
        marked = [
            Return(row.line_no, qty, to) for row, field in self._fields if (qty := field.quantity())
        ]
        return marked or all_lines(self.desk.counter.db, self._receipt, to)

    def _refund(self) -> None:
        if not self.reason.text().strip():
            self.reason_row.show_error(lambda: _("Tulis alasannya."))
            self.reason.setFocus()
            return
        counter = self.desk.counter

        def done(sale: SaleDone) -> None:
            self.done.emit(sale)

        self.desk.run(
            lambda: make_refund(
                counter,
                self._receipt,
                self._returns(),
                self.reason.text(),
                cash_instead=self.cash.isChecked(),
            ),
            done,
        )
