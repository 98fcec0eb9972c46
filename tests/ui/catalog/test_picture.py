"""A product's picture in the form and on its tile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QPixmapCache
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from pos.catalog.pictures import picture_data, picture_from, picture_hash
from pos.catalog.products import product_record
from pos.counter import Counter
from pos.ui.catalog.product import ProductPage
from pos.ui.foundation.tokens import Size
from pos.ui.shell.window import MainWindow
from pos.ui.widgets.picture import fitted, places
from pos.ui.widgets.tile import Tile
from tests.helpers.picture_files import bomb, file_of

Add = Callable[..., bytes]


def _page(window: MainWindow, product_id: bytes = b"") -> ProductPage:
    window.ways.product(product_id)
    shown = window.pages.currentWidget()
    assert isinstance(shown, ProductPage)
    return shown


def _take(qtbot: QtBot, page: ProductPage, file: Path) -> None:
    page.picture.take(file)
    qtbot.waitUntil(lambda: page.picture.job is None)


def _seen(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    across, down = range(0, image.width(), 2), range(0, image.height(), 2)
    return {image.pixelColor(x, y).name() for x in across for y in down}


def _orange(widget: QWidget) -> bool:
    colours = (QColor(one) for one in _seen(widget))
    return any(c.red() > 240 and 150 < c.green() < 180 and c.blue() < 20 for c in colours)


def test_a_picture_is_chosen_seen_saved_and_seen_again(
    window: MainWindow, counter: Counter, add: Add, qtbot: QtBot, tmp_path: Path
) -> None:
    product = add("Sagela")
    page = _page(window, product)
    assert not page.picture.shown.isVisible() and not page.picture.drop.isVisible()
    _take(qtbot, page, file_of(tmp_path))
    assert _orange(page.picture.shown)
    assert product_record(counter.db, product).picture == b""
    page.save()
    named = product_record(counter.db, product).picture
    assert picture_data(counter.db, named) == picture_from(tmp_path / "foto.png")
    page = _page(window, product)
    assert _orange(page.picture.shown)
    page.name.setText("Sagela asap")
    page.save()
    assert product_record(counter.db, product).picture == named


def test_a_new_product_begins_with_a_picture(
    window: MainWindow, counter: Counter, qtbot: QtBot, tmp_path: Path
) -> None:
    page = _page(window)
    page.name.setText("Baru")
    page.price.set_amount(5_000)
    _take(qtbot, page, file_of(tmp_path))
    page.save()
    named = counter.db.scalar("SELECT picture FROM product WHERE name='Baru'")
    assert named == picture_hash(picture_from(tmp_path / "foto.png"))
    assert _page(window).picture.data == b""


def test_a_key_takes_the_picture_away(
    window: MainWindow, counter: Counter, add: Add, qtbot: QtBot, tmp_path: Path
) -> None:
    product = add("Sagela")
    page = _page(window, product)
    _take(qtbot, page, file_of(tmp_path))
    page.save()
    page = _page(window, product)
    qtbot.keyClick(page, Qt.Key.Key_F8)
    assert not page.picture.shown.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_F9)
    assert product_record(counter.db, product).picture == b""
    assert counter.db.scalar("SELECT count(*) FROM picture") == 0


def test_a_key_opens_the_choice_of_a_file(window: MainWindow, add: Add, qtbot: QtBot) -> None:
    page = _page(window, add("Sagela"))
    qtbot.keyClick(page, Qt.Key.Key_F7)
    [dialog] = window.findChildren(QFileDialog)
    assert "*.webp" in dialog.nameFilters()[0]
    dialog.reject()


@pytest.mark.parametrize(
    "data", [b"bukan gambar", bomb(), bomb(6_000, 6_000)], ids=["text", "bomb", "wide"]
)
def test_a_bad_file_is_one_sentence_and_the_old_picture_stays(
    window: MainWindow, add: Add, qtbot: QtBot, tmp_path: Path, data: bytes
) -> None:
    page = _page(window, add("Sagela"))
    _take(qtbot, page, file_of(tmp_path))
    bad = tmp_path / "rusak.png"
    bad.write_bytes(data)
    _take(qtbot, page, bad)
    assert window.status.said().startswith("rusak.png")
    assert _orange(page.picture.shown)


def test_a_file_read_for_one_product_never_lands_on_the_next(
    window: MainWindow, add: Add, qtbot: QtBot, tmp_path: Path
) -> None:
    one, two = add("Satu"), add("Dua")
    page = _page(window, one)
    page.picture.take(file_of(tmp_path))
    _page(window, two)
    qtbot.waitUntil(lambda: page.picture.job is None)
    assert page.picture.data == b"" and not page.picture.shown.isVisible()


def test_saving_waits_for_the_picture(
    window: MainWindow, counter: Counter, add: Add, qtbot: QtBot, tmp_path: Path
) -> None:
    product = add("Satu")
    page = _page(window, product)
    page.picture.take(file_of(tmp_path))
    page.save()
    assert window.pages.currentWidget() is page
    assert "masih dibaca" in window.status.said()
    qtbot.waitUntil(lambda: page.picture.job is None)
    page.save()
    assert product_record(counter.db, product).picture


def test_a_file_is_dropped(window: MainWindow, add: Add, qtbot: QtBot, tmp_path: Path) -> None:
    page = _page(window, add("Satu"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file_of(tmp_path)))])
    event = QDropEvent(
        QPointF(QPoint(5, 5)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    page.picture.dropEvent(event)
    qtbot.waitUntil(lambda: page.picture.job is None)
    assert page.picture.data


def test_a_picture_that_is_not_here_is_said_and_can_be_chosen_again(
    window: MainWindow, counter: Counter, add: Add, qtbot: QtBot, tmp_path: Path
) -> None:
    product = add("Satu")
    page = _page(window, product)
    _take(qtbot, page, file_of(tmp_path))
    page.save()
    with counter.db.transaction():
        counter.db.run("DELETE FROM picture")
    page = _page(window, product)
    assert page.picture.hint.isVisible()
    assert page.picture.hint.text() == "Gambarnya belum ada di komputer ini."
    page.save()
    assert product_record(counter.db, product).picture != b""
    page = _page(window, product)
    _take(qtbot, page, tmp_path / "foto.png")
    page.save()
    assert counter.db.scalar("SELECT count(*) FROM picture") == 1


def test_the_tile_shows_it_once_the_grid_is_open(
    window: MainWindow, counter: Counter, add: Add, qtbot: QtBot, tmp_path: Path
) -> None:
    QPixmapCache.clear()
    product = add("Sagela", favourite=True)
    page = _page(window, product)
    _take(qtbot, page, file_of(tmp_path))
    page.save()
    window.pages.setCurrentWidget(window.selling)
    window.selling.grid_button.click()

    def tile() -> Tile:
        name = f"tile_{product.hex()}"
        return next(one for one in window.findChildren(Tile, name) if one.isVisible())

    qtbot.waitUntil(lambda: tile().height() == Size.TILE_HEIGHT)
    assert _orange(tile())


def test_a_tile_without_the_bytes_is_a_plain_tile(qtbot: QtBot) -> None:
    plain, without = Tile("a", "Kopi Pinogu", 38_500), Tile("a", "Kopi Pinogu", 38_500)
    without.set_picture(b"\1" * 32, lambda: b"rusak")
    for one in (plain, without):
        qtbot.addWidget(one)
        one.resize(320, 88)
    assert plain.grab().toImage() == without.grab().toImage()


@given(st.integers(100, 600), st.integers(40, 120), st.integers(20, 80))
def test_the_picture_never_takes_the_names_room(width: int, height: int, lines: int) -> None:
    room = QRect(10, 10, width, height)
    picture, left = places(room, lines)
    assert left.width() >= min(width, 124)
    name = QRect(left.left(), left.top(), left.width(), min(lines, left.height()))
    assert picture.isEmpty() or not picture.intersects(name)
    assert picture.isEmpty() or room.contains(picture)


def test_what_is_no_jpeg_or_says_it_is_huge_is_not_painted() -> None:
    room = QSize(50, 50)
    assert fitted(b"", room).isNull()
    assert fitted(bomb(100, 100), room).isNull()
