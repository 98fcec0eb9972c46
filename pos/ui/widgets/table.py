"""The one table of the program: rows of fixed height, painted without a rule a cell."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from pos.ui.foundation.fonts import number_font, put_font, role_font
from pos.ui.foundation.look import look, looks
from pos.ui.foundation.tokens import TYPES, Height, Size, Space
from pos.ui.i18n import Text
from pos.ui.widgets.base import name_widget
from pos.ui.widgets.drag import drag
from pos.ui.widgets.models import TONE_ROLE, Column, TableModel


class Cells(QStyledItemDelegate):
    """Paints a cell: current row soft with a bar, hair line below, numbers in one width."""

    def __init__(self, table: ListTable) -> None:
        super().__init__(table)
        self._table = table
        self.renew()

    def renew(self) -> None:
        """Take the fonts of the look in force."""
        body = TYPES["body"]
        self._words = role_font("body")
        self._numbers: QFont = number_font(look().units(body.size), body.weight)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Ground, line, then what the cell says."""
        # The stubs do not know QStyleOption's fields.
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        colours = look().colours
        painter.save()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, QColor(colours.primary_soft))
            if index.column() == 0:
                bar = QRect(rect.left(), rect.top(), Size.NOTICE_BAR, rect.height())
                painter.fillRect(bar, QColor(colours.primary))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), Size.EDGE, QColor(colours.line))
        self.paint_content(painter, rect.adjusted(0, 0, 0, -Size.EDGE), index)
        painter.restore()

    def paint_content(
        self, painter: QPainter, cell: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The cell's text; other cells than texts put something else here."""
        room = cell.adjusted(Space.GUTTER, 0, -Space.GUTTER, 0)
        text = index.data()
        if not text:
            return
        tone = index.data(TONE_ROLE)
        colours = look().colours
        number = bool(self._table.list_model.columns[index.column()].number)
        shown = str(text)
        font = _fitting(self._numbers, shown, room.width()) if number else self._words
        painter.setFont(font)
        painter.setPen(QColor(getattr(colours, tone) if tone and tone != "none" else colours.ink))
        # A figure that lost its beginning unnoticed would be another figure.
        mode = Qt.TextElideMode.ElideLeft if number else Qt.TextElideMode.ElideRight
        shown = painter.fontMetrics().elidedText(shown, mode, room.width())
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


def _fitting(font: QFont, text: str, width: int) -> QFont:
    """The font, smaller where a figure would not go into its column, but still to be read."""
    needed = QFontMetrics(font).horizontalAdvance(text)
    if needed <= width:
        return font
    smaller = QFont(font)
    least = font.pixelSize() * 7 // 10
    smaller.setPixelSize(max(least, font.pixelSize() * width // needed))
    return smaller


class ListTable(QTableView):
    """Shows a `TableModel`: one row selected, Enter or touch takes it, nothing edited in place.

    `taken` carries the row's number at Enter, double click or, with touch and in a list that is
    only there to choose from, a tap. Numbers are never cut: give their columns room. Rows and
    columns have fixed sizes: a table that measures its contents asks 100,000 rows.
    """

    taken = Signal(int)
    current_changed = Signal(int)

    def __init__(
        self, name: str, spoken: Text, model: TableModel[object], *, row: int = Height.ROW,
        scanning: bool = False, choosing: bool = False, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`row` is the height of rows in units; `scanning` leaves the focus to the scan field.

        `choosing`: with touch a tap takes; elsewhere it selects, for a button to act on.
        """
        super().__init__(parent)
        self.list_model = model
        self._row = row
        self._exact_row = 0
        self._choosing = choosing
        self._touch = False
        name_widget(self, name, spoken)
        self._cells = Cells(self)
        self.setItemDelegate(self._cells)
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if scanning:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._headers()
        self.doubleClicked.connect(lambda index: self.taken.emit(index.row()))
        self.selectionModel().currentRowChanged.connect(
            lambda now, _before: self.current_changed.emit(now.row())
        )
        looks().changed.connect(self._look_changed)
        self._look_changed()

    def current_row(self) -> int:
        """The selected row's number, -1 for none."""
        return self.currentIndex().row()

    def go_to(self, row: int) -> None:
        """Select a row, kept within the list, and show it."""
        last = self.list_model.count() - 1
        if last < 0:
            return
        index = self.list_model.index(min(max(row, 0), last), 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def step(self, by: int) -> None:
        """Go down or up by so many rows, as the arrows of a search field ask."""
        self.go_to(self.current_row() + by)

    def set_row_height(self, units: int) -> None:
        """Take the height that the layout says, which knows size setting and touch already."""
        self._exact_row = units
        self._look_changed()

    def _set_touch(self, on: bool) -> None:
        """Large rows, a finger that drags the list smoothly, and a tap that takes."""
        if on == self._touch:
            return
        self._touch = on
        drag(self.viewport(), on=on)
        mode = QAbstractItemView.ScrollMode
        self.setVerticalScrollMode(mode.ScrollPerPixel if on else mode.ScrollPerItem)
        if self._choosing and on:
            self.clicked.connect(self._tapped)
        elif self._choosing:
            self.clicked.disconnect(self._tapped)
        self._set_rows()

    def _set_rows(self) -> None:
        row = max(self._row, Height.ROW_LARGE) if self._touch else self._row
        self.verticalHeader().setDefaultSectionSize(self._exact_row or look().units(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space takes the row once; Home and End go to the ends."""
        # Not by a shortcut: the key catcher keeps characters from those, lest a scan press them.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if not event.isAutoRepeat() and self.current_row() >= 0:
                self.taken.emit(self.current_row())
            return
        if event.key() == Qt.Key.Key_Home:
            self.go_to(0)
        elif event.key() == Qt.Key.Key_End:
            self.go_to(self.list_model.count() - 1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _text: str) -> None:
        """Never: it would read the whole list; the search field is for that."""

    def _tapped(self, index: QModelIndex) -> None:
        self.taken.emit(index.row())

    def _headers(self) -> None:
        vertical = self.verticalHeader()
        vertical.setVisible(False)
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionsClickable(False)
        for number, column in enumerate(self.list_model.columns):
            mode = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            across.setSectionResizeMode(number, mode)

    def _look_changed(self) -> None:
        self._cells.renew()
        self.verticalHeader().setMinimumSectionSize(Height.ROW_COMPACT // 2)
        self._set_touch(look().touch)
        self._set_rows()
        put_font(self.horizontalHeader(), role_font("label"))
        self.horizontalHeader().setFixedHeight(look().units(Height.HEADER))
        for number, column in enumerate(self.list_model.columns):
            if column.width:
                self.setColumnWidth(number, look().units(column.width))
        self.viewport().update()


__all__ = ["Column", "ListTable"]
