"""The list of goods: it pages, filters, finds, and leads on by keys alone."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.gtin import display_form
from pos.catalog.products import archive_product
from pos.counter import Counter
from pos.stock.moving import adjust
from pos.ui.catalog.goods import GoodsPage
from pos.ui.catalog.long_list import PAGE, GoodsList
from pos.ui.shell.window import MainWindow

Add = Callable[..., bytes]
MANY = 1_050


@pytest.fixture
def page(window: MainWindow) -> GoodsPage:
    window.ways.goods()
    shown = window.pages.currentWidget()
    assert isinstance(shown, GoodsPage)
    return shown


def _names(page: GoodsPage) -> list[str]:
    return [page.model.row(at).name for at in range(page.model.count())]


def _many(counter: Counter) -> None:
    """Goods enough for several pages, straight into the table that the list reads."""
    with counter.db.transaction():
        counter.db.many(
            "INSERT INTO product SELECT ?, '', ?, ?, category, brand, unit, price, cost,"
            " tax_class, min_stock, favourite, fractional, online, active, picture, import_id,"
            " sold, stock, stock_value, halal FROM product LIMIT 1",
            [(f"{n:016}".encode(), f"Zamzam {n:05}", f"zamzam {n:05}") for n in range(MANY)],
        )


def test_pages_hold_every_row_once_in_order_from_either_end(counter: Counter) -> None:
    _many(counter)
    forward = GoodsList(counter.db)
    pages = -(-forward.count // PAGE)
    rows = [row for number in range(pages) for row in forward.page(number)]
    assert len(rows) == forward.count == MANY + 30
    assert len({row.id for row in rows}) == len(rows)
    backward = GoodsList(counter.db)
    again = {number: list(backward.page(number)) for number in reversed(range(pages))}
    assert [row for number in range(pages) for row in again[number]] == rows


def test_a_page_beyond_the_end_is_empty(counter: Counter) -> None:
    assert GoodsList(counter.db).page(5) == []


def test_the_list_scrolls_to_its_end_without_a_pause(
    page: GoodsPage, counter: Counter, qtbot: QtBot
) -> None:
    _many(counter)
    page.read()
    began = time.monotonic()
    page.table.go_to(page.model.count() - 1)
    QApplication.processEvents()
    assert time.monotonic() - began < 0.5
    last = page.chosen()
    assert last is not None and last.name == f"Zamzam {MANY - 1:05}"
    assert page.counted.text() == "1.080 barang"


def test_typing_finds_and_escape_shows_all_again(page: GoodsPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.search, "pinogu")
    assert _names(page) == ["Kopi bubuk Pinogu 165 g"]
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.model.count() == 30


def test_what_is_not_there_is_said_with_the_typed_words(page: GoodsPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.search, "zzqqxx")
    assert page.stack.currentWidget() is page.nothing
    assert '"zzqqxx"' in page.nothing.sentence.text()
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.table


def test_archived_goods_stand_in_their_own_filter_and_are_found_there(
    page: GoodsPage, counter: Counter, add: Add, qtbot: QtBot
) -> None:
    archive_product(counter, add("Kerupuk Sangkub lama"))
    assert "Kerupuk Sangkub lama" not in _names(page)
    qtbot.keyClick(page, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert _names(page) == ["Kerupuk Sangkub lama"]
    qtbot.keyClicks(page.search, "sangkub")
    assert _names(page) == ["Kerupuk Sangkub lama"]
    page.search.setText("pinogu")
    assert _names(page) == []


def test_low_stock_is_a_filter_of_its_own_that_search_keeps(
    page: GoodsPage, counter: Counter, add: Add, qtbot: QtBot
) -> None:
    add("Abon cakalang", min_stock=5_000)
    full = add("Abon sapi", min_stock=5_000)
    adjust(counter, full, 9_000, "found")
    qtbot.keyClick(page, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert "Abon cakalang" in _names(page) and "Abon sapi" not in _names(page)
    page.search.setText("abon")
    assert _names(page) == ["Abon cakalang"]


def test_stock_below_zero_is_shown_and_coloured(
    page: GoodsPage, counter: Counter, add: Add
) -> None:
    adjust(counter, add("Aaa gula aren"), -2_500, "lost")
    row = page.model.row(0)
    assert (row.name, row.stock, row.state) == ("Aaa gula aren", "-2,5", "negative")
    tone = page.model.columns[3].tone
    assert tone is not None and tone(row) == "bad"


def test_the_list_follows_what_is_written(page: GoodsPage, add: Add) -> None:
    add("Aaa baru")
    assert page.chosen() is not None
    assert page.model.row(0).name == "Aaa baru"


def test_enter_opens_the_found_product_and_escape_returns(
    window: MainWindow, page: GoodsPage, qtbot: QtBot
) -> None:
    qtbot.keyClicks(page.search, "pinogu")
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert window.pages.currentWidget().objectName() == "product"
    qtbot.keyClick(window.pages.currentWidget(), Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is page


def test_a_scan_searches(window: MainWindow, page: GoodsPage, counter: Counter) -> None:
    code, name = counter.db.one(
        "SELECT b.barcode, p.name FROM product_barcode b JOIN product p ON p.id=b.product_id"
    ) or ("", "")
    window.on_scan(display_form(code))
    assert _names(page) == [name]


def test_an_empty_shop_offers_the_import(
    window: MainWindow, page: GoodsPage, counter: Counter
) -> None:
    for row in GoodsList(counter.db).page(0):
        archive_product(counter, row.id)
    assert page.stack.currentWidget().objectName() == "goods_empty"
    page.import_asked.emit()
    assert window.pages.currentWidget().objectName() == "import"
