"""Giving back: mark lines and quantities, where the goods go, why; then money or other goods."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from core.errors import Refused
from pos.messages import sentence
from pos.selling.refunds import Return, all_lines, difference, make_refund, sold
from pos.selling.sales import SaleDone
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import _, language, languages
from pos.ui.receipts.lines import ReturnRow
from pos.ui.shell.centred import TWO_COLUMNS, centred
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label, frame
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.money import Money
from pos.ui.widgets.page import Form, FormRow, Page
from pos.ui.widgets.press import press_by_key


class RefundPage(Page):
    """A receipt's lines with what goes back of each.

    `done` carries the refund; `exchange_asked` the receipt, what comes back, why, and whether
    all of it is in cash.
    """

    done = Signal(object)
    exchange_asked = Signal(str, object, str, bool)

    def __init__(self, desk: Desk) -> None:
        """Build it; `begin` reads a receipt."""
        super().__init__("refund_page", lambda: _("Kembalikan barang"))
        self.desk = desk
        self._receipt = ""
        self._rows: list[ReturnRow] = []
        self._lines = Form("refund_lines")
        self.number = Label("", "section")
        self.reason = TextEdit("refund_reason", lambda: _("Alasan"))
        self.reason_row = FormRow(lambda: _("Alasan"), self.reason)
        self.to_stock = chip("to_stock", lambda: _("Kembali ke stok"), key="F5", checkable=True)
        self.to_waste = chip("to_waste", lambda: _("Rusak, dibuang"), key="F6", checkable=True)
        self.to_stock.clicked.connect(lambda: self._where(True))
        self.to_waste.clicked.connect(lambda: self._where(False))
        self.cash = chip("refund_cash", lambda: _("Semua tunai"), key="F7", checkable=True)
        self.cash.clicked.connect(lambda _on: self._refresh())
        self.worth_label = Label("", "body")
        self.worth = Money("refund_worth", lambda: _("Uang kembali"), role="amount")
        self.note = Label(
            lambda: _(
                "Uang QRIS, kartu dan transfer hanya dicatat: "
                "Anda sendiri yang mengirimnya kembali."
            ),
            "hint",
            wrap=True,
        )
        self._build()
        languages().changed.connect(self._language_changed)

    def _language_changed(self) -> None:
        """Only what is seen: every other showing reads anew."""
        if self.isVisible():
            self._refresh()

    def _build(self) -> None:
        side = frame("card")
        column = QVBoxLayout(side)
        column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        column.setSpacing(Space.GUTTER)
        column.addWidget(self.number)
        column.addWidget(self.reason_row)
        for button in (self.to_stock, self.to_waste, self.cash):
            press_by_key(button)
            column.addWidget(button)
        column.addWidget(self.note)
        column.addStretch(1)
        column.addWidget(self.worth_label)
        column.addWidget(self.worth)
        self._row = QHBoxLayout()
        self._row.setSpacing(Space.MEDIUM)
        self._row.addWidget(self._lines, 3)
        self._row.addWidget(side, 2)
        self.set_content(centred(self._row, TWO_COLUMNS))
        self._add_buttons()
        self.reason.returnPressed.connect(self._refund)

    def _add_buttons(self) -> None:
        everything = Button("refund_all", lambda: _("Semua barang"), key="*")
        everything.clicked.connect(self._mark_all)
        swap = Button("exchange", lambda: _("Tukar barang"), icon="exchange", key="F8")
        press_by_key(swap)
        swap.clicked.connect(self._exchange)
        give = Button(
            "refund_now",
            lambda: _("Kembalikan"),
            kind="primary",
            icon="refund",
            key="F9",
            height=Height.PAY,
        )
        press_by_key(give)
        give.clicked.connect(self._refund)
        for button in (everything, swap, give):
            self.add_action(button)

    def begin(self, receipt: str) -> None:
        """Show a receipt's lines; nothing is marked yet.

        Raises:
            UnknownSale.
        """
        lines = sold(self.desk.counter.db, receipt).lines.values()
        self._receipt = receipt
        self.number.say(receipt)
        self.reason.clear()
        self.reason_row.clear_error()
        self.cash.setChecked(False)
        fresh = Form("refund_lines")
        self._rows = [ReturnRow(line) for line in lines]
        for row in self._rows:
            row.field.installEventFilter(self)
            row.changed.connect(self._refresh)
            fresh.add(row)
        self._row.replaceWidget(self._lines, fresh)
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = fresh
        self._where(True)
        self.take_focus()

    def take_focus(self) -> None:
        """Put the keys into the first line of which something is left; what is marked stays."""
        self._go(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of a quantity: up, down and Enter change the line, plus, minus and star mark."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        found = [at for at, row in enumerate(self._rows) if row.field is watched]
        return bool(found) and self._act(event, found[0])

    def _act(self, event: QKeyEvent, at: int) -> bool:
        if event.text() == "*":
            self._mark_all()
        elif event.text() in ("+", "-"):
            self._rows[at].step(1 if event.text() == "+" else -1)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(at + 1)
        elif event.key() == Qt.Key.Key_Up:
            self._go(at - 1, -1)
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The star marks everything, wherever no text is typed."""
        if event.text() == "*" and not event.isAutoRepeat():
            self._mark_all()
        else:
            super().keyPressEvent(event)

    def _go(self, at: int, by: int = 1) -> None:
        """To the next line of which something is left; after the last one to the reason."""
        while 0 <= at < len(self._rows) and self._rows[at].left <= 0:
            at += by
        if at >= len(self._rows):
            self.reason.setFocus()
        elif at >= 0:
            self._rows[at].field.setFocus()
            self._lines.ensureWidgetVisible(self._rows[at])

    def _where(self, stock: bool) -> None:
        self.to_stock.setChecked(stock)
        self.to_waste.setChecked(not stock)
        self._refresh()

    def _mark_all(self) -> None:
        for row in self._rows:
            row.mark_all()
        self.reason.setFocus()

    def _marked(self) -> list[Return]:
        to: Literal["stock", "waste"] = "stock" if self.to_stock.isChecked() else "waste"
        return [Return(row.line_no, qty, to) for row in self._rows if (qty := row.quantity())]

    def _returns(self) -> list[Return]:
        to: Literal["stock", "waste"] = "stock" if self.to_stock.isChecked() else "waste"
        return self._marked() or all_lines(self.desk.counter.db, self._receipt, to)

    def _refresh(self) -> None:
        """What the marked lines are worth; unmarked means all that is left."""
        if not self._receipt:
            return
        counter, marked = self.desk.counter, self._marked()
        try:
            made = difference(
                counter, self._receipt, self._returns(), cash_instead=self.cash.isChecked()
            )
        except Refused as refusal:
            self.worth_label.say(sentence(refusal, language()), "bad")
            self.worth.set_amount(0, "none")
            return
        said = _("Uang kembali") if marked else _("Uang kembali, semua barang")
        self.worth_label.say(said, "none")
        self.worth.set_amount(-sum(part.amount for part in made.paid_back), "warn")

    def _has_reason(self) -> bool:
        if self.reason.text().strip():
            self.reason_row.clear_error()
            return True
        self.reason_row.show_error(lambda: _("Tulis alasannya."))
        self.reason.setFocus()
        return False

    def _exchange(self) -> None:
        if not self._has_reason():
            return

        def chosen(returns: list[Return]) -> None:
            self.exchange_asked.emit(
                self._receipt, returns, self.reason.text(), self.cash.isChecked()
            )

        self.desk.run(self._returns, chosen)

    def _refund(self) -> None:
        if not self._has_reason():
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
