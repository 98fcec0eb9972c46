"""The shop's steps at the counter: answered, prepared, seen to be paid, offered less."""

from __future__ import annotations

import pytest

from core.orders.rules import NotPossible, NotYours, WrongAmount
from core.orders.steps import StepName
from pos.orders.reading import UnknownOrder, order, order_numbered, orders, to_answer
from pos.orders.stepping import (
    Change,
    EmptyProposal,
    OrderReasonNeeded,
    propose,
    see,
    step,
)
from tests.helpers.counter import cart_of, sell
from tests.helpers.till_orders import line, order_id, place, placed, stepped
from tests.unit.orders.conftest import Stall


def came(stall: Stall, number: int = 1, **more: object) -> bytes:
    found = place(stall.world.server, placed(number, line(stall.sugar), **more))
    stall.world.settle()
    return found


def test_an_order_is_answered_and_prepared(stall: Stall) -> None:
    key = came(stall)
    assert to_answer(stall.counter.db) == 1
    assert order_numbered(stall.counter.db, 1).id == key
    names: tuple[StepName, ...] = ("accept", "prepare", "make_ready", "miss", "try_again")
    for name in names:
        step(stall.counter, key, name)
    view = order(stall.counter.db, key)
    assert (view.standing.order, view.standing.handover) == ("ready", "waiting")
    assert view.collect_by_ms == stall.counter.clock.now_ms() + 48 * 3_600_000
    assert to_answer(stall.counter.db) == 0
    stall.agree()
    assert order(stall.other.db, key).standing.order == "ready"


def test_what_is_not_possible_writes_nothing(stall: Stall) -> None:
    key = came(stall)
    before = stall.counter.db.scalar("SELECT count(*) FROM journal")
    with pytest.raises(NotPossible):
        step(stall.counter, key, "make_ready")
    with pytest.raises(NotYours):
        step(stall.counter, key, "cancel")
    with pytest.raises(OrderReasonNeeded):
        step(stall.counter, key, "decline", reason="  ")
    with pytest.raises(UnknownOrder):
        step(stall.counter, b"x" * 16, "accept")
    with pytest.raises(UnknownOrder):
        order_numbered(stall.counter.db, 77)
    assert stall.counter.db.scalar("SELECT count(*) FROM journal") == before


def test_declined_with_a_reason_leaves_the_list(stall: Stall) -> None:
    key = came(stall)
    assert step(stall.counter, key, "decline", reason="Tutup").reason == "Tutup"
    assert orders(stall.counter.db) == []
    assert [one.id for one in orders(stall.counter.db, "all")] == [key]


def test_less_or_other_goods_are_offered_at_their_prices(stall: Stall) -> None:
    key = came(stall)
    with pytest.raises(EmptyProposal):
        propose(stall.counter, key, [Change(1, 0)])
    with pytest.raises(EmptyProposal):
        propose(stall.counter, key, [])
    less = propose(stall.counter, key, [Change(1, 1_500)])
    assert [(one.qty, one.net) for one in less.offered] == [(1_500, 25_500)]
    assert less.standing.order == "proposed"
    stall.world.settle()
    stall.world.server.write(stepped(1, "agree", amount=25_500))
    stall.agree()
    agreed = order(stall.counter.db, key)
    assert (agreed.standing.total, agreed.offered) == (25_500, ())
    other = propose(stall.counter, key, [Change(1, 2_000, stall.rice)])
    assert [(one.name, one.net) for one in other.offered] == [("Beras", 26_000)]
    stall.agree()


def test_more_than_was_paid_cannot_be_offered(stall: Stall) -> None:
    key = came(stall, pay_way="to_shop")
    step(stall.counter, key, "accept")
    see(stall.counter, key)
    with pytest.raises(WrongAmount):
        propose(stall.counter, key, [Change(1, 9_000)])


def test_money_at_the_shops_own_account_is_seen_or_not(stall: Stall) -> None:
    key = came(stall, pay_way="to_shop")
    step(stall.counter, key, "accept")
    stall.world.settle()
    stall.world.server.write(stepped(1, "claim"))
    stall.world.settle()
    assert step(stall.counter, key, "not_seen").standing.payment == "due"
    view = see(stall.counter, key)
    assert (view.standing.payment, view.standing.paid) == ("paid", 34_000)
    stall.agree()


def test_what_was_sold_at_the_counter_meanwhile_is_missing_at_once(stall: Stall) -> None:
    came(stall, 1)
    key = came(stall, 2)
    assert all(not one.short for one in orders(stall.counter.db))
    sell(stall.counter, cart_of(stall.counter, (stall.sugar, 7_000)))
    short = {one.id: one.short for one in orders(stall.counter.db)}
    assert short[order_id(1)] == ()
    assert [(one.name, one.missing, one.unit) for one in short[key]] == [("Gula", 1_000, "kg")]
    assert orders(stall.counter.db)[0].id == key
    propose(stall.counter, key, [Change(1, 1_000)])
    stall.world.settle()
    stall.world.server.write(stepped(2, "agree", amount=17_000))
    stall.agree()
    assert all(not one.short for one in orders(stall.counter.db))
