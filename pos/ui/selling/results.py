"""What search finds, below the scan field: arrows choose, Enter or touch takes."""

from __future__ import annotations

from core.money import format_rupiah
from core.stock_level import stock_level
from pos.catalog.goods import Tile
from pos.ui.catalog.words import LEVEL_TONES
from pos.ui.foundation.tokens import Height
from pos.ui.i18n import _, shown_quantity
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.table import ListTable


def stock_text(tile: Tile) -> str:
    """Stock with its unit; words say what colour says."""
    if tile.stock <= 0:
        return _("habis") if tile.stock == 0 else shown_quantity(tile.stock)
    return f"{shown_quantity(tile.stock)} {tile.unit}"


def _tone(tile: Tile) -> str:
    return LEVEL_TONES.get(stock_level(tile.stock, tile.min_stock), "none")


def results_table() -> tuple[ListTable, RowsModel[Tile]]:
    """The table and its model."""
    model: RowsModel[Tile] = RowsModel(
        (
            Column(lambda: _("Barang"), lambda tile: tile.name),
            Column(lambda: _("Stok"), stock_text, 120, number=True, tone=_tone),
            Column(
                lambda: _("Harga"),
                lambda tile: format_rupiah(tile.price, symbol=False),
                120,
                number=True,
            ),
        )
    )
    table = ListTable(
        "results",
        lambda: _("Hasil pencarian"),
        model,  # type: ignore[arg-type]
        row=Height.ROW,
        scanning=True,
        choosing=True,
    )
    return table, model
