"""The touch setting: large rows, minus and plus on lines, lists that a finger drags; at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QScroller
from pytestqt.qtbot import QtBot

from pos.counter import Counter
from pos.shop.preferences import Preferences, load_preferences, save_preferences
from pos.ui.foundation.look import look, looks
from pos.ui.selling.cart_table import MINUS, PLUS
from pos.ui.widgets.choice import Switch
from pos.ui.widgets.table import ListTable
from pos.ui.widgets.tile import Tile
from tests.ui.hands import MI, SABUN, Hands


@pytest.fixture
def touched(hands: Hands) -> Hands:
    """Two lines in the cart, with the setting switched on by hand."""
    hands.scan(MI, SABUN)
    _switch(hands)
    hands.press("Esc")
    return hands


def _switch(hands: Hands) -> None:
    hands.window.ways.settings()
    hands.see(Switch, "set_touch").setFocus()
    hands.type(" ")


def _touch(hands: Hands, row: int, column: int) -> None:
    table = hands.see(ListTable, "cart")
    place = table.visualRect(table.list_model.index(row, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    hands.wedge.settle()


def test_it_is_in_force_at_once_and_kept_beside_the_other_choices(touched: Hands) -> None:
    assert look().touch
    assert load_preferences(touched.counter.db) == Preferences(touch=True)
    _switch(touched)
    assert not look().touch
    assert not load_preferences(touched.counter.db).touch


def test_rows_are_56_and_lines_have_minus_and_plus_of_48(touched: Hands) -> None:
    table = touched.see(ListTable, "cart")
    assert table.rowHeight(0) == 56
    for column in (MINUS, PLUS):
        assert not table.isColumnHidden(column)
        assert table.columnWidth(column) >= 48
    looks().set_touch(False)
    assert table.rowHeight(0) == 48
    assert table.isColumnHidden(MINUS) and table.isColumnHidden(PLUS)


def test_minus_and_plus_change_the_line_that_is_touched(touched: Hands) -> None:
    _touch(touched, 0, PLUS)
    _touch(touched, 0, PLUS)
    assert touched.cart == [("Mi goreng", 3000, "pcs"), ("Sabun mandi", 1000, "pcs")]
    _touch(touched, 0, MINUS)
    assert touched.cart[0] == ("Mi goreng", 2000, "pcs")
    _touch(touched, 1, MINUS)
    assert touched.cart == [("Mi goreng", 2000, "pcs")]
    assert touched.field("scan").hasFocus()


def test_a_touch_elsewhere_on_a_line_only_chooses_it(touched: Hands) -> None:
    _touch(touched, 0, 0)
    assert touched.desk.till.selected == 0
    assert [qty for _name, qty, _unit in touched.cart] == [1000, 1000]


def test_a_tap_on_a_result_sells_it_once(touched: Hands) -> None:
    touched.type("gula")
    table = touched.see(ListTable, "results")
    assert table.rowHeight(0) == 56
    place = table.visualRect(table.list_model.index(0, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert touched.cart[-1] == ("Gula pasir", 1000, "kg")


def test_lists_and_tiles_are_dragged_by_a_finger(touched: Hands) -> None:
    assert QScroller.hasScroller(touched.see(ListTable, "cart").viewport())
    touched.tap("show_tiles", "category_mi")
    tiles = touched.window.selling.tiles
    for area in tiles.findChildren(QScrollArea):
        assert QScroller.hasScroller(area.viewport())
    tile = next(one for one in tiles.findChildren(Tile) if one.isVisible())
    assert tile.minimumSizeHint().width() >= 148 and tile.height() >= 88
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert sum(qty for _name, qty, _unit in touched.cart) == 3000


def test_four_tiles_stand_side_by_side_at_the_least_size(touched: Hands) -> None:
    touched.tap("show_tiles")
    assert touched.window.selling.tiles._columns == 4


def test_the_next_start_is_for_fingers_again(qtbot: QtBot, shop: Counter, tmp_path: Path) -> None:
    save_preferences(shop.db, Preferences(touch=True))
    hands = Hands(qtbot, shop, tmp_path)
    assert look().touch
    hands.let_go()
