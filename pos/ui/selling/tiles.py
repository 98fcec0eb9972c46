"""The touch grid: favourites first, then categories; a touch adds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos.catalog.goods import Tile as ProductTile
from pos.catalog.goods import categories, favourites, in_category
from pos.catalog.pictures import picture_data
from pos.db.database import Database
from pos.ui.foundation.tokens import Height, Size, Space
from pos.ui.i18n import _, languages
from pos.ui.widgets.button import chip
from pos.ui.widgets.drag import drag_with_touch
from pos.ui.widgets.tile import Tile

MOST_TILES = 60
MOST_CATEGORIES = 24


class TileGrid(QWidget):
    """Tiles of one category at a time; `picked` carries the product's id."""

    picked = Signal(bytes)

    def __init__(self, db: Database) -> None:
        """Show the favourites."""
        super().__init__()
        self.setObjectName("tiles")
        self._db = db
        self._category = ""
        self._columns = 4
        self._chips = QHBoxLayout()
        self._chips.setSpacing(Space.SMALL)
        self._chips.setContentsMargins(0, 0, 0, 0)
        chips = QWidget()
        chips.setProperty("surface", "scrolled")
        chips.setLayout(self._chips)
        self._chip_area = _area(chips)
        self._chip_area.setFixedHeight(Height.BUTTON + Size.SCROLLBAR + Space.SMALL)
        self._chip_area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("surface", "scrolled")
        self._grid = QGridLayout(inside)
        self._grid.setSpacing(Space.GUTTER)
        self._grid.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self._chip_area)
        column.addWidget(_area(inside), 1)
        languages().changed.connect(self._language_changed)

    def _language_changed(self) -> None:
        """Only what is seen: every other showing reads anew."""
        if self.isVisible():
            self.refresh()

    def set_columns(self, columns: int) -> None:
        """How many tiles stand side by side."""
        self._columns = max(1, columns)

    def refresh(self) -> None:
        """Read categories and goods anew."""
        _clear(self._chips)
        self._chip("", _("Favorit"))
        for name, _count in categories(self._db)[:MOST_CATEGORIES]:
            self._chip(name, name)
        self._chips.addStretch(1)
        self._fill()

    def _chip(self, category: str, text: str) -> None:
        made = chip(
            f"category_{category or 'favourites'}",
            text,
            checkable=True,
            scanning=True,
            height=Height.BUTTON,
        )
        made.setChecked(category == self._category)
        made.setMinimumWidth(made.sizeHint().width())
        made.clicked.connect(self._chooser(category))
        self._chips.addWidget(made)

    def _chooser(self, category: str) -> Callable[[], None]:
        def choose() -> None:
            self._category = category
            self.refresh()

        return choose

    def _fill(self) -> None:
        _clear(self._grid)
        goods = in_category(self._db, self._category) if self._category else favourites(self._db)
        for number, product in enumerate(goods[:MOST_TILES]):
            tile = Tile(f"tile_{product.id.hex()}", product.name, product.price)
            if product.picture:
                tile.set_picture(product.picture, partial(picture_data, self._db, product.picture))
            tile.clicked.connect(self._picker(product))
            self._grid.addWidget(tile, number // self._columns, number % self._columns)
        self._grid.setRowStretch(len(goods) // self._columns + 1, 1)

    def _picker(self, product: ProductTile) -> Callable[[], None]:
        return lambda: self.picked.emit(product.id)


def _area(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    drag_with_touch(area)
    return area


def _clear(layout: QHBoxLayout | QGridLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
