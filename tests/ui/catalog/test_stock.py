"""The stock card, and the panels that move stock."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.facts.catalog import UnitRecord
from pos.catalog.goods import stock_of
from pos.counter import Counter
from pos.staff.people import add_staff
from pos.stock.moving import REASONS
from pos.ui.catalog.card import StockCardPage
from pos.ui.catalog.moving import AdjustPanel, ReceivePanel
from pos.ui.catalog.words import movement_word
from pos.ui.shell.window import MainWindow
from pos.ui.widgets.overlay import Overlay

Add = Callable[..., bytes]


def _card(window: MainWindow, product_id: bytes) -> StockCardPage:
    window.ways.card(product_id)
    shown = window.pages.currentWidget()
    assert isinstance(shown, StockCardPage)
    return shown


def _open(window: QWidget) -> Overlay:
    return next(one for one in window.findChildren(Overlay) if one.isVisible())


def test_receiving_by_keys_writes_quantity_and_value(
    window: MainWindow, counter: Counter, add: Add, qtbot: QtBot
) -> None:
    product_id = add("Air Botu", units=(UnitRecord("dus", 24, None),))
    page = _card(window, product_id)
    qtbot.keyClick(page, Qt.Key.Key_F7)
    panel = _open(window)
    assert isinstance(panel, ReceivePanel)
    panel.unit.setCurrentIndex(1)
    qtbot.keyClicks(panel.quantity, "2")
    qtbot.keyClick(panel.quantity, Qt.Key.Key_Return)
    qtbot.keyClicks(panel.cost, "140000")
    qtbot.keyClick(panel.cost, Qt.Key.Key_Return)
    qtbot.keyClicks(panel.supplier, "CV Danau")
    qtbot.keyClick(panel.supplier, Qt.Key.Key_Return)
    assert stock_of(counter.db, product_id) == 48_000
    row = page.model.row(0)
    assert (row.kind, row.qty, row.value, row.balance) == ("received", 48_000, 140_000, 48_000)
    assert row.day == counter.today()
    assert "48 pcs" in window.status.said()


def test_receiving_without_a_cost_asks_for_it(window: MainWindow, add: Add) -> None:
    panel = ReceivePanel(window.desk, window, add("Gratis"))
    panel.ask()
    panel.quantity.set_quantity(1_000)
    panel.supplier.returnPressed.emit()
    assert "0 bila gratis" in panel.rows[2].below()
    assert panel.isVisible()


def test_a_loss_takes_away_and_says_what_will_be_left(
    window: MainWindow, counter: Counter, add: Add
) -> None:
    product_id = add("Telur")
    panel = AdjustPanel(window.desk, window, product_id)
    panel.ask()
    panel.quantity.set_quantity(2_500)
    assert panel.rows[1].below().endswith("Stok menjadi -2,5 pcs.")
    panel.note.returnPressed.emit()
    assert stock_of(counter.db, product_id) == -2_500


def test_a_count_sets_the_stock_to_what_lies_on_the_shelf(
    window: MainWindow, counter: Counter, add: Add
) -> None:
    product_id = add("Garam")
    for counted in (7_000, 3_000):
        panel = AdjustPanel(window.desk, window, product_id)
        panel.ask()
        panel.reason.setCurrentIndex(REASONS.index("count"))
        panel.quantity.set_quantity(counted)
        panel.note.returnPressed.emit()
        assert stock_of(counter.db, product_id) == counted


def test_a_count_that_fits_writes_nothing(window: MainWindow, counter: Counter, add: Add) -> None:
    product_id = add("Cocok")
    before = counter.db.scalar("SELECT max(pos) FROM journal")
    panel = AdjustPanel(window.desk, window, product_id)
    panel.ask()
    panel.reason.setCurrentIndex(REASONS.index("count"))
    panel.quantity.set_quantity(0)
    panel.note.returnPressed.emit()
    assert not panel.isVisible()
    assert counter.db.scalar("SELECT max(pos) FROM journal") == before


def test_found_goods_come_in(window: MainWindow, counter: Counter, add: Add) -> None:
    product_id = add("Ditemukan")
    panel = AdjustPanel(window.desk, window, product_id)
    panel.ask()
    panel.reason.setCurrentIndex(REASONS.index("found"))
    panel.quantity.set_quantity(1_000)
    panel.note.returnPressed.emit()
    assert stock_of(counter.db, product_id) == 1_000


def test_nothing_typed_is_said_at_the_field(window: MainWindow, add: Add) -> None:
    panel = AdjustPanel(window.desk, window, add("Kosong"))
    panel.ask()
    panel.note.returnPressed.emit()
    assert "misalnya" in panel.rows[1].below()


def test_the_card_hides_values_from_who_may_not_see_cost(
    window: MainWindow, counter: Counter, add: Add
) -> None:
    product_id = add("Nilai", cost=500)
    counter.staff_id = add_staff(counter, "Yusuf", "cashier")
    page = _card(window, product_id)
    assert "nilai" not in page.now.text()


def test_every_kind_of_movement_has_a_word() -> None:
    kinds = ["opening", "received", "sale", "refund", "import_taken_back", "adjusted:waste"]
    kinds += [f"adjusted:{reason}" for reason in REASONS]
    words = [movement_word(kind) for kind in kinds]
    assert not set(words) & set(kinds)
    assert len(set(words)) == len(kinds)
