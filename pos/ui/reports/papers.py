"""The X report of the open shift and the Z reports of closed ones, as they are printed."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.dates import format_day
from core.money import format_rupiah
from core.receipt import Document
from pos.db.database import Database
from pos.receipts.reports import x_document, z_document, z_fact, z_reference
from pos.shifts.open_shift import open_shift
from pos.staff.people import may, require
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import _, language
from pos.ui.reports.parts import ask_file, buttons, print_document, save_pdf
from pos.ui.shell.desk import Desk
from pos.ui.shell.older import OlderNote
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.paper import Paper
from pos.ui.widgets.table import ListTable


class ZRow(NamedTuple):
    """A Z report as the list shows it; rupiah. `reference` means this one and no other."""

    number: str
    reference: str
    day: str
    net: int
    difference: int
    seal: str


def z_rows(db: Database) -> list[ZRow]:
    """All Z reports, newest first."""
    found = []
    rows = db.rows("SELECT * FROM z_report ORDER BY pos DESC")
    named = defaultdict(list)
    for row in rows:
        named[row.device_z].append(row)
    for row in rows:
        fact = z_fact(row)
        reference = z_reference(row, named[row.device_z])
        difference = fact.counted - fact.expected
        found.append(ZRow(row.device_z, reference, row.day, fact.net, difference, row.seal_words))
    return found


class XView(QWidget):
    """The figures so far. The drawer's expected sum shows only to who may see it."""

    def __init__(self, desk: Desk) -> None:
        """Empty; `begin` reads the shift."""
        super().__init__()
        self.desk = desk
        self.document: Document | None = None
        self.paper = Paper("x_paper", lambda: _("Laporan X"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.GUTTER)
        column.addWidget(self.paper, 1)
        column.addLayout(buttons((("x_print", lambda: _("Cetak"), "printer", "F6", self._print),)))

    def begin(self) -> None:
        """Reckon the open shift."""
        counter = self.desk.counter
        shift = open_shift(counter.db)
        self.document = None
        if shift is None:
            self.paper.say(lambda: _("Belum ada shift yang dibuka."))
            return
        show = may(counter, "see_expected_cash")
        self.document = x_document(counter.db, counter.settings, shift, show_cash=show)
        self.paper.show_document(self.document)

    def _print(self) -> None:
        self.begin()
        if self.document is not None:
            print_document(self.desk, "xreport", "", self.document)


class ZView(QWidget):
    """The list of closings, and the chosen one whole."""

    def __init__(self, desk: Desk) -> None:
        """Empty; `begin` reads the list."""
        super().__init__()
        self.desk = desk
        self.model: RowsModel[ZRow] = RowsModel(
            (
                Column(lambda: _("Nomor"), lambda row: row.number, 90),
                Column(lambda: _("Tanggal"), lambda row: format_day(row.day, language())),
                Column(
                    lambda: _("Bersih"),
                    lambda row: format_rupiah(row.net, symbol=False),
                    140,
                    number=True,
                ),
                Column(
                    lambda: _("Selisih"),
                    lambda row: format_rupiah(row.difference, symbol=False),
                    130,
                    number=True,
                    tone=lambda row: "bad" if row.difference else "ok",
                ),
            )
        )
        self.table = ListTable(
            "z_list",
            lambda: _("Laporan Z"),
            self.model,  # type: ignore[arg-type]
        )
        self.paper = Paper("z_paper", lambda: _("Laporan Z"))
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        row.addWidget(self.table, 1)
        row.addWidget(self.paper, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.GUTTER)
        column.addLayout(row, 1)
        self.older = OlderNote("z_older")
        column.addWidget(self.older)
        column.addLayout(
            buttons(
                (
                    ("z_pdf", lambda: _("Simpan PDF"), "save", "F7", self._pdf),
                    ("z_print", lambda: _("Cetak"), "printer", "F6", self._print),
                )
            )
        )
        self.table.current_changed.connect(lambda _row: self._show())

    def begin(self) -> None:
        """Read the list, where the person may."""
        counter = self.desk.counter
        self.older.look(self.desk)
        self.model.set_rows(())
        self.paper.say("")

        def read() -> list[ZRow]:
            require(counter, "see_reports")
            return z_rows(counter.db)

        self.desk.run(read, self._fill)

    def _fill(self, rows: list[ZRow]) -> None:
        self.model.set_rows(rows)
        if rows:
            self.table.go_to(0)
            self._show()
        else:
            self.paper.say(lambda: _("Belum ada shift yang ditutup."))
        self.table.setFocus()

    def document(self) -> Document | None:
        """The chosen report."""
        row = self.table.current_row()
        if not 0 <= row < self.model.count():
            return None
        counter = self.desk.counter
        return z_document(counter.db, counter.settings, self.model.row(row).reference)

    def _show(self) -> None:
        document = self.document()
        if document is not None:
            self.paper.show_document(document)

    def _print(self) -> None:
        if self.document() is not None:
            reference = self.model.row(self.table.current_row()).reference
            print_document(self.desk, "zreport", reference)

    def _pdf(self) -> None:
        document = self.document()
        if document is not None:
            name = f"Z-{self.model.row(self.table.current_row()).number}.pdf"
            ask_file(self, name, "PDF (*.pdf)", lambda file: save_pdf(self.desk, document, file))
