"""Panels of one field over the selling screen: quantity, price and note of the current line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from pos.ui.i18n import _
from pos.ui.shell.desk import Desk
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import QuantityEdit, TextEdit
from pos.ui.widgets.money import MoneyEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import FormRow


class FieldPanel(Overlay):
    """One field and one button: Enter does it, Escape leaves everything as it was."""

    def __init__(
        self, name: str, title: Callable[[], str], label: Callable[[], str], field: QWidget,
        done: Callable[[], None], window: QWidget,
    ) -> None:  # fmt: skip
        """`done` is called at Enter; it closes the panel itself where it succeeded."""
        super().__init__(name, title, window)
        self.row = FormRow(label, field)
        self.body.addWidget(self.row)
        self._field = field
        self._done = done
        save = Button(f"{name}_save", lambda: _("Simpan"), kind="primary", key="Enter")
        save.clicked.connect(done)
        self.add_action(save)
        signal = getattr(field, "returnPressed", None)
        if signal is not None:
            signal.connect(done)

    def ask(self) -> None:
        """Open with the field selected, so that typing replaces."""
        self.row.clear_error()
        self.open(self._field)
        select = getattr(self._field, "selectAll", None)
        if select is not None:
            select()


def quantity_panel(desk: Desk, window: QWidget) -> FieldPanel | None:
    """Set the selected line's quantity."""
    line = desk.till.line
    if line is None:
        return None
    field = QuantityEdit("quantity_field", lambda: _("Jumlah"))
    field.set_quantity(line.qty)

    def done() -> None:
        qty = field.quantity()
        if qty is None:
            panel.row.show_error(lambda: _("Tulis jumlahnya, misalnya 2 atau 0,25."))
        elif desk.run(lambda: desk.till.set_quantity(qty)):
            panel.close_panel()

    panel = FieldPanel(
        "quantity_panel",
        lambda: f"{line.goods.name} ({line.unit})",
        lambda: _("Jumlah"),
        field,
        done,
        window,
    )
    return panel


def price_panel(desk: Desk, window: QWidget) -> FieldPanel | None:
    """Set a hand-made price for one unit of the selected line."""
    line = desk.till.line
    if line is None:
        return None
    field = MoneyEdit("price_field", lambda: _("Harga per satuan"))
    field.set_amount(desk.till.priced.lines[desk.till.selected].unit_price)

    def done() -> None:
        amount = field.amount()
        if amount is None:
            panel.row.show_error(lambda: _("Tulis harganya dalam rupiah."))
        elif desk.run(lambda: desk.till.set_price(amount)):
            panel.close_panel()

    panel = FieldPanel(
        "price_panel",
        lambda: f"{line.goods.name} ({line.unit})",
        lambda: _("Harga per satuan"),
        field,
        done,
        window,
    )
    return panel


def note_panel(desk: Desk, window: QWidget) -> FieldPanel | None:
    """Write a note on the selected line."""
    line = desk.till.line
    if line is None:
        return None
    field = TextEdit("note_field", lambda: _("Catatan"))
    field.setText(line.note)

    def done() -> None:
        desk.run(lambda: desk.till.set_note(field.text()))
        panel.close_panel()

    panel = FieldPanel(
        "note_panel", lambda: line.goods.name, lambda: _("Catatan"), field, done, window
    )
    return panel
