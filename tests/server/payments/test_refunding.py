"""Money that goes back, on each engine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import Refused
from core.ledger import BelowFloor
from server.payments.looking import look
from server.payments.refunding import CannotRefund
from server.payments.rows import Payment
from tests.helpers.paid_orders import PaidShop

DAY_MS = 86_400_000


@pytest.fixture
def called_off(paid: PaidShop) -> Payment:
    """A payment of Rp 28.000 for an order that was called off: all of it is owed back."""
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    paid.door.standings[order] = paid.door.standings[order]._replace(order="cancelled")
    paid.sandbox.act(made.provider_key, "pay")
    paid.poll()
    return paid.payment(made.id)


def test_the_same_refund_is_given_once_however_often_it_is_asked(
    paid: PaidShop, called_off: Payment
) -> None:
    one = paid.services.new_id()
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: paid.refund(called_off, 8_000, one), range(4)))
    assert {refund.id for refund in done} == {one}
    assert paid.refund(called_off, 8_000, one).state == "done"
    assert paid.payment(called_off.id).refunded == 8_000
    assert paid.payment(called_off.id).state == "part_refunded"
    with pytest.raises(CannotRefund) as refused:
        paid.refund(called_off, 7_000, one)
    assert refused.value.details["why"] == "other"
    assert paid.refund(called_off, 20_000).state == "done"
    assert paid.payment(called_off.id).state == "refunded"
    assert paid.door.names(called_off.order_id) == ["asked", "settled", "refunded", "refunded"]
    assert set(paid.balances(called_off.order_id).values()) == {0}
    paid.check_books()


def test_several_at_once_never_give_back_more_than_is_owed(
    paid: PaidShop, called_off: Payment
) -> None:
    def one(_number: int) -> str:
        try:
            return paid.refund(called_off, 10_000).state
        except (CannotRefund, BelowFloor) as refusal:
            return refusal.code

    with ThreadPoolExecutor(5) as pool:
        states = list(pool.map(one, range(5)))
    paid.poll()
    assert sorted(states).count("cannot_refund") + states.count("below_floor") == 3
    assert paid.payment(called_off.id).refunded == 20_000
    assert paid.balances(called_off.order_id)["payable"] == 8_000
    paid.check_books()


def test_nothing_goes_back_that_the_order_does_not_owe(paid: PaidShop) -> None:
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    with pytest.raises(CannotRefund) as refused:
        paid.refund(made, 1_000)
    assert refused.value.details["why"] == "state"
    paid.sandbox.act(made.provider_key, "pay")
    paid.poll()
    with pytest.raises(BelowFloor):
        paid.refund(made, 1_000)
    assert paid.refunds(made) == []


def test_refused_by_the_provider_it_is_owed_as_before(paid: PaidShop, called_off: Payment) -> None:
    paid.sandbox.wish(refund="refused")
    done = paid.refund(called_off, 28_000)
    assert done.state == "refused" and "issuer" in done.said
    assert paid.refund(called_off, 28_000, done.id).state == "refused"
    paid.sandbox.wish()
    assert paid.refund(called_off, 28_000).state == "done"
    paid.check_books()


@pytest.mark.parametrize("is_made", [True, False])
def test_without_an_answer_the_schedule_finds_out(
    paid: PaidShop, called_off: Payment, is_made: bool
) -> None:
    paid.sandbox.wish(refund="error_after")
    if is_made:
        done = paid.refund(called_off, 28_000)
        paid.sandbox.wish()
    else:
        # Nothing listens there at all, and then again.
        done = _unreached(paid, called_off)
        paid.sandbox.wish()
    assert done.state == "asking"
    assert paid.poll() == 1
    assert [one.state for one in paid.refunds(called_off)] == ["done"]
    assert paid.payment(called_off.id).next_poll_ms is None
    assert paid.door.standings[called_off.order_id].payment == "refunded"
    paid.check_books()


def _unreached(paid: PaidShop, at: Payment) -> object:
    from dataclasses import replace

    from server.payments.midtrans import Midtrans
    from server.payments.refunding import Wish, refund

    nowhere = replace(
        paid.paying, connect=lambda access: Midtrans(access._replace(base="http://127.0.0.1:9"))
    )
    return refund(nowhere, paid.shop, Wish(paid.services.new_id(), at.id, 28_000, ""))


def test_given_back_on_the_providers_own_pages(paid: PaidShop, called_off: Payment) -> None:
    paid.sandbox.act(called_off.provider_key, "refund", amount=5_000)
    look(paid.paying, paid.shop, called_off.id)
    assert paid.payment(called_off.id).refunded == 5_000
    assert paid.balances(called_off.order_id)["payable"] == 23_000
    # More than is owed: a buyer who has the goods owes it again.
    order = paid.order()
    made = paid.ask(paid.wanted(order))
    paid.sandbox.act(made.provider_key, "pay")
    paid.sandbox.act(made.provider_key, "refund", amount=3_000)
    look(paid.paying, paid.shop, made.id)
    assert paid.balances(order)["receivable"] == -25_000
    paid.check_books()


def test_too_late_or_by_a_way_that_knows_no_way_back(paid: PaidShop, called_off: Payment) -> None:
    paid.services.now_ms.pass_ms(46 * DAY_MS)  # type: ignore[attr-defined]
    _refused(paid, called_off, "window")
    order = paid.order()
    made = paid.ask(paid.wanted(order, method="bank_transfer", bank="bri"))
    assert made.shown.account and made.shown.bank == "bri"
    paid.sandbox.act(made.provider_key, "settle")
    look(paid.paying, paid.shop, made.id)
    _refused(paid, made, "channel")


def _refused(paid: PaidShop, at: Payment, why: str) -> None:
    with pytest.raises(Refused) as refused:
        paid.refund(at, 1_000)
    assert refused.value.details["why"] == why
