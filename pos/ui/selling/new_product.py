"""The panel for a code that nobody knows yet: name, unit and price, then it is sold."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.facts.catalog import BarcodeRecord, ProductRecord
from pos.catalog.products import add_product
from pos.ui.i18n import _
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.money import MoneyEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow


class NewProductPanel(Overlay):
    """Write an unknown product down on the spot: name and price, then it is in the cart."""

    def __init__(self, desk: Desk, window: QWidget, code: str) -> None:
        """`code` is what was scanned."""
        super().__init__("new_product_panel", lambda: _("Barang baru"), window)
        self._desk = desk
        self._code = code
        self.name = TextEdit("new_product_name", lambda: _("Nama barang"))
        self.unit = TextEdit("new_product_unit", lambda: _("Satuan"))
        self.unit.setText("pcs")
        self.price = MoneyEdit("new_product_price", lambda: _("Harga jual"))
        self.body.addWidget(Label(code, "section"))
        self.rows = [
            FormRow(lambda: _("Nama barang"), self.name),
            FormRow(lambda: _("Satuan"), self.unit),
            FormRow(lambda: _("Harga jual"), self.price, before="Rp"),
        ]
        for row in self.rows:
            self.body.addWidget(row)
        self.name.returnPressed.connect(self.price.setFocus)
        self.unit.returnPressed.connect(self.price.setFocus)
        self.price.returnPressed.connect(self._save)
        save = Button("new_product_save", lambda: _("Simpan dan jual"), kind="primary", key="Enter")
        save.clicked.connect(self._save)
        self.add_action(save)

    def ask(self) -> None:
        """Open it at the name."""
        self.open(self.name)

    def _save(self) -> None:
        price = self.price.amount()
        if not self.name.text().strip():
            self.rows[0].show_error(lambda: _("Isi nama barangnya."))
            self.name.setFocus()
            return
        if price is None:
            self.rows[2].show_error(lambda: _("Isi harganya."))
            return
        unit = self.unit.text().strip() or "pcs"
        record = ProductRecord(
            b"",
            "",
            self.name.text(),
            "",
            "",
            unit,
            price,
            barcodes=(BarcodeRecord(self._code, unit),),
        )
        desk = self._desk
        desk.run(lambda: add_product(desk.counter, record), self._added)

    def _added(self, product_id: bytes) -> None:
        till = self._desk.till
        # Before closing: whoever hears that looks at what is still unknown.
        if self._code in till.unknown:
            till.unknown.remove(self._code)
        self.close_panel()
        till.pick(product_id)
        self._desk.sound("found")
