"""The panel that asks who buys: found by a few letters, or written down anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from core.money import format_rupiah
from pos.customers.accounts import Customer, find_customers
from pos.customers.people import add_customer
from pos.ui.foundation.tokens import Height, Size
from pos.ui.i18n import _
from pos.ui.shell.desk import Desk
from pos.ui.shell.news import CUSTOMERS
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import SearchEdit
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable


class CustomerPanel(Overlay):
    """Choose who buys, or write a new customer down: three letters and Enter."""

    def __init__(
        self, desk: Desk, window: QWidget, chosen: Callable[[Customer | None], None]
    ) -> None:
        """`chosen` hears the customer, or None for nobody."""
        super().__init__("customer_panel", lambda: _("Pelanggan"), window, width=Size.PANEL_WIDE)
        self._desk = desk
        self._chosen = chosen
        self.search = SearchEdit(
            "customer_search", lambda: _("Cari pelanggan"), hint=lambda: _("Nama atau nomor")
        )
        self.model: RowsModel[Customer] = RowsModel(
            (
                Column(lambda: _("Nama"), lambda who: who.name),
                Column(
                    lambda: _("Utang"),
                    lambda who: format_rupiah(who.debt, symbol=False),
                    130,
                    number=True,
                ),
                Column(
                    lambda: _("Batas"),
                    lambda who: format_rupiah(who.credit_limit, symbol=False),
                    130,
                    number=True,
                ),
            )
        )
        self.table = ListTable(
            "customer_list",
            lambda: _("Pelanggan"),
            self.model,  # type: ignore[arg-type]
            choosing=True,
        )
        self.table.setMinimumHeight(Height.ROW * 6)
        self.body.addWidget(self.search)
        self.body.addWidget(self.table)
        self.search.query_changed.connect(self._find)
        self.search.step.connect(self.table.step)
        self.search.accepted.connect(lambda _text: self._take(self.table.current_row()))
        self.table.taken.connect(self._take)
        none = Button("customer_none", lambda: _("Tanpa pelanggan"))
        none.clicked.connect(lambda: self._choose(None))
        new = Button("customer_new", lambda: _("Pelanggan baru"), icon="add", key="Ctrl+N")
        press_by_key(new, "Ctrl+N")
        new.clicked.connect(self._new)
        self.add_action(none)
        self.add_action(new)
        desk.changed.connect(self._facts_written)
        self._find("")

    def _find(self, text: str, chosen: bytes = b"") -> None:
        found = find_customers(self._desk.counter.db, text, 50)
        self.model.set_rows(found)
        at = [number for number, who in enumerate(found) if who.id == chosen]
        self.table.go_to(at[0] if at else 0)

    def _facts_written(self, kinds: frozenset[str]) -> None:
        """Another counter may write down a customer or a debt; who is chosen stays so."""
        if kinds & CUSTOMERS and self.isVisible():
            row = self.table.current_row()
            chosen = self.model.row(row).id if 0 <= row < self.model.count() else b""
            self._find(self.search.text(), chosen)

    def _take(self, row: int) -> None:
        if 0 <= row < self.model.count():
            self._choose(self.model.row(row))

    def _new(self) -> None:
        name = self.search.text().strip()
        if not name:
            self._desk.say(_("Tulis nama pelanggan baru di kolom cari dulu."), "warn")
            return
        desk = self._desk
        desk.run(lambda: add_customer(desk.counter, name), lambda _id: self._find(name))

    def _choose(self, who: Customer | None) -> None:
        self.close_panel()
        self._chosen(who)
