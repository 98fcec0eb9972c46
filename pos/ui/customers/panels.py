"""Writing a customer down, and taking what one pays back."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Literal

from PySide6.QtWidgets import QGridLayout, QWidget

from core.facts.customers import Account
from core.facts.selling import TenderPart
from core.money import format_rupiah
from pos.customers.accounts import Customer, balance_debt
from pos.customers.people import Repaid, add_customer, change_customer, repay
from pos.ui.foundation.tokens import Size, Space
from pos.ui.i18n import Text, _
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.choice import Choice
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.money import MoneyEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow
from pos.ui.widgets.press import press_by_key

PayKind = Literal["cash", "qris", "card", "ewallet", "transfer"]
_PAYMENTS: tuple[tuple[PayKind, Text], ...] = (
    ("cash", lambda: _("Tunai")),
    ("qris", lambda: _("QRIS")),
    ("transfer", lambda: _("Transfer")),
    ("card", lambda: _("Kartu")),
    ("ewallet", lambda: _("Dompet digital")),
)


class CustomerForm(Overlay):
    """Only the name is needed; `saved` is called with the customer's id."""

    def __init__(
        self, desk: Desk, window: QWidget, old: Customer | None, saved: Callable[[bytes], None]
    ) -> None:
        """`old` is who is to be changed, None for somebody new."""
        super().__init__(
            "customer_form",
            lambda: _("Ubah pelanggan") if old else _("Pelanggan baru"),
            window,
            width=Size.PANEL_WIDE,
        )
        self.desk = desk
        self._old = old
        self._saved = saved
        self.name = TextEdit("customer_name", lambda: _("Nama"))
        self.phone = TextEdit("customer_phone", lambda: _("Telepon"))
        self.member = TextEdit("customer_member", lambda: _("Nomor anggota"))
        self.note = TextEdit("customer_note", lambda: _("Catatan"))
        self.limit = MoneyEdit("customer_limit", lambda: _("Batas kasbon"))
        self.month = MoneyEdit("customer_month", lambda: _("Batas potong gaji sebulan"))
        self.name_row = FormRow(lambda: _("Nama"), self.name)
        self._build()
        self._fill()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.MEDIUM)
        grid.setVerticalSpacing(Space.GUTTER)
        grid.addWidget(self.name_row, 0, 0, 1, 2)
        grid.addWidget(FormRow(lambda: _("Telepon"), self.phone), 1, 0)
        grid.addWidget(FormRow(lambda: _("Nomor anggota"), self.member), 1, 1)
        grid.addWidget(
            FormRow(
                lambda: _("Batas kasbon"),
                self.limit,
                before="Rp",
                hint=lambda: _("0: tidak boleh berutang."),
            ),
            2,
            0,
        )
        grid.addWidget(
            FormRow(
                lambda: _("Batas potong gaji sebulan"),
                self.month,
                before="Rp",
                hint=lambda: _("Hanya anggota koperasi."),
            ),
            2,
            1,
        )
        grid.addWidget(FormRow(lambda: _("Catatan"), self.note), 3, 0, 1, 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)
        save = Button(
            "customer_save", lambda: _("Simpan"), kind="primary", icon="save", key="Enter"
        )
        save.clicked.connect(self._save)
        self.add_action(save)
        fields = (self.name, self.phone, self.member, self.limit, self.month, self.note)
        for before, after in pairwise(fields):
            before.returnPressed.connect(after.setFocus)
        self.note.returnPressed.connect(self._save)
        self.closed.connect(self.deleteLater)

    def _fill(self) -> None:
        old = self._old
        if old is None:
            self.limit.set_amount(self.desk.counter.settings.default_credit_limit)
            self.month.set_amount(0)
            return
        for field, text in (
            (self.name, old.name),
            (self.phone, old.phone),
            (self.member, old.member_no),
            (self.note, old.note),
        ):
            field.setText(text)
        self.limit.set_amount(old.credit_limit)
        self.month.set_amount(old.balance_limit)

    def ask(self, name: str = "") -> None:
        """Open it, with a name typed already where one was searched in vain."""
        if name:
            self.name.setText(name)
        self.open(self.name)

    def _save(self) -> None:
        if not self.name.text().strip():
            self.name_row.show_error(lambda: _("Isi namanya."))
            self.name.setFocus()
            return
        self.desk.run(self._write, self._done)

    def _write(self) -> bytes:
        counter, old = self.desk.counter, self._old
        limit, month = self.limit.amount() or 0, self.month.amount() or 0
        name, phone, note = self.name.text(), self.phone.text(), self.note.text()
        if old is None:
            return add_customer(
                counter, name, phone=phone, note=note, credit_limit=limit,
                member_no=self.member.text(), balance_limit=month,
            )  # fmt: skip
        change_customer(
            counter, old.id, name=name, phone=phone, note=note, credit_limit=limit,
            member_no=self.member.text(), balance_limit=month,
        )  # fmt: skip
        return old.id

    def _done(self, customer_id: bytes) -> None:
        self.close_panel()
        self.desk.say(_("Pelanggan tersimpan."), "ok")
        self._saved(customer_id)


class RepayPanel(Overlay):
    """What a customer pays back: which debt, how much, and how."""

    def __init__(
        self, desk: Desk, window: QWidget, who: Customer, paid: Callable[[Repaid], None]
    ) -> None:
        """`paid` is called once the money is written down."""
        super().__init__("repay_panel", lambda: _("Bayar kasbon"), window)
        self.desk = desk
        self._who = who
        self._paid = paid
        self._owed: dict[Account, int] = {
            "credit": who.debt,
            "balance": balance_debt(desk.counter.db, who.id),
        }
        accounts: list[tuple[Account, Text]] = [("credit", lambda: _("Kasbon"))]
        if self._owed["balance"]:
            accounts.append(("balance", lambda: _("Potong gaji")))
        self.account: Choice[Account] = Choice("repay_account", lambda: _("Utang"), accounts)
        self.owed = Label("", "section", wrap=True)
        self.amount = MoneyEdit("repay_amount", lambda: _("Dibayar"))
        self.row = FormRow(lambda: _("Dibayar"), self.amount, before="Rp")
        self.kind: Choice[PayKind] = Choice("repay_kind", lambda: _("Dengan"), _PAYMENTS)
        self.reference = TextEdit("repay_reference", lambda: _("Nomor bukti"))
        self._reference_row = FormRow(lambda: _("Nomor bukti"), self.reference)
        self._build(len(accounts) > 1)

    def _build(self, several: bool) -> None:
        self.body.addWidget(Label(self._who.name, "section", wrap=True))
        account_row = FormRow(lambda: _("Utang"), self.account)
        account_row.setVisible(several)
        self.body.addWidget(account_row)
        self.body.addWidget(self.owed)
        self.body.addWidget(self.row)
        self.body.addWidget(FormRow(lambda: _("Dengan"), self.kind))
        self.body.addWidget(self._reference_row)
        whole = Button("repay_all", lambda: _("Lunas"), key="F8")
        press_by_key(whole, "F8")
        whole.clicked.connect(self._all)
        save = Button("repay_save", lambda: _("Terima uang"), kind="primary", key="Enter")
        save.clicked.connect(self._save)
        self.add_action(whole)
        self.add_action(save)
        if several and not self._owed["credit"]:
            self.account.set_value("balance")
        self.account.currentIndexChanged.connect(lambda _at: self._show())
        self.kind.currentIndexChanged.connect(lambda _at: self._show())
        self.amount.returnPressed.connect(self._save)
        self.reference.returnPressed.connect(self._save)
        self.closed.connect(self.deleteLater)
        self._show()

    def _show(self) -> None:
        owed = self._owed[self.account.value()]
        self.owed.say(lambda: _("Utang {amount}").format(amount=format_rupiah(owed)))
        self._reference_row.setVisible(self.kind.value() != "cash")

    def ask(self) -> None:
        """Open it at the amount."""
        self.open(self.amount)

    def _all(self) -> None:
        self.amount.set_amount(self._owed[self.account.value()])
        self.amount.setFocus()

    def _save(self) -> None:
        amount, owed = self.amount.amount(), self._owed[self.account.value()]
        if not amount or amount > owed:
            most = format_rupiah(owed)
            self.row.show_error(
                lambda: _("Tulis jumlahnya, paling banyak {amount}.").format(amount=most)
            )
            self.amount.setFocus()
            return
        counter, kind = self.desk.counter, self.kind.value()
        given = amount if kind == "cash" else 0
        part = TenderPart(kind, amount, given, self.reference.text().strip())
        self.desk.run(
            lambda: repay(counter, self._who.id, amount, [part], account=self.account.value()),
            self._done,
        )

    def _done(self, done: Repaid) -> None:
        self.close_panel()
        self.desk.sound("paid")
        self._paid(done)
