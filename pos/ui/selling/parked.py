"""Parked carts: Enter takes one up; dropping one needs a permission."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.dates import format_clock
from core.money import format_rupiah
from core.pricing import price
from pos.selling.carts import ParkedCart, drop, parked
from pos.ui.foundation.tokens import Height, Size
from pos.ui.i18n import _, language
from pos.ui.shell.desk import Desk
from pos.ui.shell.news import CARTS
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable


class ParkedPanel(Overlay):
    """The list of parked carts."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Read the list."""
        super().__init__(
            "parked_panel", lambda: _("Keranjang diparkir"), window, width=Size.PANEL_WIDE
        )
        self.desk = desk
        self.model: RowsModel[ParkedCart] = RowsModel(
            (
                Column(lambda: _("Jam"), self._clock, 80),
                Column(lambda: _("Nama"), self._name),
                Column(lambda: _("Baris"), lambda row: str(len(row.cart.lines)), 80, number=True),
                Column(lambda: _("Total"), self._total, 140, number=True),
            )
        )
        self.table = ListTable(
            "parked_list",
            lambda: _("Keranjang diparkir"),
            self.model,  # type: ignore[arg-type]
        )
        self.table.setMinimumHeight(Height.ROW * 5)
        self.table.taken.connect(self._take)
        self.body.addWidget(Label(lambda: _("Enter mengambil keranjang kembali."), "hint"))
        self.body.addWidget(self.table)
        away = Button("parked_drop", lambda: _("Buang"), kind="danger", icon="delete", key="Del")
        press_by_key(away, "Del")
        away.clicked.connect(self._drop)
        take = Button("parked_take", lambda: _("Ambil"), kind="primary", key="Enter")
        take.clicked.connect(lambda: self._take(self.table.current_row()))
        self.add_action(away)
        self.add_action(take)
        self.closed.connect(self.deleteLater)
        desk.changed.connect(self._facts_written)
        self._read()

    def _clock(self, row: ParkedCart) -> str:
        return format_clock(row.at_ms, self.desk.counter.settings.zone, language())

    def _name(self, row: ParkedCart) -> str:
        first = row.cart.lines[0].goods.name if row.cart.lines else ""
        waits = _("menunggu QRIS") if row.waits_for == "qris" else ""
        return row.name or waits or first

    def _total(self, row: ParkedCart) -> str:
        total = price(row.cart, self.desk.counter.settings.tax).total
        return format_rupiah(total, symbol=False)

    def _read(self) -> None:
        """The chosen cart stays chosen, wherever it is now; where it is gone, its place does."""
        before = self.table.current_row()
        chosen = self.model.row(before).id if 0 <= before < self.model.count() else b""
        carts = parked(self.desk.counter.db)
        self.model.set_rows(carts)
        at = [number for number, cart in enumerate(carts) if cart.id == chosen]
        self.table.go_to(at[0] if at else before)

    def _facts_written(self, kinds: frozenset[str]) -> None:
        """Another counter may park a cart, or take one up."""
        if kinds & CARTS and self.isVisible():
            self._read()

    def ask(self) -> None:
        """Open it."""
        self.open(self.table)

    def _take(self, row: int) -> None:
        if 0 <= row < self.model.count():
            cart = self.model.row(row)
            if self.desk.run(lambda: self.desk.till.fetch(cart.id)):
                self.close_panel()

    def _drop(self) -> None:
        row = self.table.current_row()
        if 0 <= row < self.model.count():
            cart = self.model.row(row)
            counter = self.desk.counter
            self.desk.run(
                lambda: drop(counter, cart.id, _("dibuang di kasir")), lambda _done: self._read()
            )
