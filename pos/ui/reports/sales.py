"""Sales of a period, grouped by day, hour, product, category, cashier or tender."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.dates import format_day
from core.errors import Refused
from core.money import format_rupiah
from core.quantity import format_quantity
from pos.reports.sales import BYS, By, ReportRow, report_sales, report_total
from pos.staff.people import may, require
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import Text, _, language, pgettext
from pos.ui.selling.words import tender_name
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import chip
from pos.ui.widgets.choice import Choice
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.money import Money
from pos.ui.widgets.page import FormRow
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
        self._cost = False
        self.first = TextEdit("report_first", lambda: _("Dari tanggal"))
        self.last = TextEdit("report_last", lambda: _("Sampai tanggal"))
        self.by: Choice[By] = Choice("report_by", lambda: _("Menurut"), [_option(by) for by in BYS])
        self.model: RowsModel[ReportRow] = RowsModel(self._columns())
        self.table = ListTable(
            "report_list",
            lambda: _("Penjualan"),
            self.model,  # type: ignore[arg-type]
        )
        self.sum = Money("report_total", lambda: _("Jumlah"), role="amount")
        self._build()

    def _columns(self) -> tuple[Column[ReportRow], ...]:
        return (
            Column(lambda: by_name(self.by.value()), self._label),
            Column(lambda: _("Struk"), lambda row: str(row.count), 76, number=True),
            Column(lambda: _("Jumlah"), _qty, 84, number=True),
            Column(lambda: _("Kotor"), lambda row: self._sum(row.gross), 140, number=True),
            Column(lambda: _("Diskon"), lambda row: self._sum(row.discount), 130, number=True),
            Column(lambda: _("Bersih"), lambda row: _plain(row.net), 140, number=True),
            Column(
                lambda: _("Laba"),
                lambda row: self._sum(row.profit) if self._cost else "",
                140,
                number=True,
                tone=lambda row: "bad" if self._cost and row.profit < 0 else "none",
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
        foot.addWidget(Label(lambda: _("Jumlah bersih"), "section"))
        foot.addWidget(self.sum, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.GUTTER)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
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

        def reckon() -> list[ReportRow]:
            require(counter, "see_reports")
            self._cost = may(counter, "see_cost")
            first, last = read_day(self.first.text()), read_day(self.last.text())
            return report_sales(counter.db, first, last, self.by.value(), counter.settings.zone)

        self.model.set_rows(())
        self.sum.set_amount(0)
        self.desk.run(reckon, self._fill)

    def _fill(self, rows: list[ReportRow]) -> None:
        self.model.set_rows(rows)
        self.model.headerDataChanged.emit(self.table.horizontalHeader().orientation(), 0, 0)
        self.sum.set_amount(report_total(rows))

    def _label(self, row: ReportRow) -> str:
        by = self.by.value()
        if by == "day":
            return format_day(row.label, language())
        if by == "tender":
            return _("Pembulatan") if row.key == "rounding" else tender_name(row.key)
        return row.label or _("Tanpa kategori")

    def _sum(self, amount: int) -> str:
        """Tenders have no gross, discount or profit of their own."""
        return "" if self.by.value() == "tender" else _plain(amount)


def _plain(amount: int) -> str:
    return format_rupiah(amount, symbol=False)


def _qty(row: ReportRow) -> str:
    return format_quantity(row.qty) if row.qty else ""
