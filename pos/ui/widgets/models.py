"""Models of lists: one base that never raises, rows in memory, and pages fetched by key."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from pos.ui.foundation.fonts import role_font
from pos.ui.i18n import Text, languages, say

_log = logging.getLogger(__name__)
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_ROOT = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """A column: its heading, what it shows of a row, its width (0 takes the rest).

    `text` should only pick what the fetch has already formatted: it runs for each cell painted.
    `tone` colours a cell ("bad" for a stock below zero); the words must say it too.
    """

    heading: Text
    text: Callable[[RowT], str]
    width: int = 0
    number: bool = False
    tone: Callable[[RowT], str] | None = None


ROW_ROLE = Role.UserRole + 1
"""The row's own record."""

TONE_ROLE = Role.UserRole + 2
"""The cell's tone, a text."""


class TableModel(QAbstractTableModel, Generic[RowT]):
    """The base of every list's model: whatever goes wrong, a cell is empty and the list lives.

    In PySide6 6.9.3 an exception inside `data` hangs the first paint, so none leaves it; the
    first is logged with its traceback. Subclasses give `count` and `row`.
    """

    def __init__(self, columns: Sequence[Column[RowT]]) -> None:
        """Show these columns."""
        super().__init__()
        self.columns = tuple(columns)
        self._logged = False
        languages().changed.connect(self._language_changed)

    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def row(self, number: int) -> RowT:
        """The record of a row.

        Raises:
            IndexError: there is no such row.
        """
        raise NotImplementedError

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Rows at the root, none below."""
        return 0 if parent.isValid() else self.count()

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Columns at the root, none below."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Text and alignment; everything else is answered at once with nothing."""
        if role == Role.TextAlignmentRole:
            return _RIGHT if self.columns[index.column()].number else _LEFT
        if role not in (Role.DisplayRole, Role.AccessibleTextRole, ROW_ROLE, TONE_ROLE):
            return None
        try:
            return self._answer(index, role)
        except Exception:
            if not self._logged:
                self._logged = True
                _log.exception("a cell could not be shown")
            return "" if role == Role.DisplayRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Headings in the language in force, aligned as their column."""
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Role.DisplayRole:
            return say(column.heading)
        if role == Role.TextAlignmentRole:
            return _RIGHT if column.number else _LEFT
        return role_font("label") if role == Role.FontRole else None

    def _answer(self, index: Index, role: int) -> Any:
        record = self.row(index.row())
        if role == ROW_ROLE:
            return record
        column = self.columns[index.column()]
        if role == TONE_ROLE:
            return column.tone(record) if column.tone else None
        return column.text(record)

    def _language_changed(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        if self.count():
            last = self.index(self.count() - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


class RowsModel(TableModel[RowT]):
    """A short list that is wholly in memory: a cart, a receipt's lines, the parked carts."""

    def __init__(self, columns: Sequence[Column[RowT]]) -> None:
        """Begin empty."""
        super().__init__(columns)
        self._rows: list[RowT] = []

    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row(self, number: int) -> RowT:
        """The record of a row."""
        return self._rows[number]

    def set_rows(self, rows: Sequence[RowT]) -> None:
        """Show these rows, keeping selection and place: only what differs is touched."""
        new = list(rows)
        kept = min(len(new), len(self._rows))
        changed = [at for at in range(kept) if new[at] != self._rows[at]]
        self._rows[:kept] = new[:kept]
        for at in changed:
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))
        if len(new) > kept:
            self.beginInsertRows(QModelIndex(), kept, len(new) - 1)
            self._rows.extend(new[kept:])
            self.endInsertRows()
        elif len(self._rows) > kept:
            self.beginRemoveRows(QModelIndex(), kept, len(self._rows) - 1)
            del self._rows[kept:]
            self.endRemoveRows()


FetchPage = Callable[[int], Sequence[RowT]]


class PagedModel(TableModel[RowT]):
    """A long list as a window of pages: only some pages are in memory at a time.

    `fetch_page(n)` gives rows n * page_size onward, found by the key at the page's start
    (WHERE (name, id) > anchor LIMIT page_size), never by OFFSET; who fetches keeps the anchors.
    """

    def __init__(
        self, columns: Sequence[Column[RowT]], page_size: int = 200, pages_kept: int = 8
    ) -> None:
        """Begin empty; `reset` names the list."""
        super().__init__(columns)
        self._page_size = page_size
        self._pages_kept = pages_kept
        self._pages: OrderedDict[int, Sequence[RowT]] = OrderedDict()
        self._fetch: FetchPage[RowT] | None = None
        self._count = 0

    def count(self) -> int:
        """How many rows the whole list has."""
        return self._count

    def reset(self, count: int, fetch_page: FetchPage[RowT]) -> None:
        """Show another list of `count` rows: another search, another filter."""
        self.beginResetModel()
        self._pages.clear()
        self._fetch = fetch_page
        self._count = count
        self.endResetModel()

    def refresh(self) -> None:
        """Fetch again what is shown: the same rows, changed values."""
        self._pages.clear()
        if self._count:
            last = self.index(self._count - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def row_at_hand(self, number: int) -> RowT | None:
        """The record of a row as it was read last; None where its page is not in memory."""
        page, at = divmod(number, self._page_size)
        rows = self._pages.get(page, ())
        return rows[at] if 0 <= at < len(rows) else None

    def row(self, number: int) -> RowT:
        """The record of a row, its page fetched if it is not there."""
        page, at = divmod(number, self._page_size)
        return self._page(page)[at]

    def _page(self, number: int) -> Sequence[RowT]:
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        if self._fetch is None:
            raise IndexError(number)
        rows = self._fetch(number)
        self._pages[number] = rows
        if len(self._pages) > self._pages_kept:
            self._pages.popitem(last=False)
        return rows
