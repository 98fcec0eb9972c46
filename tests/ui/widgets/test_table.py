"""Lists: rows of one height, errors that stay in their cell, 100,000 rows without a pause."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QScroller
from pytestqt.qtbot import QtBot

from pos.ui.foundation.look import looks
from pos.ui.widgets.models import ROW_ROLE, TONE_ROLE, Column, PagedModel, RowsModel
from pos.ui.widgets.table import Cells, ListTable

COUNT = 100_000
PAGE = 200
Row = tuple[str, str]
COLUMNS: tuple[Column[Row], ...] = (
    Column("Nama", lambda row: row[0]),
    Column("Harga", lambda row: row[1], 120, True, lambda row: "bad" if row[1] == "0" else "none"),
)


class Source:
    """Counts the pages that are asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, page: int) -> Sequence[Row]:
        self.asked.append(page)
        first = page * PAGE
        return [(f"Barang {n:06}", str(n)) for n in range(first, min(first + PAGE, COUNT))]


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def model(source: Source) -> PagedModel[Row]:
    made: PagedModel[Row] = PagedModel(COLUMNS, PAGE)
    made.reset(COUNT, source)
    return made


@pytest.fixture
def table(qtbot: QtBot, model: PagedModel[Row]) -> ListTable:
    made = ListTable("products", "Daftar barang", model)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_only_the_pages_shown_are_fetched(table: ListTable, source: Source) -> None:
    table.grab()
    assert set(source.asked) == {0}
    table.go_to(COUNT - 1)
    table.grab()
    assert set(source.asked) <= {0, 498, 499}


def test_few_pages_stay_in_memory(model: PagedModel[Row], source: Source) -> None:
    for number in range(0, COUNT, PAGE):
        assert model.row(number)[1] == str(number)
    assert len(model._pages) == 8
    assert model.row(COUNT - 1)[1] == "99999"
    assert source.asked.count(499) == 1


def test_a_wheel_step_asks_for_the_page_below_only(table: ListTable, source: Source) -> None:
    """How long a step takes is measured by `make bench`."""
    bar = table.verticalScrollBar()
    for step in range(100):
        before = len(source.asked)
        bar.setValue(step * 331)
        table.viewport().repaint()
        assert len(source.asked) - before <= 2


def test_nothing_measures_all_rows(table: ListTable) -> None:
    vertical, across = table.verticalHeader(), table.horizontalHeader()
    assert vertical.sectionResizeMode(0) == QHeaderView.ResizeMode.Fixed
    modes = {across.sectionResizeMode(at) for at in range(across.count())}
    assert QHeaderView.ResizeMode.ResizeToContents not in modes
    assert table.rowHeight(0) == table.rowHeight(COUNT - 1) == 48


def test_a_cell_that_fails_is_empty_and_logged_once(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    model: RowsModel[Row] = RowsModel((Column("Rusak", lambda row: row[5]), COLUMNS[0]))
    model.set_rows([("Gula", "1"), ("Beras", "2")])
    table = ListTable("broken", "Rusak", model)  # type: ignore[arg-type]
    qtbot.addWidget(table)
    table.show()
    with caplog.at_level(logging.ERROR):
        table.grab()
        table.grab()
    assert model.index(0, 0).data() == ""
    assert model.index(0, 1).data() == "Gula"
    assert len(caplog.records) == 1
    assert "IndexError" in caplog.text


def test_a_fetch_that_fails_leaves_the_list_alive(qtbot: QtBot) -> None:
    def broken(_page: int) -> Sequence[Row]:
        raise OSError("disk")

    model: PagedModel[Row] = PagedModel(COLUMNS)
    assert model.rowCount() == 0
    with pytest.raises(IndexError):
        model.row(0)
    model.reset(10, broken)
    assert model.index(0, 0).data() == ""
    assert model.index(0, 0).data(TONE_ROLE) is None


def test_headings_alignment_and_records(model: PagedModel[Row]) -> None:
    across = Qt.Orientation.Horizontal
    assert model.headerData(1, across) == "Harga"
    assert model.headerData(1, Qt.Orientation.Vertical) is None
    assert model.headerData(9, across) is None
    right = model.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole)
    assert Qt.AlignmentFlag(right) & Qt.AlignmentFlag.AlignRight
    assert model.index(3, 0).data(ROW_ROLE) == ("Barang 000003", "3")
    assert model.index(0, 1).data(TONE_ROLE) == "bad"
    assert model.rowCount(model.index(0, 0)) == 0


def test_refresh_asks_again_and_keeps_the_place(table: ListTable, source: Source) -> None:
    table.go_to(5_000)
    table.grab()
    source.asked.clear()
    table.list_model.refresh()  # type: ignore[attr-defined]
    table.grab()
    assert source.asked
    assert table.current_row() == 5_000


def test_rows_change_without_losing_the_selection(qtbot: QtBot) -> None:
    model: RowsModel[Row] = RowsModel(COLUMNS)
    model.set_rows([("a", "1"), ("b", "2")])
    table = ListTable("cart", "Keranjang", model)  # type: ignore[arg-type]
    qtbot.addWidget(table)
    table.go_to(1)
    changed: list[int] = []
    model.dataChanged.connect(lambda top, _bottom: changed.append(top.row()))
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.set_rows([("a", "9"), ("b", "2"), ("c", "3")])
    assert (changed, table.current_row(), model.count()) == ([0], 1, 3)
    model.set_rows([("a", "9")])
    assert (model.count(), resets) == (1, [])
    assert model.row(0) == ("a", "9")


def test_keys_move_and_take(table: ListTable) -> None:
    taken: list[int] = []
    moved: list[int] = []
    table.taken.connect(taken.append)
    table.current_changed.connect(moved.append)
    QTest.keyClick(table, Qt.Key.Key_Home)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Return)
    repeat = QKeyEvent(
        QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True
    )
    QApplication.sendEvent(table, repeat)
    QTest.keyClick(table, Qt.Key.Key_End)
    assert taken == [1]
    assert moved[-2:] == [1, COUNT - 1]
    table.step(5)
    assert table.current_row() == COUNT - 1
    table.step(-COUNT)
    assert table.current_row() == 0


def test_typing_never_searches_the_whole_list(table: ListTable, source: Source) -> None:
    table.grab()
    QTest.keyClicks(table, "zzz")
    assert set(source.asked) == {0}


def test_an_empty_list_takes_steps_too(qtbot: QtBot) -> None:
    model: RowsModel[Row] = RowsModel(COLUMNS)
    table = ListTable("empty", "Kosong", model)  # type: ignore[arg-type]
    qtbot.addWidget(table)
    taken: list[int] = []
    table.taken.connect(taken.append)
    table.step(1)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert (table.current_row(), taken) == (-1, [])
    assert not table.indexAt(table.rect().center()).isValid()
    assert model.index(0, 0) == QModelIndex()


def test_a_tap_takes_a_row_only_with_touch_and_where_one_chooses(
    qtbot: QtBot, model: PagedModel[Row]
) -> None:
    tables = [
        ListTable("list", "Daftar", model, choosing=choosing)  # type: ignore[arg-type]
        for choosing in (True, False)
    ]
    taken: list[tuple[int, int]] = []
    for number, table in enumerate(tables):
        qtbot.addWidget(table)
        table.taken.connect(lambda row, number=number: taken.append((number, row)))
        table.clicked.emit(model.index(2, 0))
    assert taken == []
    looks().set_touch(True)
    for table in tables:
        table.clicked.emit(model.index(2, 0))
    assert taken == [(0, 2)]
    looks().set_touch(False)
    tables[0].clicked.emit(model.index(2, 0))
    assert taken == [(0, 2)]


def test_touch_makes_rows_large_and_lets_a_finger_drag(table: ListTable) -> None:
    assert not QScroller.hasScroller(table.viewport())
    looks().set_touch(True)
    assert table.rowHeight(0) == 56
    assert QScroller.hasScroller(table.viewport())
    assert table.verticalScrollMode() == QAbstractItemView.ScrollMode.ScrollPerPixel
    looks().set_touch(False)
    assert table.rowHeight(0) == 48
    assert table.verticalScrollMode() == QAbstractItemView.ScrollMode.ScrollPerItem


@pytest.mark.parametrize("figure", ["1.575.023.000", "9.999.999.999.999"])
def test_a_figure_is_whole_or_says_that_it_is_not(qtbot: QtBot, figure: str) -> None:
    drawn: list[str] = []

    class Noting(QPainter):
        def drawText(self, *given: Any) -> None:
            fits = self.fontMetrics().horizontalAdvance(given[-1]) <= given[0].width()
            drawn.append(given[-1] if fits else "clipped")

    model: RowsModel[Row] = RowsModel((Column("Total", lambda row: row[1], 110, True),))
    model.set_rows([("", figure)])
    table = ListTable("figures", "Angka", model)  # type: ignore[arg-type]
    qtbot.addWidget(table)
    paper = QPixmap(200, 60)
    painter = Noting(paper)
    Cells(table).paint_content(painter, QRect(0, 0, 110, 48), model.index(0, 0))
    painter.end()
    assert drawn[0] == figure or drawn[0].startswith("\u2026")
    assert drawn[0] == figure or len(figure) > 13
