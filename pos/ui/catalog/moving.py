"""Panels for the shelf: goods that came in, and stock set right with its reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from core.facts.stock import StockLine
from pos.catalog.goods import one_goods, stock_of
from pos.stock.moving import REASONS, Reason, adjust, receive
from pos.ui.catalog.words import reason_word
from pos.ui.i18n import _, shown_quantity
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label, name_widget
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import QuantityEdit, TextEdit
from pos.ui.widgets.money import MoneyEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow

_MORE_OR_LESS: frozenset[Reason] = frozenset({"count"})
_COMES: frozenset[Reason] = frozenset({"found"})


class _StockPanel(Overlay):
    """Name and stock of one product above what is asked."""

    def __init__(
        self, name: str, title: Callable[[], str], desk: Desk, window: QWidget, product_id: bytes
    ) -> None:
        super().__init__(name, title, window)
        self.desk = desk
        self.product_id = product_id
        self.goods = one_goods(desk.counter.db, product_id)
        self.stock = stock_of(desk.counter.db, product_id)
        self.body.addWidget(Label(self.goods.name, "section", wrap=True))
        self.body.addWidget(
            Label(
                lambda: _("Stok sekarang: {qty} {unit}").format(
                    qty=shown_quantity(self.stock), unit=self.goods.base_unit
                ),
                "hint",
            )
        )
        self.quantity = QuantityEdit(f"{name}_quantity", lambda: _("Jumlah"))
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Open it at the quantity."""
        self.open(self.quantity)

    def _finish(self, name: str, save: Callable[[], None]) -> None:
        button = Button(f"{name}_save", lambda: _("Simpan"), kind="primary", key="Enter")
        button.clicked.connect(save)
        self.add_action(button)

    def _saved(self, _nothing: object) -> None:
        stock = stock_of(self.desk.counter.db, self.product_id)
        self.close_panel()
        self.desk.say(
            _("Stok {name} sekarang {qty} {unit}.").format(
                name=self.goods.name, qty=shown_quantity(stock), unit=self.goods.base_unit
            ),
            "ok",
        )


class ReceivePanel(_StockPanel):
    """Goods came in: how many, and what all of them cost."""

    def __init__(self, desk: Desk, window: QWidget, product_id: bytes) -> None:
        """For one product; units are those that it is bought in."""
        super().__init__("receive_panel", lambda: _("Terima barang"), desk, window, product_id)
        self.unit = QComboBox()
        name_widget(self.unit, "receive_unit", lambda: _("Satuan"))
        self.unit.addItem(self.goods.base_unit, 1)
        for unit in self.goods.units:
            self.unit.addItem(f"{unit.unit} ({unit.factor} {self.goods.base_unit})", unit.factor)
        self.cost = MoneyEdit("receive_cost", lambda: _("Harga beli seluruhnya"))
        self.supplier = TextEdit("receive_supplier", lambda: _("Pemasok"))
        self.rows = (
            FormRow(lambda: _("Jumlah"), self.quantity),
            FormRow(lambda: _("Satuan"), self.unit),
            FormRow(
                lambda: _("Harga beli seluruhnya"),
                self.cost,
                before="Rp",
                hint=lambda: _("Untuk semua yang diterima, bukan satu buah."),
            ),
            FormRow(lambda: _("Pemasok"), self.supplier, hint=lambda: _("Boleh kosong.")),
        )
        for row in self.rows:
            self.body.addWidget(row)
        self.quantity.returnPressed.connect(self.cost.setFocus)
        self.cost.returnPressed.connect(self.supplier.setFocus)
        self.supplier.returnPressed.connect(self._save)
        self._finish("receive", self._save)

    def _save(self) -> None:
        for row in self.rows:
            row.clear_error()
        quantity, cost = self.quantity.quantity(), self.cost.amount()
        if not quantity:
            self.rows[0].show_error(lambda: _("Tulis jumlahnya, misalnya 2 atau 0,25."))
            self.quantity.setFocus()
            return
        if cost is None:
            self.rows[2].show_error(lambda: _("Isi harga belinya; 0 bila gratis."))
            self.cost.setFocus()
            return
        line = StockLine(self.product_id, quantity * int(self.unit.currentData()), cost)
        desk, supplier = self.desk, self.supplier.text()
        desk.run(lambda: receive(desk.counter, [line], supplier), self._saved)


class AdjustPanel(_StockPanel):
    """Stock set right: what went or was found, or what the count says."""

    def __init__(self, desk: Desk, window: QWidget, product_id: bytes) -> None:
        """For one product, in its base unit."""
        super().__init__("adjust_panel", lambda: _("Sesuaikan stok"), desk, window, product_id)
        self.reason = QComboBox()
        name_widget(self.reason, "adjust_reason", lambda: _("Alasan"))
        for reason in REASONS:
            self.reason.addItem(reason_word(reason), reason)
        self.note = TextEdit("adjust_note", lambda: _("Catatan"))
        self.rows = (
            FormRow(lambda: _("Alasan"), self.reason),
            FormRow(lambda: _("Jumlah"), self.quantity, hint=self._hint, unit=self.goods.base_unit),
            FormRow(lambda: _("Catatan"), self.note, hint=lambda: _("Boleh kosong.")),
        )
        for row in self.rows:
            self.body.addWidget(row)
        self.reason.currentIndexChanged.connect(lambda _index: self.rows[1].clear_error())
        self.quantity.quantity_changed.connect(lambda _value: self.rows[1].clear_error())
        self.quantity.returnPressed.connect(self.note.setFocus)
        self.note.returnPressed.connect(self._save)
        self._finish("adjust", self._save)

    def chosen(self) -> Reason:
        """The reason that is chosen."""
        reason: Reason = self.reason.currentData(Qt.ItemDataRole.UserRole)
        return reason

    def _asked(self) -> str:
        if self.chosen() in _MORE_OR_LESS:
            return _("Tulis hasil hitungan di rak.")
        if self.chosen() in _COMES:
            return _("Tulis berapa yang ditemukan.")
        return _("Tulis berapa yang keluar.")

    def _hint(self) -> str:
        change = self._change()
        if change is None:
            return self._asked()
        after = _("Stok menjadi {qty} {unit}.").format(
            qty=shown_quantity(self.stock + change), unit=self.goods.base_unit
        )
        return f"{self._asked()} {after}"

    def _change(self) -> int | None:
        """What is added to the stock, in thousandths (negative: goods leave)."""
        quantity = self.quantity.quantity()
        if quantity is None:
            return None
        if self.chosen() in _MORE_OR_LESS:
            return quantity - self.stock
        return quantity if self.chosen() in _COMES else -quantity

    def _save(self) -> None:
        change = self._change()
        if change is None or (not change and self.chosen() not in _MORE_OR_LESS):
            self.rows[1].show_error(lambda: _("Tulis jumlahnya, misalnya 2 atau 0,25."))
            self.quantity.setFocus()
            return
        if not change:
            self.close_panel()
            self.desk.say(_("Hitungan cocok; stok tidak berubah."), "ok")
            return
        desk, reason, note = self.desk, self.chosen(), self.note.text()
        desk.run(lambda: adjust(desk.counter, self.product_id, change, reason, note), self._saved)
