"""The cart's lines: name, quantity with unit, price, amount; the current line is marked.

With touch, minus and plus stand at either side of the quantity; keys for them are - and +.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from core.money import format_rupiah
from core.pricing import PricedLine
from pos.ui.foundation.fonts import number_font
from pos.ui.foundation.look import look
from pos.ui.foundation.tokens import TYPES, Height, Radius, Size, Space
from pos.ui.i18n import _, shown_quantity
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.table import Cells, ListTable

MINUS, PLUS = 1, 3
STEPS = {MINUS: -1, PLUS: 1}
"""Columns that are touched, and by how many pieces each changes its line."""


def marks(line: PricedLine) -> list[str]:
    """What is special about a line, in words: discount, tier, hand-made price, note."""
    made = []
    if line.by_amount:
        made.append(_("seharga {amount}").format(amount=_plain(line.gross)))
    if line.line_discount:
        made.append(_("diskon {amount}").format(amount=_plain(line.line_discount)))
    if line.tier:
        made.append(_("grosir"))
    if line.hand_made:
        made.append(_("harga diubah"))
    if line.note:
        made.append(line.note)
    return made


def _name(line: PricedLine) -> str:
    """The name alone: it is what is cut where the column is narrow, never a mark."""
    return f"{line.name} *" if marks(line) else line.name


def _plain(amount: int) -> str:
    return format_rupiah(amount, symbol=False)


def cart_table() -> tuple[ListTable, RowsModel[PricedLine]]:
    """The table and its model."""
    model: RowsModel[PricedLine] = RowsModel(
        (
            Column(lambda: _("Barang"), _name),
            Column("", lambda _line: "-", Height.BUTTON + Space.SMALL),
            Column(
                lambda: _("Jumlah"),
                lambda line: f"{shown_quantity(line.qty)} {line.unit}",
                100,
                number=True,
            ),
            Column("", lambda _line: "+", Height.BUTTON + Space.SMALL),
            Column(lambda: _("Harga"), lambda line: _plain(line.unit_price), 96, number=True),
            Column(
                lambda: _("Subtotal"),
                lambda line: _plain(line.gross - line.line_discount),
                104,
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
    buttons = _StepCells(table)
    for column in STEPS:
        table.setItemDelegateForColumn(column, buttons)
    show_steps(table, shown=look().touch)
    return table, model


def show_steps(table: ListTable, *, shown: bool) -> None:
    """Show minus and plus on every line, or hide them."""
    for column in STEPS:
        table.setColumnHidden(column, not shown)


class _StepCells(Cells):
    """Cells that are buttons of 48 with a minus or a plus; the cart hears the touch."""

    def paint_content(
        self, painter: QPainter, cell: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The button's edge and its sign."""
        colours = look().colours
        side = min(look().units(Height.BUTTON), cell.width(), cell.height() - Space.HAIR)
        box = QRect(0, 0, side, side)
        box.moveCenter(cell.center())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.edge))
        painter.setBrush(QColor(colours.surface))
        painter.drawRoundedRect(box, Radius.FIELD, Radius.FIELD)
        painter.setPen(QPen(QColor(colours.ink), Size.FOCUS))
        middle, reach = box.center(), look().units(Size.ICON) // 3
        painter.drawLine(middle - QPoint(reach, 0), middle + QPoint(reach, 0))
        if index.column() == PLUS:
            painter.drawLine(middle - QPoint(0, reach), middle + QPoint(0, reach))


def fit_numbers(table: ListTable, model: RowsModel[Any]) -> None:
    """Widen number columns to their longest text: a sum without its first digit is a lie."""
    body = TYPES["body"]
    metrics = QFontMetrics(number_font(look().units(body.size), body.weight))
    for number, column in enumerate(model.columns):
        if not column.number:
            continue
        texts = [column.text(model.row(row)) for row in range(model.count())]
        longest = max(texts, key=len, default="")
        wanted = metrics.horizontalAdvance(longest) + 2 * Space.GUTTER + Space.HAIR
        table.setColumnWidth(number, max(look().units(column.width), wanted))
