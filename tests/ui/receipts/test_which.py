"""A number of two receipts: the window asks which, and acts on that one alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QTableView
from pytestqt.qtbot import QtBot

from pos.counter import Counter
from pos.receipts.listing import receipt_view
from pos.receipts.naming import Named, receipts_named
from pos.ui.i18n import set_language
from pos.ui.receipts.screen import ReceiptsPage
from tests.helpers.counter import cart_of, sell
from tests.helpers.twin_counters import NUMBER, Twins, some_goods
from tests.ui.hands import Hands


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """The first of two counters that both wrote a K1-000001."""
    twins = Twins(tmp_path)
    yield twins.counters[0]
    twins.close()


@pytest.fixture
def hands(qtbot: QtBot, counter: Counter, tmp_path: Path) -> Iterator[Hands]:
    made = Hands(qtbot, counter, tmp_path)
    made.window.sell()
    yield made
    made.let_go()


def both(hands: Hands) -> tuple[Named, Named]:
    own, other = receipts_named(hands.counter.db, NUMBER)
    return own, other


def refunded(hands: Hands) -> tuple[int, ...]:
    db = hands.counter.db
    return tuple(int(receipt_view(db, one.reference).sale.refunded) for one in both(hands))


def rows(hands: Hands) -> int:
    return int(hands.see(QTableView, "receipt_list").model().rowCount())


def row_of(hands: Hands, one: Named) -> int:
    page = hands.window.pages.currentWidget()
    assert isinstance(page, ReceiptsPage)
    return [page.model.row(at).sale_id for at in range(page.model.count())].index(one.pos)


def test_a_scan_shows_both_with_register_date_total_mark_and_key(hands: Hands) -> None:
    hands.scan(NUMBER)
    assert (hands.page, hands.panel) == ("receipts", "which_receipt")
    own, other = both(hands)
    said = [hands.see(QAbstractButton, f"which_{n}").text() for n in (1, 2)]
    for text, one, register in zip(said, (own, other), ("K1", "K2"), strict=True):
        assert register in text and one.mark in text and "24 " in text
    assert "Rp 2.500" in said[0] and "Rp 5.000" in said[1]
    set_language("en")
    assert "Which receipt?" in hands.words


def test_with_keys_the_other_registers_receipt_is_given_back(hands: Hands) -> None:
    hands.only = "keys"
    hands.scan(NUMBER)
    hands.type("2")
    assert (hands.panel, rows(hands)) == ("", 1)
    hands.press("F8")
    assert hands.page == "refund_page"
    hands.type("*")
    hands.give_reason("rusak")
    hands.press("F9")
    assert hands.page == "sale_done"
    assert refunded(hands) == (0, 5_000)


def test_with_touch_the_own_one(hands: Hands) -> None:
    hands.scan(NUMBER)
    hands.tap("which_1", "refund", "refund_all")
    hands.give_reason("rusak")
    hands.tap("refund_now")
    assert refunded(hands) == (2_500, 0)


@pytest.mark.parametrize(("key", "then"), [("F8", "refund_page"), ("Enter", "refund_page")])
def test_a_typed_number_is_asked_about_before_anything_is_done(
    hands: Hands, key: str, then: str
) -> None:
    hands.window.show_receipt()
    hands.type(NUMBER)
    hands.press(key)
    assert (hands.page, hands.panel) == ("receipts", "which_receipt")
    hands.type("2")
    assert hands.page == then
    assert both(hands)[1].reference in hands.words


def test_the_tender_of_the_chosen_one_is_swapped(hands: Hands) -> None:
    hands.window.show_receipt()
    hands.type(NUMBER)
    hands.press("F7")
    hands.type("1")
    assert hands.panel == "swap_panel"
    hands.type("salah tekan")
    hands.tap("swap_qris")
    kinds = [receipt_view(hands.counter.db, one.reference).payments[0].kind for one in both(hands)]
    assert kinds == ["qris", "cash"]


def test_escape_does_nothing(hands: Hands) -> None:
    hands.window.show_receipt()
    hands.type(NUMBER)
    hands.press("F6", "Esc")
    assert hands.panel == ""
    assert not hands.counter.db.scalar("SELECT sum(copies) FROM sale")


def test_a_row_that_is_chosen_in_the_list_is_meant_without_asking(hands: Hands) -> None:
    hands.window.show_receipt()
    own, other = both(hands)
    table = hands.see(QTableView, "receipt_list").model()
    assert {table.index(row, 2).data() for row in range(rows(hands))} == {"K1", "K2"}
    hands.touch_row("receipt_list", row_of(hands, other))
    hands.press("F8")
    assert hands.page == "refund_page" and other.reference in hands.words
    assert own.reference not in hands.words


def test_a_number_of_one_receipt_asks_nothing(hands: Hands) -> None:
    counter = hands.counter
    for _ in range(3):
        done = sell(counter, cart_of(counter, (some_goods(counter), 1_000)))
    hands.scan(done.receipt)
    assert (hands.page, hands.panel, rows(hands)) == ("receipts", "", 1)
