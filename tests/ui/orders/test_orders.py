"""Orders ring, are answered by keys, and are handed over by scanner or by four digits."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.orders.codes import scanned_text
from core.orders.standing import Actor
from core.orders.steps import StepName
from pos.orders.reading import order, orders
from pos.staff.pins import set_pin
from pos.ui.i18n import set_language
from pos.ui.orders.page import OrdersPage
from tests.helpers.till_orders import DIGITS, order_id, stepped
from tests.helpers.tiny_server import own_entries
from tests.ui.hands import MI, Hands
from tests.ui.orders.buyer import Buyer, complained, stands


def test_keys_lead_from_the_answer_to_the_handover(buyer: Buyer, hands: Hands) -> None:
    key = buyer.order()
    hands.press("F10", "Alt+O")
    assert hands.page == "orders"
    for expected, pressed in (("accepted", "F9"), ("preparing", "F4"), ("ready", "F9")):
        hands.press(pressed)
        assert stands(hands) == expected
    hands.press("F9")
    assert hands.panel == "order_code_panel"
    hands.type("0000")
    hands.press("Enter")
    assert "Masih 4 kali lagi" in hands.words
    hands.type(DIGITS)
    hands.press("Enter")
    assert hands.page == "payment"
    hands.press("Enter")
    assert hands.page == "sale_done"
    assert hands.sales == [(34_000, 0)]
    assert order(hands.counter.db, key).standing.handover == "done"


def test_what_was_paid_before_is_named_at_the_handover(buyer: Buyer, hands: Hands) -> None:
    key = buyer.order(pay_way="to_shop")
    hands.press("Ctrl+O", "F9")
    hands.press("F7", "F9")
    hands.scan(scanned_text(key, DIGITS))
    assert hands.page == "sale_done" and hands.sales == [(34_000, 0)]
    assert "dibayar online Rp 34.000" in hands.words


def test_a_scan_on_the_selling_page_hands_over_and_the_cart_stays(
    buyer: Buyer, hands: Hands
) -> None:
    key = buyer.order()
    hands.scan(MI)
    hands.scan(scanned_text(key, DIGITS))
    assert hands.page == "payment" and "34.000" in hands.words
    hands.type("50000")
    hands.press("Enter")
    assert hands.sales == [(34_000, 16_000)]
    hands.press("Enter")
    assert [name for name, _qty, _unit in hands.cart] == ["Mi goreng"]
    hands.scan(scanned_text(key, DIGITS))
    assert hands.page == "selling" and "sudah diserahkan" in hands.said[-1]


def test_a_courier_is_answered_with_a_fee_and_takes_it_by_keys(buyer: Buyer, hands: Hands) -> None:
    key = buyer.order(pay_way="to_shop", way="courier", fee_open=True)
    hands.press("Ctrl+O")
    assert "belum disebut" in hands.words and "Uang masuk" not in hands.words
    hands.press("F9")
    assert hands.panel == "order_offer_panel"
    hands.press("Enter")
    assert "ongkos kurirnya dahulu" in hands.words and stands(hands) == "placed"
    hands.type("12000")
    hands.press("Enter")
    assert stands(hands) == "proposed"
    assert all(one in hands.words for one in ("12.000", "46.000"))
    buyer.server.push(own_entries(hands.counter.db, buyer.device))
    buyer.server.write(stepped(1, "agree", amount=46_000))
    buyer.hear()
    hands.press("F7", "F9")
    assert stands(hands) == "ready"
    hands.press("F9")
    assert hands.panel == "order_courier_panel"
    hands.press("Enter", "Enter")
    assert "Tulis kurirnya" in hands.words
    hands.type("JNE")
    hands.press("Enter")
    hands.type("CGK123")
    hands.press("Enter")
    assert hands.page == "sale_done" and hands.sales == [(46_000, 0)]
    view = order(hands.counter.db, key)
    assert (view.courier, view.waybill, view.standing.order) == ("JNE", "CGK123", "fulfilled")


def test_a_courier_order_that_is_not_paid_is_not_handed_over(buyer: Buyer, hands: Hands) -> None:
    key = buyer.order(pay_way="to_shop", way="courier", fee=12_000)
    hands.scan(scanned_text(key, DIGITS))
    assert hands.page == "selling" and "masih kurang Rp 46.000" in hands.said[-1]


def test_less_is_offered_with_two_keys(buyer: Buyer, hands: Hands) -> None:
    buyer.order()
    key = buyer.order(2)
    hands.desk.till.pick(buyer.gula)
    hands.desk.till.set_quantity(7_000)
    hands.press("F9", "Enter", "Enter", "Ctrl+O")
    assert "kurang 1 kg Gula pasir" in hands.words
    hands.press("F8", "Enter")
    (view,) = (one for one in orders(hands.counter.db) if one.id == key)
    assert [(one.qty, one.net) for one in view.offered] == [(1_000, 17_000)]
    assert view.standing.order == "proposed"


def test_other_goods_are_offered_by_their_code(buyer: Buyer, hands: Hands) -> None:
    key = buyer.order()
    hands.press("Ctrl+O", "F8")
    hands.field("order_other_1").setText("tidak ada")
    hands.press("Enter")
    assert hands.panel == "order_offer_panel"
    hands.field("order_other_1").setText(MI)
    hands.press("Enter")
    (view,) = orders(hands.counter.db)
    assert [(one.name, one.qty, one.net) for one in view.offered] == [("Mi goreng", 2_000, 5_000)]
    assert view.id == key and view.standing.order == "proposed"


def test_an_order_is_declined_with_a_reason(buyer: Buyer, hands: Hands) -> None:
    buyer.order()
    hands.press("Ctrl+O", "Del")
    hands.press("Enter")
    assert hands.panel == "order_reason_panel"
    hands.type("tutup")
    hands.press("Enter")
    assert stands(hands) == "declined"
    assert "Belum ada pesanan" in hands.words


def test_money_on_the_shops_account_is_ticked_and_given_back(buyer: Buyer, hands: Hands) -> None:
    key = buyer.order(pay_way="to_shop")
    hands.press("Ctrl+O", "F9", "F7")
    assert order(hands.counter.db, key).standing.payment == "paid"
    hands.press("Del")
    hands.type("rusak")
    hands.press("Enter")
    assert "Kembalikan Rp 34.000" in hands.words
    hands.press("F9")
    assert order(hands.counter.db, key).standing.payment == "refunded"


def test_what_was_paid_before_is_given_without_paying(buyer: Buyer, hands: Hands) -> None:
    key = buyer.order(pay_way="to_shop")
    hands.press("Ctrl+O", "F9", "F7", "Esc")
    hands.scan(scanned_text(key, DIGITS))
    assert hands.page == "sale_done"
    assert hands.sales == [(34_000, 0)]


def test_a_page_that_is_left_asks_for_nothing(
    buyer: Buyer, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer.order()
    hands.press("Ctrl+O")
    page = hands.window.pages.currentWidget()
    assert isinstance(page, OrdersPage)
    hands.press("Esc")
    monkeypatch.setattr("pos.ui.orders.page.orders", lambda db: pytest.fail("asked"))
    page._timer.timeout.emit()
    assert not page._timer.isActive()


def test_english_and_an_empty_list(hands: Hands, qtbot: QtBot, tmp_path: Path) -> None:
    hands.press("Ctrl+O")
    assert "Belum ada pesanan" in hands.words
    set_language("en")
    assert "No orders yet" in hands.words
    set_language("id")
    set_pin(hands.counter, hands.counter.staff_id, "2468")
    hands.window.lock()
    hands.press("Ctrl+O")
    assert hands.page == "lock"


def test_a_complaint_is_answered_with_words_and_money_back(buyer: Buyer, hands: Hands) -> None:
    complained(buyer)
    hands.press("Ctrl+O")
    assert "Jawab keluhan" in hands.words
    hands.press("F9")
    assert hands.panel == "order_answer_panel"
    hands.press("Enter", "Enter")
    assert "Tulis jawabannya." in hands.words
    hands.type("Maaf, kurang satu kilo")
    hands.press("Enter")
    hands.type("17000")
    hands.press("Enter")
    assert stands(hands) == "answered"
    assert order(hands.counter.db, order_id(1)).offer == 17_000
    assert "Ditawarkan Rp" in hands.words


def test_goods_are_taken_back_after_a_question_that_names_the_money(
    buyer: Buyer, hands: Hands
) -> None:
    complained(buyer)
    hands.press("Ctrl+O")
    assert "Terima kembali" in hands.words
    hands.press("F4")
    assert hands.panel == "order_back" and "34.000, harus dikembalikan" in hands.words
    hands.press("Enter")
    assert stands(hands) == "complained", "the safe answer has the keys"
    hands.press("Esc")
    assert not hands.panel and stands(hands) == "complained"
    hands.press("F4", "Tab")
    hands.type(" ")
    assert not hands.panel and stands(hands) == "returned"


@pytest.mark.parametrize("is_out", [False, True])
def test_money_that_a_bank_took_back_is_told_as_that(
    buyer: Buyer, hands: Hands, *, is_out: bool
) -> None:
    key = buyer.order(pay_way="gateway")
    told: list[tuple[Actor, StepName]] = [("shop", "accept"), ("provider", "settle_payment")]
    told += [("shop", "make_ready")]
    told += [("shop", "hand_over"), ("shop", "fulfil")] if is_out else []
    for who, name in (*told, ("provider", "charge_back")):
        amount = 34_000 if name == "settle_payment" else 0
        buyer.server.write(stepped(1, name, who, amount))
    buyer.hear()
    hands.press("Ctrl+O")
    page = hands.window.pages.currentWidget()
    assert isinstance(page, OrdersPage)
    chosen = page.chosen()
    assert chosen is not None and chosen.id == key, "it stays in the list until it is over"
    said = hands.words
    assert "Uang ditarik bank" in said and "Ditarik kembali bank" in said
    assert ("Barang sudah diserahkan" in said) == is_out
    assert ("Jangan serahkan barangnya" in said) != is_out
    assert "Sudah dibayar" not in said and "Dibayar online" not in said
    assert not page.main.isVisible(), "nothing is to be handed over"
