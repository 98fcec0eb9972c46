"""Closing a shift: count notes and coins blind, tick what the bank lists, then the difference."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.dates import format_clock
from core.facts.shifts import Ticked
from core.money import format_rupiah
from core.tender import DENOMINATIONS
from pos.reports.shift import ToTick, shift_figures
from pos.shifts.closing import Closed, close_shift
from pos.shifts.open_shift import open_shift
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import _, language
from pos.ui.selling.words import tender_name
from pos.ui.shell.centred import TWO_COLUMNS, centred
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label, frame
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import QuantityEdit, TextEdit
from pos.ui.widgets.money import Money, MoneyEdit
from pos.ui.widgets.page import Facts, Form, Page


class CloseShiftPage(Page):
    """Count first; the expected sum appears nowhere before. `closed` carries the result."""

    closed_shift = Signal(object)

    def __init__(self, desk: Desk) -> None:
        """Build it; `begin` reads the shift."""
        super().__init__("close_shift", lambda: _("Tutup shift"))
        self.desk = desk
        self.pieces: dict[int, QuantityEdit] = {}
        self.other = MoneyEdit("other_money", lambda: _("Lain-lain"))
        self.sum = Money("counted", lambda: _("Terhitung"), role="amount")
        self.note = TextEdit("closing_note", lambda: _("Catatan"))
        self._ticks: list[tuple[ToTick, QCheckBox]] = []
        self._list = Form("ticks")
        self._row = QHBoxLayout()
        self._row.setSpacing(Space.LARGE)
        self._row.addWidget(self._counting(), 1)
        self._row.addWidget(self._list, 1)
        self.set_content(centred(self._row, TWO_COLUMNS))
        close = Button(
            "close_shift_now",
            lambda: _("Tutup shift"),
            kind="primary",
            icon="shift",
            height=Height.PAY,
        )
        close.clicked.connect(self._close)
        self.add_action(close)

    def _counting(self) -> QWidget:
        card = frame("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(Space.MEDIUM, Space.GUTTER, Space.MEDIUM, Space.GUTTER)
        grid.setVerticalSpacing(Space.HAIR)
        fields: list[QLineEdit] = []
        for number, value in enumerate(DENOMINATIONS):
            field = QuantityEdit(f"pieces_{value}", f"{value}")
            field.textChanged.connect(lambda _text: self._recount())
            self.pieces[value] = field
            fields.append(field)
            column, row = (0, number) if number < 6 else (2, number - 6)
            label = Label(format_rupiah(value, symbol=False), "strong")
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label, row, column)
            grid.addWidget(field, row, column + 1)
        last = 6
        grid.addWidget(Label(lambda: _("Lain-lain"), "strong"), last, 0)
        grid.addWidget(self.other, last, 1, 1, 3)
        fields.append(self.other)
        self.other.amount_changed.connect(lambda _amount: self._recount())
        grid.addWidget(Label(lambda: _("Terhitung"), "section"), last + 1, 0)
        grid.addWidget(self.sum, last + 1, 1, 1, 3)
        grid.addWidget(Label(lambda: _("Catatan"), "label"), last + 2, 0)
        grid.addWidget(self.note, last + 2, 1, 1, 3)
        grid.setRowStretch(last + 3, 1)
        fields.append(self.note)
        for before, after in pairwise(fields):
            before.returnPressed.connect(after.setFocus)
        return card

    def begin(self) -> None:
        """Read what is to be ticked; nothing of the drawer's sum."""
        for field in self.pieces.values():
            field.set_quantity(None)
        self.other.set_amount(None)
        self.note.clear()
        shift = open_shift(self.desk.counter.db)
        waiting = shift_figures(self.desk.counter.db, shift.id).to_tick if shift else ()
        self._show_ticks(waiting)
        self.pieces[DENOMINATIONS[0]].setFocus()

    def _show_ticks(self, waiting: tuple[ToTick, ...]) -> None:
        fresh = Form("ticks")
        self._ticks = []
        if waiting:
            fresh.section(lambda: _("Cocokkan dengan daftar bank"))
        else:
            fresh.section(lambda: _("Tidak ada QRIS atau transfer untuk dicocokkan."))
        zone = self.desk.counter.settings.zone
        for item in waiting:
            clock = format_clock(item.at_ms, zone, language())
            text = f"{clock}  {tender_name(item.kind)}  {format_rupiah(item.amount)}"
            box = QCheckBox(f"{text}  {item.reference}".rstrip())
            box.setObjectName(f"tick_{item.sale_id}_{item.tender_no}")
            box.setAccessibleName(text)
            self._ticks.append((item, box))
            fresh.add(box)
        self._row.replaceWidget(self._list, fresh)
        self._list.hide()
        self._list.deleteLater()
        self._list = fresh

    def counted(self) -> int:
        """The sum of what was counted so far, in rupiah."""
        notes = sum(
            value * ((field.quantity() or 0) // 1000) for value, field in self.pieces.items()
        )
        return notes + (self.other.amount() or 0)

    def _recount(self) -> None:
        self.sum.set_amount(self.counted())

    def _close(self) -> None:
        counter = self.desk.counter
        pieces = {value: (field.quantity() or 0) // 1000 for value, field in self.pieces.items()}
        ticks = [
            Ticked(item.device, item.seq, item.tender_no, box.isChecked(), item.mark)
            for item, box in self._ticks
        ]
        self.desk.run(
            lambda: close_shift(
                counter,
                self.counted(),
                denominations=pieces,
                ticks=ticks,
                note=self.note.text(),
            ),
            self.closed_shift.emit,
        )


class ClosedPage(Page):
    """Counted, expected, difference, and the day's seal."""

    again = Signal()

    def __init__(self) -> None:
        """Build it; `show_closed` fills it."""
        super().__init__("shift_closed", lambda: _("Shift ditutup"), has_back=False)
        self.difference = Money("difference", lambda: _("Selisih"), role="total")
        self.facts = Facts("closing_facts")
        self.seal = Label("", "section")
        column = QVBoxLayout()
        column.setSpacing(Space.GUTTER)
        column.addWidget(self.facts)
        self.kind = Label(lambda: _("Selisih"), "section")
        column.addWidget(self.kind)
        column.addWidget(self.difference)
        column.addWidget(Label(lambda: _("Segel hari ini"), "label"))
        column.addWidget(self.seal)
        self.difference.setAlignment(Qt.AlignmentFlag.AlignLeft)
        more = Button(
            "after_closing", lambda: _("Selesai"), kind="primary", key="Enter", height=Height.PAY
        )
        more.clicked.connect(self.again)
        column.addWidget(more)
        self.set_content(centred(column, lower=True))
        self._more = more

    def show_closed(self, closed: Closed) -> None:
        """Show what came of the closing."""
        tone = "ok" if closed.difference == 0 else "bad"
        self.difference.set_amount(closed.difference, tone)  # type: ignore[arg-type]
        self.kind.say(lambda: _difference(closed.difference))
        self.facts.set_rows(
            (
                (_("Laporan Z"), str(closed.z_number)),
                (_("Seharusnya"), format_rupiah(closed.expected)),
                (_("Terhitung"), format_rupiah(closed.counted)),
            )
        )
        self.seal.say(closed.seal)
        self._more.setFocus()


def _difference(rupiah: int) -> str:
    if rupiah > 0:
        return _("Selisih: uang lebih")
    return _("Selisih: uang kurang") if rupiah < 0 else _("Selisih: tidak ada")
