"""A picture of another counter: a stand-in till it comes, seen as soon as it is there, counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pos.catalog.pictures import prepared
from pos.catalog.products import change_product, product_record
from pos.sync.enrolment import enrol, speaker
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.picture_memory import note_asked, note_refused, picture_state
from pos.sync.pictures import Pictures
from pos.ui.catalog.product import ProductPage
from pos.ui.sync.page import SyncPage
from pos.ui.widgets.tile import Tile
from tests.helpers.counter import StillClock, add_goods, make_shop
from tests.helpers.picture_files import photo
from tests.helpers.real_server import RealServer
from tests.ui.hands import Hands
from tests.ui.sync.linked import PATIENCE_MS, URL


def _photo() -> bytes:
    import io

    out = io.BytesIO()
    photo().save(out, "PNG")
    return prepared(out.getvalue())


def _orange(widget: QWidget) -> bool:
    image = widget.grab().toImage()
    colours = (
        QColor(image.pixelColor(x, y))
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    )
    return any(c.red() > 240 and 150 < c.green() < 180 and c.blue() < 30 for c in colours)


def _marked(widget: QWidget) -> int:
    """How many dots are not the widget's ground."""
    image = widget.grab().toImage()
    ground = image.pixelColor(image.width() - 8, image.height() // 2)
    dots = [(x, y) for x in range(8, image.width() - 8) for y in range(8, image.height() - 8)]
    return sum(1 for x, y in dots if image.pixelColor(x, y) != ground)


def test_a_picture_that_is_on_its_way_shows_as_soon_as_it_comes(
    linked: Hands, server: RealServer, qtbot: QtBot, tmp_path: Path, clock: StillClock
) -> None:
    linked.press("F10", "Alt+S")
    page = linked.window.pages.currentWidget()
    assert isinstance(page, SyncPage)
    page.form.address.setText(URL)
    page.form.code.setText(server.code())
    page.form.join.click()
    qtbot.waitUntil(lambda: "di server" in page.headline.text(), timeout=PATIENCE_MS)

    with make_shop(tmp_path / "other", clock) as other:
        enrol(other, URL, server.code(), server.send)
        goods = add_goods(other, "Sagela", favourite=True)
        change_product(other, product_record(other.db, goods), picture=_photo())
        found = server_of(other.db)
        assert found is not None
        sync_once(other, found, server.send)

        db = linked.counter.db
        qtbot.waitUntil(lambda: picture_state(db).to_fetch == 1, timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: "Gambar menunggu" in linked.words, timeout=PATIENCE_MS)
        linked.window.ways.product(goods)
        form = linked.window.pages.currentWidget()
        assert isinstance(form, ProductPage)
        assert "dalam perjalanan" in form.picture.hint.text()

        pictures = Pictures(other.folder, mono_ms=clock.mono_ms, chance=lambda: 0.0)
        assert pictures.step(other.db, found, speaker(other, server.send)).sent == 1
        clock.forward(600)
        qtbot.waitUntil(lambda: form.picture.shown.isVisible(), timeout=PATIENCE_MS)
        assert _orange(form.picture.shown) and form.picture.hint.isHidden()
    assert picture_state(db).waiting == 0


def test_a_tile_has_a_stand_in_till_its_picture_is_here(qtbot: QtBot) -> None:
    for width, height in ((260, 76), (112, 120)):
        shown: list[bytes] = []
        plain, tile = Tile("plain", "Sagela", 9_000), Tile("tile", "Sagela", 9_000)
        tile.set_picture(b"name%d" % width, lambda shown=shown: shown[0] if shown else b"")
        for one in (plain, tile):
            qtbot.addWidget(one)
            one.resize(width, height)
            one.show()
        assert _marked(tile) > _marked(plain) + 20 and not _orange(tile)
        shown.append(_photo())
        tile.update()
        assert _orange(tile)


@pytest.mark.parametrize(("more", "said"), [(0, "Sagela"), (2, "Sagela dan 2 lagi")])
def test_what_the_server_cannot_read_or_has_no_room_for_is_said_on_the_page(
    linked: Hands, server: RealServer, qtbot: QtBot, more: int, said: str
) -> None:
    linked.press("F10", "Alt+S")
    page = linked.window.pages.currentWidget()
    assert isinstance(page, SyncPage)
    page.form.address.setText(URL)
    page.form.code.setText(server.code())
    page.form.join.click()
    qtbot.waitUntil(lambda: "di server" in page.headline.text(), timeout=PATIENCE_MS)
    linked.window.sync.stop()
    for number in range(more + 1):
        data = prepared(_photo() + bytes([number]))
        goods = add_goods(linked.counter, "Sagela" if not number else f"Z{number}")
        record = product_record(linked.counter.db, goods)
        change_product(linked.counter, record, picture=data[:-2] + bytes([number]) + data[-2:])
    names = [bytes(row[0]) for row in linked.counter.db.rows("SELECT hash FROM picture")]
    for name in names:
        note_refused(linked.counter.db, name, "bad_picture")
    note_asked(linked.counter.db, 3, 99, full=True)
    page.refresh()
    qtbot.waitUntil(lambda: "Gambar tak terbaca server" in linked.words, timeout=PATIENCE_MS)
    assert said in linked.words
    assert "Tempat gambar di server" in linked.words and "penuh" in linked.words
    assert page.headline.property("tone") != "bad"
