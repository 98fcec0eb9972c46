"""What a bank took back, and what may still come for an order that was called off: the buyer, the
shop and the books are told the same truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import pytest

from core.orders.rules import possible
from server.accounts.people import add_user
from server.orders.door import PaidOrders
from server.orders.placing import Placed
from server.orders.statement import order_statement
from server.orders.stepping import take_steps
from server.payments.accounts import Account, set_account
from server.payments.asking import Ask, ask
from server.payments.looking import look
from server.payments.paying import Paying
from server.payments.polling import poll_due
from server.payments.provider import Line
from server.payments.rows import Payment
from server.sealed import Vault
from server.services import Services
from server.storefront.settings import CourierWay
from tests.helpers.near_gateway import NearGateway
from tests.helpers.orders import BUYER, open_shop, order, read, stock_up
from tests.helpers.owing import check_all, check_statement, say
from tests.helpers.sandbox import KEY
from tests.helpers.web_browser import Browser
from tests.helpers.web_gerai import set_gerai
from tests.helpers.web_shop import OWNER, PASSWORD, Clock

SignIn = Callable[..., Browser]
PRICE = 25_000
OUT = (("hand_over", 0), ("fulfil", 0))


class Asked(NamedTuple):
    """An order by courier whose buyer is on the provider's page."""

    services: Services
    gateway: NearGateway
    paying: Paying
    placed: Placed
    made: Payment

    @property
    def key(self) -> str:
        """The provider's transaction."""
        return self.gateway.book.all()[0].id

    def look(self) -> None:
        """Ask the provider."""
        look(self.paying, self.placed.shop_id, self.made.id)

    def buyers_page(self) -> str:
        """What the buyer reads."""
        return Browser(self.services).get(f"/pesanan/{self.placed.key.hex()}").text

    def check(self) -> None:
        """Feed, books, payments, orders and the statement say the same."""
        check_all(self.services, self.placed.shop_id)
        check_statement(self.services, self.placed.shop_id)


@pytest.fixture
def asked(services: Services) -> Asked:
    services = replace(services, vault=Vault([bytes(32)]))
    shop_id = open_shop(services)
    gateway = NearGateway(services.now_ms)
    paying = Paying(services, PaidOrders(), gateway.connect)
    set_account(services, shop_id, Account("sandbox", KEY, base="https://sandbox.invalid"))
    set_gerai(services, shop_id, gerai_courier=CourierWay("JNE", 5_000))
    goods = stock_up(services, shop_id, "Beras", 9)
    placed = order(
        services, shop_id, [(goods, 2)], buyer=BUYER._replace(origin=""), way="courier",
        pay_way="gateway", fee=5_000, address="Jalan Danau 1, Marisa",
    )  # fmt: skip
    take_steps(services, shop_id, placed.order_id, "shop", ["accept"])
    wanted = Ask(services.new_id(), placed.order_id, "qris", (Line("Beras", PRICE),), 900)
    made = ask(paying, shop_id, wanted)
    return Asked(services, gateway, paying, placed, made)


def test_what_was_handed_over_and_charged_back_is_told_as_it_is(
    asked: Asked, clock: Clock, signed_in: SignIn
) -> None:
    asked.gateway.book.pay(asked.key)
    asked.look()
    say(asked.services, asked.placed, *OUT)
    asked.gateway.book.charge_back(asked.key)
    asked.look()
    assert read(asked.services, asked.placed).story.standing.taken_back == PRICE
    with asked.services.store.reading_shop(asked.placed.shop_id) as tx:
        (one,) = order_statement(tx, "2000-01-01", "2100-01-01").orders
    assert (one.open, one.taken, one.taken_open, one.unpaid) == (PRICE, PRICE, PRICE, 0)
    buyers = asked.buyers_page()
    assert "Bank menarik kembali Rp\xa025.000 yang sudah dibayar, padahal" in buyers
    assert "ditarik kembali bank Rp\xa025.000" in buyers
    assert "sepakati cara membayarnya dengan toko" in buyers and "/bayar" not in buyers
    add_user(asked.services, OWNER, PASSWORD, asked.placed.shop_id, "owner")
    owner, shop = signed_in(), asked.placed.shop_id.hex()
    report = owner.get(f"/kelola/{shop}/laporan-pesanan").text
    assert "ditarik kembali bank Rp\xa025.000" in report and "belum dibayar Rp" not in report
    page = owner.get(f"/kelola/{shop}/pesanan/{asked.placed.order_id.hex()}").text
    assert "Barang sudah diserahkan, tetapi Rp\xa025.000 ditarik kembali" in page
    # The buyer complains, and brings the goods back while the complaint is open.
    say(asked.services, asked.placed, ("complain", 0), who="buyer")
    say(asked.services, asked.placed, ("take_back", 0))
    assert read(asked.services, asked.placed).story.standing.handover == "taken_back"
    page = owner.get(f"/kelola/{shop}/pesanan/{asked.placed.order_id.hex()}").text
    assert "Jangan serahkan" not in page and "Barang sudah diserahkan" not in page
    buyers = asked.buyers_page()
    assert "Bank sudah menarik kembali" in buyers and "belum dapat diserahkan" not in buyers
    assert "padahal" not in buyers
    asked.check()


def test_what_was_charged_back_before_the_goods_went_is_not_to_be_handed_over(
    asked: Asked, signed_in: SignIn
) -> None:
    asked.gateway.book.pay(asked.key)
    asked.look()
    asked.gateway.book.charge_back(asked.key)
    asked.look()
    buyers = asked.buyers_page()
    assert "barangnya belum dapat diserahkan" in buyers and "sedang mengurus" not in buyers
    # No step pays it once more: the page says what the buyer does instead, and offers no more.
    at = read(asked.services, asked.placed).story.standing
    ways = {one.name for who in ("buyer", "shop", "provider") for one in possible(at, who)}
    assert ways.isdisjoint({"ask_payment", "claim", "see", "settle_payment", "pay_at_handover"})
    assert "tidak dapat dibayar lagi, juga tidak di kasir" in buyers
    assert "minta toko membatalkan pesanan ini" in buyers
    assert "/bayar" not in buyers and "/lagi" not in buyers
    add_user(asked.services, OWNER, PASSWORD, asked.placed.shop_id, "owner")
    owner = signed_in()
    place = f"/kelola/{asked.placed.shop_id.hex()}/pesanan/{asked.placed.order_id.hex()}"
    assert "Jangan serahkan barangnya" in owner.get(place).text
    assert "Berangkat mengantar" not in owner.get(place).text
    take_steps(asked.services, asked.placed.shop_id, asked.placed.order_id, "shop",
               ["call_off"], reason="uangnya ditarik bank")  # fmt: skip
    assert 'class="state accepted odd"' in buyers and "odd" not in asked.buyers_page()
    assert "Bank sudah menarik kembali" in asked.buyers_page()
    assert "/lagi" in asked.buyers_page(), "the same goods can be ordered and paid anew"
    assert "Jangan serahkan" not in owner.get(place).text
    asked.check()


def test_an_order_that_is_called_off_is_not_to_be_paid_on_a_page_left_open(
    asked: Asked, clock: Clock
) -> None:
    take_steps(asked.services, asked.placed.shop_id, asked.placed.order_id, "shop",
               ["call_off"], reason="habis")  # fmt: skip
    said = asked.buyers_page()
    assert "Jangan membayar lagi di halaman penyedia pembayaran" in said
    clock.now_ms += 25_000
    poll_due(asked.paying)
    assert asked.gateway.book.find(asked.key).status == "cancel", "nobody can pay there any more"
    at = read(asked.services, asked.placed).story.standing
    assert (at.order, at.payment) == ("cancelled", "due")
    assert "Jangan membayar lagi" not in asked.buyers_page()
    asked.gateway.book.settle(asked.key)  # it was on its way
    asked.look()
    at = read(asked.services, asked.placed).story.standing
    assert (at.order, at.payment, at.to_give_back) == ("cancelled", "refund_due", PRICE)
    said = asked.buyers_page()
    assert "Toko harus mengembalikan Rp\xa025.000 kepada Anda." in said and "/bayar" not in said
    asked.check()


def test_of_two_payments_one_is_taken_back_and_the_order_stays_paid(
    asked: Asked, signed_in: SignIn
) -> None:
    first, again = paid_twice(asked)
    asked.gateway.book.charge_back(first)
    asked.look()
    at = read(asked.services, asked.placed).story.standing
    assert (at.payment, at.refunded, at.taken_back, at.to_give_back) == ("paid", PRICE, 0, 0)
    buyers = asked.buyers_page()
    assert "sedang mengurus pesanan" in buyers and "Bank menarik" not in buyers
    assert "Uang ditarik kembali oleh bank" in buyers
    asked.check()
    # The other one, too.
    asked.gateway.book.charge_back(again.transaction_id)
    look(asked.paying, asked.placed.shop_id, again.id)
    at = read(asked.services, asked.placed).story.standing
    assert (at.payment, at.taken_back) == ("charged_back", PRICE)
    assert "barangnya belum dapat diserahkan" in asked.buyers_page()
    asked.check()


def paid_twice(asked: Asked) -> tuple[str, Payment]:
    """By the page of an attempt that was called off, and by the one begun after it: the provider's
    transaction of the first, and the second."""
    asked.gateway.book.cancel(KEY, asked.key)
    asked.look()
    first = asked.key
    lines = (Line("Beras", PRICE),)
    wanted = Ask(asked.services.new_id(), asked.placed.order_id, "qris", lines, 900)
    again = ask(asked.paying, asked.placed.shop_id, wanted)
    asked.gateway.book.pay(asked.key)
    again = look(asked.paying, asked.placed.shop_id, again.id)
    asked.gateway.book.settle(first)
    asked.look()
    return first, again


def test_who_paid_twice_reads_that_the_shop_owes_it_back_while_the_order_goes_on(
    asked: Asked,
) -> None:
    paid_twice(asked)
    at = read(asked.services, asked.placed).story.standing
    assert (at.order, at.payment, at.to_give_back) == ("accepted", "refund_due", PRICE)
    said = asked.buyers_page()
    assert "Toko harus mengembalikan Rp\xa025.000 kepada Anda." in said
    assert "sedang mengurus pesanan" in said
    asked.check()
