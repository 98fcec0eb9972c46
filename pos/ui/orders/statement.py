"""The statement of online orders by the month: asked of the server, shown, printed, kept as PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.dates import format_day, format_short_day
from core.errors import Refused
from core.money import format_rupiah
from core.orders.statement import OfOrder, OrderStatement
from core.receipt import Document
from pos.failures import as_refusal
from pos.messages import sentence
from pos.orders.statement import Figure, figures, is_bare, month_of, statement_asker
from pos.orders.statement_paper import statement_document
from pos.sync.memory import server
from pos.sync.wire import Send
from pos.ui.catalog.job import Job
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import Text, _, language, languages, pgettext
from pos.ui.reports.parts import ask_file, print_document, save_pdf
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.page import EmptyState, Page
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

MOST_BACK: Final = 120
_UNDER_NONE: Final = frozenset({"handed_over", "goods", "delivery", "returns", "earned"})
_FIGURES, _NOTHING, _ALONE, _WAITING, _AWAY = range(5)


class StatementPage(Page):
    """A month at a time; the sums at the left, the orders that were handed over at the right."""

    def __init__(self, desk: Desk, sender: Callable[[], Callable[[str], Send] | None]) -> None:
        """Empty; `begin` asks for this month. `sender` gives what speaks to an address (else
        HTTP)."""
        super().__init__("order_statement", lambda: _("Laporan pesanan"))
        self.desk, self._sender = desk, sender
        self.statement: OrderStatement | None = None
        self._back = 0
        self._asked = 0
        self._said = ""
        self.sums: RowsModel[Figure] = RowsModel(
            (
                Column(lambda: pgettext("laporan", "Uang"), self._words),
                Column(lambda: pgettext("uang", "Jumlah"), _amount, 168, number=True, tone=_tone),
            )
        )
        self.orders: RowsModel[OfOrder] = RowsModel(
            (
                Column(lambda: pgettext("pesanan", "No."), lambda row: str(row.number), 64),
                Column(lambda: _("Diserahkan"), lambda row: format_short_day(row.day, language())),
                Column(lambda: _("Pendapatan"), _earned, 124, number=True),
                Column(lambda: _("Belum dibayar"), _open, 188, number=True, tone=_open_tone),
            )
        )
        self.sums_table = ListTable(
            "statement_sums",
            lambda: _("Laporan pesanan"),
            self.sums,  # type: ignore[arg-type]
        )
        self.orders_table = ListTable(
            "statement_orders",
            lambda: _("Pesanan yang diserahkan"),
            self.orders,  # type: ignore[arg-type]
        )
        self.month = Label("", "section")
        self.month.setObjectName("statement_month")
        self.note = Label("", "body", wrap=True)
        self.stack = QStackedWidget()
        self._build()

    def _build(self) -> None:
        self.earlier = self._button(
            "statement_earlier", lambda: _("Bulan lalu"), "back", "F4", lambda: self.turn(1)
        )
        self.later = self._button(
            "statement_later", lambda: _("Bulan berikut"), "", "F5", lambda: self.turn(-1)
        )
        for widget in (self.month, self.earlier, self.later):
            self.add_head(widget)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.GUTTER)
        row.addWidget(self.sums_table, 24)
        row.addWidget(self.orders_table, 25)
        self.stack.addWidget(both)
        for name, icon, text in (
            ("statement_nothing", "store", lambda: _("Belum ada pesanan online di bulan ini.")),
            ("statement_alone", "store", _alone),
            ("statement_waiting", "clock", lambda: _("Bertanya kepada server…")),
            ("statement_away", "alert", lambda: self._said),
        ):
            self.stack.addWidget(EmptyState(name, icon, text))
        column = QVBoxLayout()
        column.setSpacing(Space.GUTTER)
        column.addWidget(self.stack, 1)
        column.addWidget(self.note)
        self.set_content(column)
        self.again = self._button(
            "statement_again", lambda: _("Baca lagi"), "transfer", "F9", self.read
        )
        self.pdf = self._button("statement_pdf", lambda: _("Simpan PDF"), "save", "F7", self._pdf)
        self.print = self._button(
            "statement_print", lambda: _("Cetak"), "printer", "F6", self._print
        )
        for button in (self.again, self.pdf, self.print):
            self.add_action(button)
        languages().changed.connect(self._say)

    def _button(
        self, name: str, text: Text, icon: str, key: str, act: Callable[[], object]
    ) -> Button:
        made = Button(name, text, icon=icon, key=key)
        press_by_key(made, key)
        made.clicked.connect(lambda: act())
        return made

    def begin(self) -> None:
        """Ask for this month."""
        self._back = 0
        self.read()

    def turn(self, by: int) -> None:
        """Go so many months back (below zero: on, as far as this month)."""
        self._back = min(max(self._back + by, 0), MOST_BACK)
        self.read()

    def read(self) -> None:
        """Ask for the month that is shown, where the person may; the window goes on meanwhile."""
        counter = self.desk.counter
        self._asked += 1
        self.statement = None
        found = server(counter.db)
        if found is None:
            self._show(_ALONE)
            return
        first, last = month_of(counter.today(), self._back)
        self._show(_WAITING)
        send = self._connect(found.url)
        if not self.desk.run(lambda: statement_asker(counter, send, first, last), self._start):
            self._show(_NOTHING)

    def _connect(self, url: str) -> Send:
        make = self._sender()
        if make is None:
            from pos.sync.transport import HttpSender

            make = HttpSender
        self._send = make(url)
        return self._send

    def _start(self, ask: Callable[[], OrderStatement]) -> None:
        asked, send = self._asked, self._send
        job = Job(lambda _progress, _cancelled: ask(), self)

        def ended() -> bool:
            job.wait()
            job.deleteLater()
            close = getattr(send, "close", None)
            if close is not None:
                close()
            # An answer about a month that is shown no more is nobody's.
            return asked == self._asked

        def done(statement: OrderStatement) -> None:
            if ended():
                self._fill(statement)

        def failed(error: Exception) -> None:
            if ended():
                refusal: Refused = as_refusal(error)
                self._said = sentence(refusal, language())
                self._show(_AWAY)

        job.done.connect(done)
        job.failed.connect(failed)
        job.start()

    def _fill(self, statement: OrderStatement) -> None:
        self.statement = statement
        self._show(_NOTHING if is_bare(statement) else _FIGURES)

    def _show(self, which: int) -> None:
        statement = self.statement
        self.sums.set_rows(figures(statement) if statement else ())
        self.orders.set_rows(statement.orders if statement else ())
        self.orders_table.setVisible(bool(statement and statement.orders))
        self.stack.setCurrentIndex(which)
        self.later.setEnabled(self._back > 0)
        for button in (self.pdf, self.print):
            button.setEnabled(which == _FIGURES)
        self._say()
        if which == _FIGURES:
            self.sums_table.go_to(0)
            self.sums_table.setFocus()
        else:
            self.again.setFocus()

    def _say(self) -> None:
        """The month in words, and whether the list is whole."""
        first, last = month_of(self.desk.counter.today(), self._back)
        whole = format_day(last, language())
        self.month.say(whole if first == last else f"{int(first[8:])} – {whole}")
        statement = self.statement
        is_part = statement is not None and statement.more
        self.note.say(
            _("Hanya {n} pesanan pertama yang tampil.").format(n=len(statement.orders))
            if statement is not None and is_part
            else "",
            "warn",
        )
        self.note.setVisible(is_part)
        for state in self.stack.findChildren(EmptyState):
            state.sentence.retranslate()

    def _words(self, row: Figure) -> str:
        if row.code == "way":
            return _way(row.way)
        if row.code == "open":
            return _("Masih terbuka")
        if row.code == "payouts":
            return _("Pencairan")
        if row.code == "payout":
            return f"   {format_short_day(row.day, language())} · {_way(row.way)}"
        # What is under a heading stands a little to the right of it.
        return _code(row.code) if row.code in _UNDER_NONE else f"   {_code(row.code)}"

    def document(self) -> Document | None:
        """The statement as paper; None where none was read."""
        if self.statement is None:
            return None
        return statement_document(self.desk.counter.settings, self.statement)

    def _print(self) -> None:
        document = self.document()
        if document is not None:
            print_document(self.desk, "sales", "", document)

    def _pdf(self) -> None:
        document, statement = self.document(), self.statement
        if document is not None and statement is not None:
            name = f"pesanan-{statement.first}-{statement.last}.pdf"
            ask_file(self, name, "PDF (*.pdf)", lambda file: save_pdf(self.desk, document, file))


def _alone() -> str:
    return _(
        "Pembukuan pesanan online ada di server toko. Kasir ini belum terhubung: buka Lainnya, "
        "Server toko."
    )


def _code(code: str) -> str:
    """A figure in words, as the owner's page says it."""
    words = {
        "handed_over": _("Pesanan diserahkan"),
        "goods": pgettext("laporan", "Barang"),
        "delivery": _("Ongkos antar"),
        "returns": _("Dikurangi dan dikembalikan"),
        "earned": _("Pendapatan"),
        "came": pgettext("laporan", "Uang masuk"),
        "back": _("Dikembalikan"),
        "taken": _("Ditarik kembali oleh bank"),
        "fee": _("Biaya penyedia"),
        "net": _("Bersih"),
        "paid_out": _("Cair ke rekening"),
        "payout_fee": _("Biaya pencairan"),
        "owed": _("Belum dibayar pembeli"),
        "advance": _("Dibayar di muka"),
        "owed_back": _("Harus dikembalikan"),
        "unearned": _("Belum diserahkan"),
        "unassigned": _("Belum jelas pesanannya"),
        "at_providers": _("Masih di penyedia"),
        "beyond": _("Cair di luar catatan"),
    }
    return words[code]


def _way(way: str) -> str:
    if way == "counter":
        return _("Di kasir")
    if way == "bank":
        return _("Ke QRIS atau rekening toko")
    return way.replace("midtrans", "Midtrans").replace("-sandbox", " (sandbox)")


def _amount(row: Figure) -> str:
    if row.amount is None:
        return ""
    if row.code == "handed_over":
        return str(row.amount)
    return format_rupiah(row.amount, symbol=row.is_sum)


def _tone(row: Figure) -> str:
    is_due = row.code in ("owed", "owed_back", "unassigned", "beyond") and bool(row.amount)
    return "warn" if is_due else "none"


def _earned(row: OfOrder) -> str:
    return format_rupiah(row.goods + row.delivery - row.returns, symbol=False)


def _open(row: OfOrder) -> str:
    if row.taken_open and row.taken_open == row.open:
        return _("ditarik bank {amount}").format(amount=format_rupiah(row.open, symbol=False))
    return format_rupiah(row.open, symbol=False) if row.open else ""


def _open_tone(row: OfOrder) -> str:
    return "warn" if row.open else "none"
