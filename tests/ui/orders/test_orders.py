"""Orders ring, are answered by keys, and are handed over by scanner or by four digits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.orders.codes import scanned_text
from core.orders.standing import Actor
from core.orders.steps import StepName
from pos.counter import Counter
from pos.orders.reading import order, orders
from pos.orders.talking import messages
from pos.staff.pins import set_pin
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor
from pos.ui.foundation.sounds import Sound
from pos.ui.i18n import set_language
from pos.ui.orders.page import OrdersPage
from tests.helpers.till_orders import DIGITS, line, order_id, place, placed, stepped
from tests.helpers.tiny_server import TinyServer, own_entries
from tests.ui.hands import MI, Hands


class Buyer:
    """Places orders at the server and lets the counter hear of them."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.device = counter.line.device
        self.server = TinyServer()
        self.gula = bytes(counter.db.scalar("SELECT id FROM product WHERE name='Gula pasir'"))
        length = len(own_entries(counter.db, self.device))
        join(counter, "http://t", self.server.enrol([(self.device, length)], counter.register))
        self.server.push(own_entries(counter.db, self.device))
        self.hear()

    def hear(self) -> None:
        """What is in the feed comes to the counter."""
        kinds: set[str] = set()
        while (page := self.server.page(cursor(self.counter.db).n, {self.device})).entries:
            kinds |= apply_page(self.counter.db, page).kinds
        self.counter.heard(frozenset(kinds))

    def order(self, number: int = 1, **more: object) -> bytes:
        """A new order of two kilograms of sugar."""
        key = place(self.server, placed(number, line(self.gula, "Gula pasir"), **more))
        self.hear()
        return key


@pytest.fixture
def buyer(shop: Counter) -> Buyer:
    """Whoever orders from this shop."""
    return Buyer(shop)


@pytest.fixture
def heard(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Sound]]:
    """The sounds that the counter makes."""
    found: list[Sound] = []
    monkeypatch.setattr(hands.desk.sounds, "play", lambda sound: bool(found.append(sound)))
    yield found


def stands(hands: Hands, number: int = 1) -> str:
    return order(hands.counter.db, order_id(number)).standing.order


def _notices(hands: Hands) -> list[str]:
    """What stands beside the cart."""
    found = [one.text for one in hands.window.selling.notices.waiting()]
    return [one if isinstance(one, str) else one() for one in found]


def test_it_rings_until_somebody_looks(buyer: Buyer, hands: Hands, heard: list[Sound]) -> None:
    bell = hands.window.ordering.bell
    buyer.order()
    assert heard == ["order"] and bell.is_ringing
    assert hands.window.status.fact("orders") == "1 pesanan perlu dijawab"
    assert _notices(hands) == ["1 pesanan perlu dijawab"]
    bell._again.timeout.emit()
    assert heard == ["order", "order"]
    hands.press("Ctrl+O")
    assert hands.page == "orders" and not bell.is_ringing
    assert _notices(hands) == []
    buyer.order(2)
    assert heard.count("order") == 3  # it came while somebody looks: once
    assert not bell.is_ringing
    hands.press("Alt+M")
    buyer.order(3)
    assert heard.count("order") == 3
    assert hands.window.status.fact("orders") == "3 pesanan perlu dijawab"


def test_what_the_shop_must_hear_of_rings_whoever_did_it(
    buyer: Buyer, hands: Hands, heard: list[Sound]
) -> None:
    bell = hands.window.ordering.bell
    _complained(buyer)
    buyer.hear()
    assert heard == ["order"] and bell.is_ringing
    assert _notices(hands) == ["Pesanan 1: Jawab keluhan"]
    hands.press("Ctrl+O")
    assert not bell.is_ringing and _notices(hands) == []
    hands.press("Esc")
    # Its stock has promised it: nobody is asked, and yet it is to be prepared.
    place(buyer.server, placed(2, line(buyer.gula, "Gula pasir")))
    buyer.server.write(stepped(2, "accept", "time"))
    buyer.hear()
    assert heard == ["order", "order"] and bell.is_ringing
    assert _notices(hands) == ["Pesanan 2: Diterima"]
    buyer.server.write(stepped(2, "prepare", "shop"))
    buyer.hear()
    assert not bell.is_ringing and _notices(hands) == []


def test_what_a_provider_does_rings(buyer: Buyer, hands: Hands, heard: list[Sound]) -> None:
    sugar = line(buyer.gula, "Gula pasir")
    key = place(buyer.server, placed(1, sugar, pay_way="gateway"))
    buyer.hear()
    hands.press("Ctrl+O", "F9", "Esc")
    assert stands(hands) == "accepted"
    buyer.server.push(own_entries(buyer.counter.db, buyer.device))
    heard.clear()
    for name, who in (("ask_payment", "buyer"), ("settle_payment", "provider")):
        buyer.server.write(stepped(1, name, who, 34_000 if who == "provider" else 0))
    buyer.hear()
    assert heard == ["order"]
    hands.press("Ctrl+O", "Esc")
    buyer.server.write(stepped(1, "charge_back", "provider"))
    buyer.hear()
    assert heard == ["order", "order"] and hands.window.ordering.bell.is_ringing
    assert _notices(hands) == ["Pesanan 1: Uang ditarik bank"]
    assert order(hands.counter.db, key).standing.taken_back == 34_000


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


def test_a_buyers_words_ring_and_are_answered_by_keys(
    buyer: Buyer, hands: Hands, heard: list[Sound]
) -> None:
    key, db = buyer.order(), hands.counter.db
    with db.transaction():
        db.run("INSERT INTO order_contact VALUES (?,'Ani','6281','','')", (key,))
        db.run("INSERT INTO order_message VALUES (?,1,5,'buyer','Masih buka?',0)", (key,))
    hands.counter.heard(frozenset({"note_order_said"}))
    assert heard == ["order", "order"]
    assert hands.window.status.fact("orders") == "1 pesanan perlu dijawab, 1 pesan pembeli"
    hands.press("Ctrl+O")
    assert "Ani: Masih buka?" in hands.words
    hands.press("F3")
    assert hands.panel == "order_talk_panel" and "Masih buka?" in hands.words
    hands.press("Enter")
    assert "Tulis pesannya dahulu." in hands.words
    hands.press("Alt+2", "Enter")
    assert "Mohon tunggu sebentar." in hands.words and "belum terkirim" in hands.words
    hands.press("Esc")
    assert not hands.panel and hands.page == "orders"
    assert hands.window.status.fact("orders") == "1 pesanan perlu dijawab"
    assert [(one.who, one.text, one.waits) for one in messages(db, key)] == [
        ("buyer", "Masih buka?", False),
        ("shop", "Mohon tunggu sebentar.", True),
    ]


def _complained(buyer: Buyer) -> None:
    """An order that was handed over, and of which its buyer complains."""
    buyer.order()
    for who, *names in (
        ("shop", "accept", "make_ready"), ("shop", "pay_at_handover"), ("shop", "hand_over"),
        ("shop", "fulfil"), ("buyer", "complain"),
    ):  # fmt: skip
        for name in names:
            amount = 34_000 if name == "pay_at_handover" else 0
            buyer.server.write(stepped(1, name, who, amount))
    buyer.hear()


def test_a_complaint_is_answered_with_words_and_money_back(buyer: Buyer, hands: Hands) -> None:
    _complained(buyer)
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
    _complained(buyer)
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
