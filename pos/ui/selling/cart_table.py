"""The cart's lines: name, quantity with unit, price, amount; the current line is marked."""

from __future__ import annotations

from core.money import format_rupiah
from core.pricing import PricedLine
from core.quantity import format_quantity
from pos.ui.i18n import _
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.table import ListTable


def _name(line: PricedLine) -> str:
    marks = []
    if line.line_discount:
        marks.append(_("diskon {amount}").format(amount=_plain(line.line_discount)))
    if line.tier:
        marks.append(_("grosir"))
    if line.hand_made:
        marks.append(_("harga diubah"))
    if line.note:
        marks.append(line.note)
    return f"{line.name}  ({', '.join(marks)})" if marks else line.name


def _plain(amount: int) -> str:
    return format_rupiah(amount, symbol=False)


def cart_table() -> tuple[ListTable, RowsModel[PricedLine]]:
    """The table and its model."""
    model: RowsModel[PricedLine] = RowsModel(
        (
            Column(lambda: _("Barang"), _name),
            Column(
                lambda: _("Jumlah"),
                lambda line: f"{format_quantity(line.qty)} {line.unit}",
                110,
                number=True,
            ),
            Column(lambda: _("Harga"), lambda line: _plain(line.unit_price), 104, number=True),
            Column(
                lambda: _("Subtotal"),
                lambda line: _plain(line.gross - line.line_discount),
                120,
                number=True,
            ),
        )
    )
    table = ListTable(
        "cart",
        lambda: _("Keranjang"),
        model,  # type: ignore[arg-type]
        scanning=True,
    )
    return table, model
