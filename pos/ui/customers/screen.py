"""Customers: who owes what, how much each may owe, and the statement beside the list."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.facts.customers import Account
from core.money import format_rupiah
from pos.customers.accounts import Customer, balance_debt, find_customers, lendable
from pos.customers.people import Repaid
from pos.customers.statement import StatementRow, statement
from pos.sync.wanted import Wanted
from pos.ui.customers.panels import CustomerForm, RepayPanel
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import _, pgettext
from pos.ui.shell.desk import Desk
from pos.ui.shell.news import CUSTOMERS
from pos.ui.shell.older import Older, State
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import SearchEdit
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.page import EmptyState, Page
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

MOST = 500


class CustomersPage(Page):
    """Search, list, statement; new, change, take money."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Build it; `begin` reads the list."""
        super().__init__("customers", lambda: pgettext("daftar", "Pelanggan"))
        self.desk = desk
        self._window = window
        self.search = SearchEdit(
            "customers_search",
            lambda: _("Cari pelanggan"),
            hint=lambda: _("Nama, telepon, atau nomor anggota"),
        )
        self.model: RowsModel[Customer] = RowsModel(
            (
                Column(lambda: _("Nama"), _name),
                Column(
                    lambda: _("Utang"),
                    lambda who: format_rupiah(who.debt, symbol=False),
                    142,
                    number=True,
                    tone=lambda who: "bad" if who.debt > who.credit_limit else "none",
                ),
            )
        )
        self.table = ListTable(
            "customers_list",
            lambda: _("Pelanggan"),
            self.model,  # type: ignore[arg-type]
        )
        self.moves: RowsModel[StatementRow] = RowsModel(
            (
                Column(lambda: _("Tanggal"), lambda row: _short(row.day), 92),
                Column(lambda: _("Dari"), _source),
                Column(
                    lambda: pgettext("uang", "Jumlah"),
                    lambda row: format_rupiah(row.amount, symbol=False),
                    142,
                    number=True,
                ),
                Column(
                    lambda: _("Utang"),
                    lambda row: format_rupiah(row.left, symbol=False),
                    142,
                    number=True,
                ),
            )
        )
        self.older = Older(desk)
        self.older.changed.connect(self._older_came)
        self.note = Label("", "body", wrap=True)
        self.note.setObjectName("customer_older")
        self.note.hide()
        self.statement = ListTable(
            "customer_statement",
            lambda: _("Catatan utang"),
            self.moves,  # type: ignore[arg-type]
        )
        self.who = Label("", "section", wrap=True)
        self.facts = Label("", "body", wrap=True)
        self._account: Account = "credit"
        self._build()

    def _build(self) -> None:
        first = Button("customers_first", lambda: _("Pelanggan baru"), kind="primary", icon="add")
        first.clicked.connect(self._new)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(
            EmptyState(
                "customers_empty",
                "customers",
                lambda: _("Tidak ada pelanggan yang cocok. Nama saja sudah cukup untuk menambah."),
                first,
            )
        )
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(Space.GUTTER)
        left.addWidget(self.search)
        left.addWidget(self.stack, 1)
        right.addWidget(self.who)
        right.addWidget(self.facts)
        right.addWidget(self.statement, 1)
        right.addWidget(self.note)
        self._side = QWidget()
        self._side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        # The limit is beside the list: here names come first, and they are long.
        row.addLayout(left, 7)
        row.addWidget(self._side, 10)
        self.set_content(row)
        self._actions()
        self.search.query_changed.connect(lambda _text: self._find())
        self.search.step.connect(self.table.step)
        self.search.accepted.connect(lambda _text: self.pay())
        self.table.taken.connect(lambda _row: self._change())
        self.table.current_changed.connect(lambda _row: self._show())
        self.desk.changed.connect(self._facts_written)

    def _actions(self) -> None:
        self.other = Button("customer_account", lambda: _("Lihat potong gaji"), key="F5")
        press_by_key(self.other, "F5")
        self.other.clicked.connect(self._switch)
        self.add_action(self.other)
        for name, text, icon, key, act in (
            ("customer_change", lambda: _("Ubah"), "edit", "F2", self._change),
            ("customer_add", lambda: _("Baru"), "add", "Ins", self._new),
        ):
            made = Button(name, text, icon=icon, key=key)
            press_by_key(made, key)
            made.clicked.connect(act)
            self.add_action(made)
        pay = Button(
            "customer_pay", lambda: _("Bayar kasbon"), kind="primary", icon="cash", key="F8"
        )
        press_by_key(pay, "F8")
        pay.clicked.connect(self.pay)
        self.add_action(pay)

    def begin(self) -> None:
        """Read the list."""
        self.search.clear()
        self._find()
        self.search.setFocus()

    def _find(self, chosen: bytes = b"") -> None:
        found = find_customers(self.desk.counter.db, self.search.text(), MOST)
        self.model.set_rows(found)
        at = [number for number, who in enumerate(found) if who.id == chosen]
        self.stack.setCurrentIndex(0 if found else 1)
        self._side.setVisible(bool(found))
        self.table.go_to(at[0] if at else 0)
        self._show()

    def _chosen(self) -> Customer | None:
        row = self.table.current_row()
        return self.model.row(row) if 0 <= row < self.model.count() else None

    def _show(self) -> None:
        who = self._chosen()
        if who is None:
            return
        db = self.desk.counter.db
        payroll = balance_debt(db, who.id)
        self.other.setVisible(bool(who.balance_limit or payroll))
        if self.other.isHidden():
            self._account = "credit"
        self.other.say(
            lambda: _("Lihat kasbon") if self._account == "balance" else _("Lihat potong gaji")
        )
        self.who.say(who.name)
        lends = lendable(db, who)
        self.facts.say(lambda: "\n".join(_facts(who, payroll, lends)))
        moves = statement(db, who.id, self._account)
        is_whole = all(move.source != "before" for move in moves)
        self.older.look_for(Wanted(customer=b"" if is_whole else who.id))
        self.moves.set_rows(moves)
        self._say_older()

    def _older_came(self) -> None:
        if self.older.state == "found":
            self._show()
        else:
            self._say_older()

    def _say_older(self) -> None:
        """Where older movements of this customer are, while they are not here."""
        self.note.setVisible(self.older.state not in ("", "found", "none"))
        self.note.say(lambda: _older(self.older.state), "warn")

    def _facts_written(self, kinds: frozenset[str]) -> None:
        """Another counter may write down a customer, a debt or a payment."""
        if kinds & CUSTOMERS and self.isVisible():
            who = self._chosen()
            self._find(who.id if who else b"")

    def _switch(self) -> None:
        self._account = "credit" if self._account == "balance" else "balance"
        self._show()

    def _new(self) -> None:
        panel = CustomerForm(self.desk, self._window, None, self._saved)
        panel.ask(self.search.text().strip() if not self.model.count() else "")

    def _change(self) -> None:
        who = self._chosen()
        if who is not None:
            CustomerForm(self.desk, self._window, who, self._saved).ask()

    def _saved(self, customer_id: bytes) -> None:
        self.search.clear()
        self._find(customer_id)

    def pay(self) -> None:
        """Take what the chosen customer pays back."""
        who = self._chosen()
        if who is None:
            return
        if who.debt <= 0 and balance_debt(self.desk.counter.db, who.id) <= 0:
            self.desk.say(_("{name} tidak punya utang.").format(name=who.name))
            return
        RepayPanel(self.desk, self._window, who, self._paid).ask()

    def _paid(self, done: Repaid) -> None:
        who = self._chosen()
        self._find(who.id if who else b"")
        self.desk.say(
            _("Diterima {amount}; sisa utang {left}. Struk {receipt}.").format(
                amount=format_rupiah(done.amount),
                left=format_rupiah(done.left),
                receipt=done.receipt,
            ),
            "ok",
        )


def _name(who: Customer) -> str:
    return f"{who.name} · {who.member_no}" if who.member_no else who.name


def _short(day: str) -> str:
    """24/11/26: the column has room for no more."""
    year, month, number = day.split("-")
    return f"{number}/{month}/{year[2:]}"


def _source(row: StatementRow) -> str:
    words = {
        "sale": _("Belanja"),
        "refund": _("Pengembalian"),
        "repayment": _("Bayar"),
        "swap": _("Ganti cara bayar"),
        "before": _("Ringkasan hari itu"),
    }
    return f"{row.receipt} {words[row.source]}".strip()


def _older(state: State) -> str:
    words: dict[str, str] = {
        "fetching": _("Rincian lama pelanggan ini sedang diambil dari server…"),
        "no_network": _(
            "Tidak ada jaringan: rincian lama pelanggan ini belum ada di kasir ini. Saldonya sudah "
            "benar."
        ),
        "refused": _("Server belum dapat memberikan rincian lama. Saldonya sudah benar."),
    }
    return words.get(state, "")


def _facts(who: Customer, payroll: int, lends: int) -> list[str]:
    """What is owed and may be owed; what of a limit this counter lends, where others have parts."""
    lines = [
        _("Utang {debt}, batas {limit}").format(
            debt=format_rupiah(who.debt), limit=format_rupiah(who.credit_limit)
        )
    ]
    if max(0, lends) < who.credit_limit - who.debt:
        lines.append(
            _("Kasir ini masih boleh memberi kasbon {amount}, selebihnya bagian kasir lain").format(
                amount=format_rupiah(max(0, lends))
            )
        )
    if who.balance_limit or payroll:
        lines.append(
            _("Potong gaji {debt}, sebulan paling banyak {limit}").format(
                debt=format_rupiah(payroll), limit=format_rupiah(who.balance_limit)
            )
        )
    rest = [text for text in (who.phone, who.member_no, who.note) if text]
    return [*lines, " · ".join(rest)] if rest else lines
