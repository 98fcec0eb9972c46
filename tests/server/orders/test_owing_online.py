"""An order paid through a provider and called off: what is owed back can be given back, once."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest

from server.orders.door import PaidOrders
from server.orders.placing import Placed
from server.orders.stepping import take_steps
from server.payments.accounts import Account, set_account
from server.payments.asking import Ask, ask
from server.payments.connecting import looked_at
from server.payments.looking import look
from server.payments.paying import Paying
from server.payments.provider import Line
from server.payments.refunding import CannotRefund, Wish, refund
from server.payments.rows import Payment, find_payment, keep_payment
from server.sealed import Vault
from server.services import Services
from tests.helpers.near_gateway import NearGateway
from tests.helpers.orders import open_shop, order, stock_up
from tests.helpers.owing import books, check_all, say
from tests.helpers.sandbox import KEY

PRICE = 20_000


class Paid(NamedTuple):
    """An order that was paid online, and then called off by the shop."""

    paying: Paying
    gateway: NearGateway
    placed: Placed
    payment: Payment

    def give(self, amount: int, wish: bytes) -> str:
        """Give back through the provider; how the refund stands then."""
        wanted = Wish(wish, self.payment.id, amount, "habis")
        return refund(self.paying, self.placed.shop_id, wanted).state

    def books(self) -> dict[str, int]:
        """What the order's accounts stand at."""
        return books(self.paying.services, self.placed)

    def check(self) -> None:
        """Everything agrees."""
        check_all(self.paying.services, self.placed.shop_id)


@pytest.fixture
def paid(services: Services) -> Paid:
    services = replace(services, vault=Vault([bytes(32)]))
    gateway = NearGateway(services.now_ms)
    paying = Paying(services, PaidOrders(), gateway.connect)
    shop_id = open_shop(services)
    set_account(services, shop_id, Account("sandbox", KEY, base="https://sandbox.invalid"))
    goods = stock_up(services, shop_id, "Gula", 5)
    placed = order(services, shop_id, [(goods, 2)], pay_way="gateway")
    take_steps(services, shop_id, placed.order_id, "shop", ["accept"])
    lines = (Line("Gula", PRICE),)
    made = ask(paying, shop_id, Ask(services.new_id(), placed.order_id, "qris", lines, 900))
    gateway.book.pay(gateway.book.all()[0].id)
    payment = look(paying, shop_id, made.id)
    assert books(services, placed) == {"order_unearned": PRICE}
    take_steps(services, shop_id, placed.order_id, "shop", ["call_off"])
    return Paid(paying, gateway, placed, payment)


def test_what_was_paid_for_an_order_that_is_called_off_goes_back(paid: Paid) -> None:
    assert paid.books() == {"refund_payable": PRICE}
    wish = bytes(16)
    assert paid.give(5_000, wish) == "done"
    assert paid.give(5_000, wish) == "done"
    assert paid.books() == {"refund_payable": 15_000}
    with pytest.raises(CannotRefund):
        paid.give(15_001, bytes(15) + b"1")
    assert paid.give(15_000, bytes(15) + b"2") == "done"
    assert paid.books() == {}
    paid.check()


def test_a_refund_at_the_counter_while_one_is_on_its_way_is_not_lost(paid: Paid) -> None:
    paid.gateway.lost = "before"
    assert paid.give(PRICE, bytes(16)) == "asking"
    # A counter without a network gave the money back by hand: that is never refused.
    say(paid.paying.services, paid.placed, ("refund", PRICE))
    assert paid.books() == {"order_receivable": PRICE, "refund_payable": PRICE, "bank": -PRICE}
    paid.check()


def test_a_refund_that_comes_through_after_the_counter_gave_back_is_booked_and_told(
    paid: Paid,
) -> None:
    """The shop gave back twice: nobody can refuse that, and somebody is told."""
    paid.gateway.lost = "after"
    assert paid.give(PRICE, bytes(16)) == "asking"
    say(paid.paying.services, paid.placed, ("refund", PRICE))
    paid.gateway.lost = ""
    after = look(paid.paying, paid.placed.shop_id, paid.payment.id)
    assert (after.refunded, after.trouble) == (PRICE, "refunded_beyond")
    assert paid.books() == {"order_receivable": PRICE, "bank": -PRICE}
    paid.check()
    looked_at(paid.paying.services, paid.placed.shop_id, paid.payment.id)
    assert look(paid.paying, paid.placed.shop_id, paid.payment.id).trouble == ""


def test_what_is_given_back_on_the_providers_own_pages_beyond_what_is_owed_is_booked(
    paid: Paid,
) -> None:
    assert paid.give(PRICE - 4_000, bytes(16)) == "done"
    say(paid.paying.services, paid.placed, ("refund", 4_000))
    one = paid.gateway.book.all()[0]
    paid.gateway.book.refund(KEY, one.id, {"refund_key": "sendiri", "amount": 4_000})
    after = look(paid.paying, paid.placed.shop_id, paid.payment.id)
    assert (after.refunded, after.trouble) == (PRICE, "refunded_beyond")
    assert paid.books() == {"order_receivable": 4_000, "bank": -4_000}
    paid.check()


def test_what_was_seen_to_goes_on_being_asked_about_while_money_is_on_its_way(paid: Paid) -> None:
    paid.gateway.lost = "before"
    assert paid.give(5_000, bytes(16)) == "asking"
    services, shop_id = paid.paying.services, paid.placed.shop_id
    with services.store.shop(shop_id) as tx:
        at = find_payment(tx, paid.payment.id, lock=True)
        assert at is not None and at.next_poll_ms is not None
        keep_payment(tx, at._replace(trouble="unknown_refund"))
    looked_at(services, shop_id, paid.payment.id)
    with services.store.reading_shop(shop_id) as tx:
        after = find_payment(tx, paid.payment.id)
    assert after is not None and (after.trouble, after.next_poll_ms) == ("", at.next_poll_ms)
