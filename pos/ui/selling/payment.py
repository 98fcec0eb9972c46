"""Paying: a page in the place of the cart; Enter confirms only what is covered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.money import format_rupiah
from core.tender import TenderKind, looks_like_barcode, unusual_cash
from pos.customers.accounts import Customer
from pos.selling.payment import NEEDS_CUSTOMER, Payment
from pos.selling.sales import SaleDone
from pos.ui.foundation.tokens import Height, Size, Space
from pos.ui.i18n import _, languages
from pos.ui.keys.keymap import key_named
from pos.ui.selling.buyer import CustomerPanel
from pos.ui.selling.qris import QrisPanel
from pos.ui.selling.words import tender_name
from pos.ui.shell.centred import TWO_COLUMNS, centred
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label, frame
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.money import Money, MoneyEdit
from pos.ui.widgets.page import Facts, Page

# The tender's key while the amount field is empty: selling.md, section 22.
KEYS: dict[TenderKind, str] = {
    TenderKind.QRIS: "Q",
    TenderKind.CARD: "D",
    TenderKind.EWALLET: "E",
    TenderKind.TRANSFER: "T",
    TenderKind.CREDIT: "K",
    TenderKind.BALANCE: "G",
}
# F1 is help everywhere.
LETTER_MS = 70
"""A letter waits so long for the next key: a scan begins with a letter, too."""
REFERENCES = (TenderKind.CARD, TenderKind.EWALLET, TenderKind.TRANSFER)


class PaymentPage(Page):
    """Take the money for the till's cart. `done` carries the sale."""

    done = Signal(object)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Build it; `begin` starts a payment."""
        super().__init__("payment", lambda: _("Pembayaran"))
        self.desk = desk
        self._window = window
        self.payment = Payment(desk.till)
        self._asked = 0
        self.due = Money("due", lambda: _("Harus dibayar"))
        self.field = MoneyEdit("cash", lambda: _("Uang tunai"), role="amount")
        self.reference = TextEdit(
            "reference",
            lambda: _("Nomor referensi"),
            hint=lambda: _("Nomor referensi kartu atau transfer (boleh kosong)"),
        )
        self.hint = Label("", "hint", wrap=True)
        self._notes: list[Button] = []
        self._note_grid = QGridLayout()
        self.facts = Facts("payment_facts")
        self.rest = Money("rest", lambda: _("Sisa"), role="amount")
        self.rest_label = Label(lambda: _("Sisa"), "body")
        self._build()
        self._letter: TenderKind | None = None
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.timeout.connect(self._letter_alone)
        self.field.installEventFilter(self)
        languages().changed.connect(self._language_changed)
        self.field.returnPressed.connect(self._enter)
        self.field.amount_changed.connect(lambda _amount: self._refresh())

    def _language_changed(self) -> None:
        """Only what is seen: every other showing reads anew."""
        if self.isVisible():
            self._refresh()

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(Space.GUTTER)
        left.addWidget(Label(lambda: _("Harus dibayar"), "body"))
        left.addWidget(self.due)
        left.addWidget(Label(lambda: _("Uang tunai (kosong berarti pas)"), "label"))
        left.addWidget(self.field)
        self._note_grid.setSpacing(Space.GUTTER)
        left.addLayout(self._note_grid)
        left.addWidget(Label(lambda: _("Cara bayar lain"), "label"))
        left.addLayout(self._methods())
        left.addWidget(self.reference)
        left.addWidget(self.hint)
        left.addStretch(1)
        right = frame("card")
        column = QVBoxLayout(right)
        column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        column.addWidget(self.facts)
        column.addStretch(1)
        column.addWidget(self.rest_label)
        column.addWidget(self.rest)
        self.confirm = Button(
            "confirm",
            lambda: _("Selesai"),
            kind="primary",
            icon="check",
            key="Enter",
            scanning=True,
            height=Height.PAY,
            role="title",
        )
        self.confirm.clicked.connect(self._enter)
        column.addWidget(self.confirm)
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        row.addLayout(left, 3)
        row.addWidget(right, 2)
        self.set_content(centred(row, TWO_COLUMNS, Size.PANEL_WIDE))

    def _methods(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(Space.GUTTER)
        for number, (kind, key) in enumerate(KEYS.items()):
            made = Button(
                f"tender_{kind}",
                self._namer(kind),
                key=key,
                scanning=True,
                height=Height.BUTTON,
            )
            made.clicked.connect(self._chooser(kind))
            grid.addWidget(made, number // 3, number % 3)
        return grid

    def _namer(self, kind: TenderKind) -> Callable[[], str]:
        return lambda: tender_name(kind)

    def _chooser(self, kind: TenderKind) -> Callable[[], None]:
        return lambda: self.choose(kind)

    def begin(self) -> None:
        """Start paying for the cart as it is."""
        self.take(Payment(self.desk.till))

    def take(self, payment: Payment) -> None:
        """Start taking the money of a payment, the open cart's or another one."""
        self.payment = payment
        self._asked = 0
        self.field.set_amount(None)
        self.reference.clear()
        self.hint.say("")
        self._refresh()
        self.field.setFocus()

    def _refresh(self) -> None:
        due = self.payment.cash_due if not self.payment.tenders else max(0, self.payment.due)
        self.due.set_amount(due)
        self._show_notes()
        rows: list[tuple[str, str]] = [(_("Total"), format_rupiah(self.payment.total))]
        for tender in self.payment.tenders:
            rows.append((tender_name(tender.kind), format_rupiah(tender.amount)))
        self.facts.set_rows(rows)
        given = self.field.amount()
        left = self.payment.cash_due - (given if given is not None else self.payment.cash_due)
        if left > 0:
            self.rest_label.say(lambda: _("Masih kurang"))
            self.rest.set_amount(left, "warn")
        else:
            self.rest_label.say(lambda: _("Kembali"))
            self.rest.set_amount(-left, "ok")

    def _show_notes(self) -> None:
        for button in self._notes:
            button.hide()
            button.deleteLater()
        self._notes = []
        for number, amount in enumerate(self.payment.suggestions()):
            text = _("Pas") if number == 0 else format_rupiah(amount, symbol=False)
            made = chip(
                f"note_{number + 1}",
                text,
                key=f"F{number + 2}",
                scanning=True,
                height=Height.ACTION,
            )
            made.clicked.connect(self._note_chooser(amount))
            self._notes.append(made)
            self._note_grid.addWidget(made, number // 3, number % 3)

    def _note_chooser(self, amount: int) -> Callable[[], None]:
        return lambda: self._take_cash(amount)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 to F7 and their twins take a suggested note, letters a tender, Escape one back."""
        if event.isAutoRepeat():
            return
        pressed = key_named(event)
        for made in self._notes:
            if made.key_hint() == pressed:
                made.click()
                return
        if self._take_letter(event):
            return
        if event.key() == Qt.Key.Key_Escape and self.payment.tenders:
            self.payment.take_back()
            self._refresh()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A tender's letter in the amount field, which has no use for letters itself."""
        if watched is not self.field or event.type() != QEvent.Type.KeyPress:
            return False
        return isinstance(event, QKeyEvent) and self._take_letter(event)

    def _take_letter(self, event: QKeyEvent) -> bool:
        self._waiting.stop()
        if event.isAutoRepeat():
            return False
        for kind, key in KEYS.items():
            if event.text().upper() == key:
                self._letter = kind
                self._waiting.start(LETTER_MS)
                return True
        return False

    def _letter_alone(self) -> None:
        if self._letter is not None and self.isVisible():
            self.choose(self._letter)

    def choose(self, kind: TenderKind) -> None:
        """Pay what is typed, or all that is due, by another tender."""
        amount = self.field.amount()
        if kind in NEEDS_CUSTOMER and not self.payment.till.cart.customer_id:
            self._ask_customer(kind)
            return
        if kind == TenderKind.QRIS:
            self._ask_qris(amount)
            return
        reference = self.reference.text().strip() if kind in REFERENCES else ""
        self._add(kind, amount, reference)

    def _add(
        self, kind: TenderKind, amount: int | None, reference: str = "", confirmed: str = ""
    ) -> None:
        if amount is not None and amount > self.payment.due:
            self.hint.say(lambda: _("Lebih dari tagihan. Kembalian hanya untuk uang tunai."), "bad")
            return
        if self.desk.run(lambda: self.payment.add(kind, amount, reference, confirmed)):
            self.field.set_amount(None)
            self.reference.clear()
            self._refresh()
            if self.payment.due <= 0:
                self._finish()

    def _ask_customer(self, kind: TenderKind) -> None:
        def chosen(who: Customer | None) -> None:
            if who is not None:
                self.payment.till.set_customer(who.id)
                self.choose(kind)

        panel = CustomerPanel(self.desk, self._window, chosen)
        panel.closed.connect(panel.deleteLater)
        panel.open(panel.search)

    def _ask_qris(self, amount: int | None) -> None:
        value = self.payment.due if amount is None else amount
        panel = QrisPanel(self.desk, self._window, value)
        panel.confirmed.connect(lambda how: self._add(TenderKind.QRIS, amount, "", how))
        panel.waits.connect(self._park_waiting)
        panel.closed.connect(panel.deleteLater)
        panel.ask()

    def _park_waiting(self) -> None:
        def parked(_cart_id: object) -> None:
            self.desk.say(_("Diparkir, menunggu QRIS. Tekan F7 bila uangnya sudah masuk."), "info")
            self.back.emit()

        till = self.payment.till
        self.desk.run(lambda: till.park(_("menunggu QRIS"), "qris"), parked)

    def _enter(self) -> None:
        amount = self.field.amount()
        self._take_cash(self.payment.cash_due if amount is None else amount)

    def _take_cash(self, amount: int) -> None:
        if looks_like_barcode(amount):
            self.field.set_amount(None)
            self.hint.say(lambda: _("Itu kode batang, bukan uang. Ketik jumlah uangnya."), "bad")
            return
        if amount < self.payment.cash_due:
            left = self.payment.cash_due - amount
            if amount > 0:
                self._add(TenderKind.CASH, amount)
            self.hint.say(
                _("Masih kurang {amount}. Pilih cara bayar untuk sisanya.").format(
                    amount=format_rupiah(left)
                ),
                "warn",
            )
            return
        if unusual_cash(self.payment.cash_due, amount) and self._asked != amount:
            self._asked = amount
            self.hint.say(
                _("Yakin menerima {amount}? Tekan sekali lagi untuk menerimanya.").format(
                    amount=format_rupiah(amount)
                ),
                "warn",
            )
            return
        self.payment.add(TenderKind.CASH, amount)
        self._finish()

    def _finish(self) -> None:
        self.confirm.setEnabled(False)

        tenders = list(self.payment.tenders)

        def finish() -> SaleDone:
            # Again after a manager's PIN: with the tenders that were refused before it.
            self.payment.tenders[:] = tenders
            return self.payment.finish()

        if not self.desk.run(finish, self.done.emit):
            self.payment.take_back()
            self._refresh()
        self.confirm.setEnabled(True)
