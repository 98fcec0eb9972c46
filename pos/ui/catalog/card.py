"""A product's stock card: every movement with the balance after it."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.contract import decode_body
from core.money import format_rupiah
from core.stock_level import stock_level
from pos.catalog.goods import one_goods
from pos.db.database import Database
from pos.reports.stock import CardRow, stock_card
from pos.staff.people import may
from pos.ui.catalog.moving import AdjustPanel, ReceivePanel
from pos.ui.catalog.words import LEVEL_TONES, movement_word
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import _, shown_quantity
from pos.ui.shell.desk import Desk
from pos.ui.shell.older import OlderNote
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.page import Page
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

MOST = 500


class Moved(NamedTuple):
    """A movement as the card shows it."""

    day: str
    kind: str
    receipt: str
    qty: int
    value: int
    balance: int


class StockCardPage(Page):
    """The newest movements of one product; receive and adjust from here."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Build it; `begin` reads a product."""
        super().__init__("stock_card", lambda: _("Kartu stok"))
        self.desk = desk
        self._window = window
        self._product_id = b""
        self.name = Label("", "section", wrap=True)
        self.now = Label("", "strong", wrap=True)
        self.now.setObjectName("stock_now")
        self.model: RowsModel[Moved] = RowsModel(
            (
                Column(lambda: _("Tanggal"), lambda row: row.day, 130),
                Column(lambda: _("Kejadian"), lambda row: movement_word(row.kind)),
                Column(lambda: _("Struk"), lambda row: row.receipt, 150),
                Column(
                    lambda: _("Jumlah"),
                    lambda row: _signed(row.qty),
                    130,
                    number=True,
                    tone=lambda row: "bad" if row.qty < 0 else "ok",
                ),
                Column(lambda: _("Nilai (Rp)"), self._value, 170, number=True),
                Column(
                    lambda: _("Sisa"),
                    lambda row: shown_quantity(row.balance),
                    130,
                    number=True,
                    tone=lambda row: "bad" if row.balance < 0 else "none",
                ),
            )
        )
        self.table = ListTable(
            "card_list",
            lambda: _("Gerakan stok"),
            self.model,  # type: ignore[arg-type]
        )
        self._build()
        desk.changed.connect(self._facts_written)

    def _build(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(Space.SMALL)
        column.addWidget(self.name)
        column.addWidget(self.now)
        column.addWidget(self.table, 1)
        self.older = OlderNote("card_older")
        column.addWidget(self.older)
        self.set_content(column)
        adjust = Button("card_adjust", lambda: _("Sesuaikan"), icon="edit", key="F8")
        press_by_key(adjust)
        adjust.clicked.connect(lambda: AdjustPanel(self.desk, self._window, self._product_id).ask())
        receive = Button(
            "card_receive", lambda: _("Terima barang"), kind="primary", icon="plus", key="F7"
        )
        press_by_key(receive)
        receive.clicked.connect(
            lambda: ReceivePanel(self.desk, self._window, self._product_id).ask()
        )
        self.add_action(adjust)
        self.add_action(receive)

    def begin(self, product_id: bytes) -> None:
        """Show a product's movements.

        Raises:
            UnknownProduct: it is not here.
        """
        self._product_id = product_id
        self.name.say(one_goods(self.desk.counter.db, product_id).name)
        self._read()
        self.table.go_to(0)
        self.table.setFocus()

    def _read(self) -> None:
        db = self.desk.counter.db
        rows = stock_card(db, self._product_id, MOST)
        days = _days(db, [row.pos for row in rows if not row.day])
        self.model.set_rows([_moved(row, days) for row in rows])
        self.older.look(self.desk)
        stock, value, least, unit = db.one(
            "SELECT stock, stock_value, min_stock, unit FROM product WHERE id=?",
            (self._product_id,),
        ) or (0, 0, 0, "")
        parts = [_("Stok {qty} {unit}").format(qty=shown_quantity(stock), unit=unit)]
        if may(self.desk.counter, "see_cost"):
            parts.append(_("nilai {value}").format(value=format_rupiah(value)))
        if least:
            parts.append(_("minimum {qty}").format(qty=shown_quantity(least)))
        self.now.say(" · ".join(parts), LEVEL_TONES.get(stock_level(stock, least), "none"))

    def _value(self, row: Moved) -> str:
        if not may(self.desk.counter, "see_cost"):
            return "-"
        return format_rupiah(row.value, symbol=False)

    def _facts_written(self, _kinds: object) -> None:
        if self.isVisible():
            self._read()


def _moved(row: CardRow, days: dict[int, str]) -> Moved:
    day = row.day or days.get(row.pos, "")
    return Moved(day, row.kind, row.receipt, row.qty, row.value, row.balance)


def _signed(qty: int) -> str:
    return f"+{shown_quantity(qty)}" if qty > 0 else shown_quantity(qty)


def _days(db: Database, positions: list[int]) -> dict[int, str]:
    """The business dates of entries that are no sales, read from the journal."""
    marks = ",".join("?" * len(positions))
    rows = db.rows(
        f"SELECT pos, kind, version, body FROM journal WHERE pos IN ({marks})", positions
    )
    return {row[0]: decode_body(row[1], row[2], row[3])[0].day for row in rows}
