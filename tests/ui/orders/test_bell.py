"""What of orders rings, until when, and what the notice says."""

from __future__ import annotations

from core.orders.standing import Actor
from core.orders.steps import StepName
from pos.orders.reading import order, orders
from pos.orders.ringing import ringing
from pos.orders.talking import messages
from pos.ui.foundation.sounds import Sound
from tests.helpers.till_orders import line, order_id, place, placed, stepped
from tests.helpers.tiny_server import own_entries
from tests.ui.hands import Hands
from tests.ui.orders.buyer import Buyer, complained, notices, stands


def test_it_rings_until_somebody_looks(buyer: Buyer, hands: Hands, heard: list[Sound]) -> None:
    bell = hands.window.ordering.bell
    buyer.order()
    assert heard == ["order"] and bell.is_ringing
    assert hands.window.status.fact("orders") == "1 pesanan perlu dijawab"
    assert notices(hands) == ["1 pesanan perlu dijawab"]
    bell._again.timeout.emit()
    assert heard == ["order", "order"]
    hands.press("Ctrl+O")
    assert hands.page == "orders" and not bell.is_ringing
    assert notices(hands) == []
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
    complained(buyer)
    buyer.hear()
    assert heard == ["order"] and bell.is_ringing
    assert notices(hands) == ["Pesanan 1: Jawab keluhan"]
    hands.press("Ctrl+O")
    assert not bell.is_ringing and notices(hands) == []
    hands.press("Esc")
    # Its stock has promised it: nobody is asked, and yet it is to be prepared.
    place(buyer.server, placed(2, line(buyer.gula, "Gula pasir")))
    buyer.server.write(stepped(2, "accept", "time"))
    buyer.hear()
    assert heard == ["order", "order"] and bell.is_ringing
    assert notices(hands) == ["Pesanan 2: Diterima"]
    buyer.server.write(stepped(2, "prepare", "shop"))
    buyer.hear()
    assert not bell.is_ringing and notices(hands) == []


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
    assert notices(hands) == ["Pesanan 1: Uang ditarik bank"]
    assert order(hands.counter.db, key).standing.taken_back == 34_000


def test_what_the_story_refuses_neither_rings_nor_answers(
    buyer: Buyer, hands: Hands, heard: list[Sound]
) -> None:
    buyer.order()
    hands.press("Ctrl+O", "F9", "Esc")
    buyer.server.push(own_entries(buyer.counter.db, buyer.device))
    heard.clear()
    bell = hands.window.ordering.bell
    # A complaint before anything was handed over, and money that came by no provider of this order.
    buyer.server.write(stepped(1, "complain", "buyer"))
    buyer.server.write(stepped(1, "settle_payment", "provider", 34_000))
    buyer.hear()
    assert stands(hands) == "accepted"
    assert not heard and not bell.is_ringing and notices(hands) == []
    # Another counter's step that came too late to count has not answered what rings.
    buyer.order(2)
    buyer.server.write(stepped(2, "fulfil", "shop"))
    buyer.hear()
    assert stands(hands, 2) == "placed" and heard == ["order"] and bell.is_ringing
    assert ringing(hands.counter.db, 0) == (order_id(2),)


def test_an_order_that_a_counter_made_up_does_not_ring(
    buyer: Buyer, hands: Hands, heard: list[Sound]
) -> None:
    key = buyer.order()
    hands.press("Ctrl+O", "F9", "Esc")
    heard.clear()
    with hands.counter.transaction() as tx:
        tx.append(placed(1, line(buyer.gula, "Gula pasir", 9_000)))
    hands.counter.heard(frozenset({"order_placed"}))
    assert not heard and order(hands.counter.db, key).standing.total == 34_000


def test_what_a_bank_takes_back_rings_though_the_order_is_over(
    buyer: Buyer, hands: Hands, heard: list[Sound]
) -> None:
    buyer.order(pay_way="gateway")
    told: list[tuple[Actor, StepName]] = [("shop", "accept"), ("provider", "settle_payment")]
    told += [("shop", "make_ready"), ("shop", "hand_over"), ("shop", "fulfil")]
    for who, name in (*told, ("buyer", "complete")):
        buyer.server.write(stepped(1, name, who, 34_000 if who == "provider" else 0))
    buyer.hear()
    assert stands(hands) == "completed" and notices(hands) == []
    hands.press("Ctrl+O", "Esc")
    heard.clear()
    buyer.server.write(stepped(1, "charge_back", "provider"))
    buyer.hear()
    assert heard == ["order"] and hands.window.ordering.bell.is_ringing
    assert notices(hands) == ["Pesanan 1: Uang ditarik bank"]
    hands.press("Ctrl+O")
    assert "Barang sudah diserahkan, tetapi uangnya ditarik" in hands.words
    # It does not stand in the way for ever.
    later, db = buyer.order(2), hands.counter.db
    assert [one.number for one in orders(db)] == [1, 2]
    with db.transaction():
        month = "UPDATE online_order SET changed_ms=changed_ms+31*86400000 WHERE id=?"
        db.run(month, (later,))
    assert [one.number for one in orders(db)] == [2]


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
