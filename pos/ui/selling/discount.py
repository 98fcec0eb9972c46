"""The panel of discounts: rupiah or percent, on one line or on everything."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.cart import Discount
from core.errors import Refused
from core.money import parse_rupiah
from core.quantity import parse_quantity
from pos.ui.i18n import _
from pos.ui.shell.desk import Desk
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow


class DiscountPanel(Overlay):
    """A discount in rupiah or percent, on the selected line or the whole cart."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Begin with the whole cart, in rupiah."""
        super().__init__("discount_panel", lambda: _("Diskon"), window)
        self._desk = desk
        self.whole = chip("discount_whole", lambda: _("Seluruh belanja"), checkable=True)
        self.one = chip("discount_line", lambda: _("Baris ini"), checkable=True)
        self.rupiah = chip("discount_rupiah", lambda: _("Rupiah"), checkable=True)
        self.percent = chip("discount_percent", lambda: _("Persen"), checkable=True)
        _either(self.whole, self.one)
        _either(self.rupiah, self.percent)
        for pair in ((self.whole, self.one), (self.rupiah, self.percent)):
            row = QHBoxLayout()
            for one in pair:
                row.addWidget(one)
            self.body.addLayout(row)
        self.one.setEnabled(desk.till.line is not None)
        self.field = TextEdit("discount_field", lambda: _("Besarnya diskon"))
        self.row = FormRow(lambda: _("Besarnya"), self.field, hint=lambda: _("0 menghapus diskon."))
        self.body.addWidget(self.row)
        self.field.returnPressed.connect(self._done)
        save = Button("discount_save", lambda: _("Simpan"), kind="primary", key="Enter")
        save.clicked.connect(self._done)
        self.add_action(save)

    def ask(self) -> None:
        """Open it."""
        self.open(self.field)

    def _value(self) -> Discount | None:
        try:
            if self.percent.isChecked():
                return Discount("percent", parse_quantity(self.field.text() or "0") // 10)
            return Discount("rupiah", parse_rupiah(self.field.text() or "0"))
        except Refused:
            return None

    def _done(self) -> None:
        value = self._value()
        if value is None:
            self.row.show_error(lambda: _("Tulis angka, misalnya 2.000 atau 5."))
            return
        discounts = (value,) if value.value else ()
        till = self._desk.till
        if self.whole.isChecked():
            done = self._desk.run(lambda: till.discount_cart(discounts))
        else:
            done = self._desk.run(lambda: till.discount_line(discounts))
        if done:
            self.close_panel()


def _either(first: Button, second: Button) -> None:
    first.setChecked(True)

    def choose(chosen: Button, other: Button) -> None:
        chosen.setChecked(True)
        other.setChecked(False)

    first.clicked.connect(lambda: choose(first, second))
    second.clicked.connect(lambda: choose(second, first))
