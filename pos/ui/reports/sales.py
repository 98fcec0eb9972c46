"""Sales of a period, grouped by day, hour, product, category, cashier or tender.

Goods that were sold without a cost are no profit: they are counted at the foot and listed apart.
"""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.dates import format_day
from core.errors import Refused
from core.money import format_rupiah
from core.receipt import Document
from pos.receipts.sales_paper import sales_document
from pos.reports.sales import BYS, By, ReportRow, SalesReport, read_sales
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import Text, _, language, languages, ngettext, pgettext, shown_quantity
from pos.ui.reports.parts import ask_file, buttons, print_document, save_pdf
from pos.ui.selling.words import tender_name
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import chip
from pos.ui.widgets.choice import Choice
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.money import Money
from pos.ui.widgets.page import FormRow
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable


class BadDate(Refused):
    """What was typed is no date. Details: `text`."""

    code = "bad_date"


def by_name(by: By) -> str:
    """A way of grouping in words."""
    words = {
        "day": _("Hari"),
        "hour": pgettext("pukul", "Jam"),
        "product": _("Barang"),
        "category": _("Kategori"),
        "cashier": _("Kasir"),
        "tender": _("Cara bayar"),
    }
    return words[by]


def _option(by: By) -> tuple[By, Text]:
    return by, lambda: by_name(by)


def read_day(text: str) -> str:
    """A date as typed (2026-11-24 or 24-11-2026), as YYYY-MM-DD.

    Raises:
        BadDate.
    """
    parts = text.strip().replace("/", "-").replace(".", "-").split("-")
    if len(parts) == 3 and len(parts[0]) < 4:
        parts.reverse()
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise BadDate(text=text) from error


class SalesView(QWidget):
    """Period and grouping above, the groups below, their sum at the foot."""

    def __init__(self, desk: Desk) -> None:
        """Empty; `begin` shows today."""
        super().__init__()
        self.desk = desk
        self._report: SalesReport | None = None
        self.first = TextEdit("report_first", lambda: _("Dari tanggal"))
        self.last = TextEdit("report_last", lambda: _("Sampai tanggal"))
        self.by: Choice[By] = Choice("report_by", lambda: _("Menurut"), [_option(by) for by in BYS])
        self.model: RowsModel[ReportRow] = RowsModel(self._columns())
        self.table = ListTable(
            "report_list",
            lambda: _("Penjualan"),
            self.model,  # type: ignore[arg-type]
        )
        self.sum = Money("report_total", lambda: pgettext("uang", "Jumlah"), role="amount")
        self.profit_word = Label(lambda: _("Laba"), "section")
        self.profit = Label("", "section")
        self.profit.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.profit.setObjectName("report_profit")
        self.note = Label("", "body", wrap=True)
        self.note.setObjectName("report_note")
        self.lacking = chip(
            "report_uncosted",
            lambda: _("Tanpa harga beli"),
            key="F8",
            checkable=True,
            height=Height.BUTTON,
        )
        press_by_key(self.lacking, "F8")
        self.lacking.clicked.connect(lambda _on: self._list())
        self._build()

    def _columns(self) -> tuple[Column[ReportRow], ...]:
        return (
            Column(self._heading, self._label),
            Column(lambda: _("Struk"), lambda row: str(row.count), 92, number=True),
            Column(lambda: _("Jumlah"), _qty, 84, number=True),
            Column(lambda: _("Kotor"), lambda row: self._sum(row.gross), 140, number=True),
            Column(lambda: _("Diskon"), lambda row: self._sum(row.discount), 130, number=True),
            Column(lambda: _("Bersih"), lambda row: _plain(row.net), 140, number=True),
            Column(
                lambda: _("Laba"),
                self._profit,
                140,
                number=True,
                tone=lambda row: "bad" if self._costs() and row.profit < 0 else "none",
            ),
        )

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(Space.GUTTER)
        top.addWidget(FormRow(lambda: _("Dari tanggal"), self.first), 2)
        top.addWidget(FormRow(lambda: _("Sampai tanggal"), self.last), 2)
        top.addWidget(FormRow(lambda: _("Menurut"), self.by), 2)
        chips = QHBoxLayout()
        chips.setSpacing(Space.SMALL)
        for name, text, days in (
            ("report_today", lambda: _("Hari ini"), 0),
            ("report_week", lambda: _("7 hari"), 6),
            ("report_month", lambda: _("30 hari"), 29),
        ):
            made = chip(name, text, height=Height.BUTTON)
            made.clicked.connect(lambda _on, n=days: self.show_days(n))
            chips.addWidget(made)
        holder = QWidget()
        holder.setLayout(chips)
        chips.setContentsMargins(0, 0, 0, 0)
        top.addWidget(FormRow(lambda: _("Cepat"), holder), 3)
        foot = QHBoxLayout()
        foot.setSpacing(Space.GUTTER)
        foot.addWidget(Label(lambda: _("Jumlah bersih"), "section"))
        foot.addWidget(self.sum, 1)
        acts = buttons(
            (
                ("sales_pdf", lambda: _("Simpan PDF"), "save", "F7", self._pdf),
                ("sales_print", lambda: _("Cetak"), "printer", "F6", self._print),
            )
        )
        acts.insertWidget(0, self.lacking)
        acts.insertWidget(1, self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.GUTTER)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        gain = QHBoxLayout()
        gain.addWidget(self.profit_word)
        gain.addWidget(self.profit, 1)
        column.addLayout(gain)
        column.addLayout(acts)
        languages().changed.connect(self._say)
        self.by.currentIndexChanged.connect(lambda _at: self.read())
        for field in (self.first, self.last):
            field.returnPressed.connect(self.read)

    def begin(self) -> None:
        """Show today."""
        self.show_days(0)
        self.first.setFocus()

    def show_days(self, back: int) -> None:
        """Show today and so many days before it."""
        today = self.desk.counter.today()
        self.first.setText((date.fromisoformat(today) - timedelta(days=back)).isoformat())
        self.last.setText(today)
        self.read()

    def read(self) -> None:
        """Reckon what the fields ask for, where the person may."""
        counter = self.desk.counter

        def reckon() -> SalesReport:
            first, last = read_day(self.first.text()), read_day(self.last.text())
            return read_sales(counter, first, last, self.by.value())

        self._report = None
        self._list()
        self.desk.run(reckon, self._fill)

    def _fill(self, report: SalesReport) -> None:
        self._report = report
        self._list()

    def _list(self) -> None:
        """Show the groups, or the goods without a cost; the sum at the foot is the period's."""
        report = self._report
        lacks = report is not None and report.shows_cost and bool(report.without_cost)
        self.lacking.setVisible(lacks)
        if not lacks:
            self.lacking.setChecked(False)
        rows = report.without_cost if report and self.lacking.isChecked() else None
        self.model.set_rows(rows if rows is not None else report.rows if report else ())
        self.model.headerDataChanged.emit(self.table.horizontalHeader().orientation(), 0, 0)
        self.sum.set_amount(report.net if report else 0)
        self._say()

    def _say(self) -> None:
        """The profit, what it leaves out, and what this person may not see yet."""
        report = self._report
        profit = report.profit if report else None
        self.profit_word.setVisible(profit is not None)
        self.profit.setVisible(profit is not None)
        self.profit.say("" if profit is None else format_rupiah(profit))
        self.note.say(_left_out(report) if report else "", "warn")

    def document(self) -> Document | None:
        """The report as paper; None where none may be read."""
        return sales_document(self.desk.counter.settings, self._report) if self._report else None

    def _print(self) -> None:
        self.read()
        document = self.document()
        if document is not None:
            print_document(self.desk, "sales", "", document)

    def _pdf(self) -> None:
        document, report = self.document(), self._report
        if document is not None and report is not None:
            name = f"{report.first}-{report.last}.pdf"
            ask_file(self, name, "PDF (*.pdf)", lambda file: save_pdf(self.desk, document, file))

    def _heading(self) -> str:
        return _("Barang") if self.lacking.isChecked() else by_name(self.by.value())

    def _costs(self) -> bool:
        return self._report is not None and self._report.shows_cost

    def _profit(self, row: ReportRow) -> str:
        """Nothing where all of it was sold without a cost: that is not known to be zero."""
        if not self._costs() or (row.uncosted and row.uncosted_net == row.net):
            return ""
        return self._sum(row.profit)

    def _label(self, row: ReportRow) -> str:
        if self.lacking.isChecked():
            return row.label
        by = self.by.value()
        if by == "day":
            return format_day(row.label, language())
        if by == "tender":
            return _("Pembulatan") if row.key == "rounding" else tender_name(row.key)
        return row.label or _("Tanpa kategori")

    def _sum(self, amount: int) -> str:
        """Tenders have no gross, discount or profit of their own."""
        bare = self.by.value() == "tender" and not self.lacking.isChecked()
        return "" if bare else _plain(amount)


def _left_out(report: SalesReport) -> str:
    """What the figures leave out, in words."""
    said: list[str] = []
    count, net = report.uncosted
    if report.shows_cost and count:
        text = ngettext(
            "{count} baris, {amount}: tidak dihitung dalam laba.",
            "{count} baris, {amount}: tidak dihitung dalam laba.",
            count,
        )
        said.append(text.format(count=count, amount=format_rupiah(net)))
    if report.missing is not None:
        text = ngettext(
            "Belum lengkap: {count} struk lama, {amount}, masih diambil dari server.",
            "Belum lengkap: {count} struk lama, {amount}, masih diambil dari server.",
            report.missing.sales,
        )
        amount = format_rupiah(report.missing.total)
        said.append(text.format(count=report.missing.sales, amount=amount))
    if report.unseen:
        said.append(_("Shift yang sedang dibuka tidak termasuk: lacinya belum dihitung."))
    return " ".join(said)


def _plain(amount: int) -> str:
    return format_rupiah(amount, symbol=False)


def _qty(row: ReportRow) -> str:
    return shown_quantity(row.qty) if row.qty else ""
