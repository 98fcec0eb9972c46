"""A server that went back to an older database has forgotten attempts to pay: they are found."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest
from sqlalchemy import delete, select

from server.db.schema import SHOP
from server.db.schema.journal import feed_epoch
from server.db.schema.orders import shop_order
from server.orders.door import PaidOrders
from server.orders.placing import Placed
from server.orders.stepping import take_steps
from server.orders.sweeping import sweep_orders, watch_all
from server.payments import rows
from server.payments.accounts import Account, set_account
from server.payments.asking import Ask, PaidAlready, ask, order_key
from server.payments.finding import LOOKED_FOR_MS, look_for_lost
from server.payments.midtrans import Access
from server.payments.paying import Paying
from server.payments.polling import poll_due
from server.payments.provider import Charge, Line
from server.payments.rows import Payment
from server.sealed import Vault
from server.services import Services
from server.sync.restoring import begin_epochs
from server.sync.standing import head_of
from server.web import order_pay
from server.web.order_pay import Waits, waits_of
from tests.helpers.near_gateway import NearGateway
from tests.helpers.orders import open_shop, order, read, stock_up
from tests.helpers.owing import books, check_all
from tests.helpers.sandbox import KEY
from tests.helpers.statements import statements

PRICE = 20_000


class Fallen(NamedTuple):
    """A shop with an order that is to be paid, and attempts to pay it that are forgotten here."""

    paying: Paying
    gateway: NearGateway
    placed: Placed

    def asked_there(self, attempt: int = 1) -> str:
        """The provider has this attempt; its id there."""
        key = order_key(self.placed.order_id, attempt)
        now_ms = self.paying.services.now_ms()
        lines = (Line("Gula", PRICE),)
        charge = Charge(key, key[-20:], "qris", PRICE, lines, now_ms, 900)
        return (
            self.gateway.connect(Access("sandbox", KEY, "https://sandbox.invalid"))
            .charge(charge)
            .said.transaction_id
        )

    def look(self, after_ms: int = 6 * 60_000) -> int:
        """The sweeper comes, and the schedule; returns how much was asked."""
        sweep_orders(self.paying.services)
        self.paying.services.now_ms.pass_ms(after_ms)  # type: ignore[attr-defined]
        return poll_due(self.paying)

    def told(self, name: str) -> None:
        """A counter brought this step of the order back."""
        services, order_id = self.paying.services, self.placed.order_id
        step = getattr(PaidOrders(), name)
        now_ms = services.now_ms()
        services.store.in_shop(self.placed.shop_id, lambda tx: step(tx, order_id, PRICE, now_ms))

    def waits(self) -> Waits:
        """What the order's page says of an attempt that waits."""
        with self.paying.services.store.reading_shop(self.placed.shop_id) as tx:
            return waits_of(tx, self.placed.order_id)

    def begin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The buyer presses the button on the order's page."""
        monkeypatch.setattr(order_pay, "Paying", lambda *given: self.paying)
        services = self.paying.services
        order_pay.begin(services, self.placed.shop_id, self.placed.order_id,
                        read(services, self.placed), "", "")  # fmt: skip

    def payments(self) -> list[Payment]:
        """The attempts that are known here."""
        with self.paying.services.store.reading_shop(self.placed.shop_id) as tx:
            return rows.payments_of(tx, self.placed.order_id)

    def stands(self) -> tuple[str, int]:
        """How the order's payment stands, and what is paid."""
        at = read(self.paying.services, self.placed).story.standing
        return at.payment, at.paid


@pytest.fixture
def fallen(services: Services) -> Fallen:
    services = replace(services, vault=Vault([bytes(32)]))
    gateway = NearGateway(services.now_ms)
    shop_id = open_shop(services)
    set_account(services, shop_id, Account("sandbox", KEY, base="https://sandbox.invalid"))
    goods = stock_up(services, shop_id, "Gula", 5)
    placed = order(services, shop_id, [(goods, 2)], pay_way="gateway")
    take_steps(services, shop_id, placed.order_id, "shop", ["accept"])
    begin_epochs(services, "restored")
    watch_all(services)
    return Fallen(Paying(services, PaidOrders(), gateway.connect), gateway, placed)


@pytest.mark.parametrize("brought", [(), ("asked",), ("asked", "settled")])
def test_what_was_paid_is_found_and_counts_once(fallen: Fallen, brought: tuple[str, ...]) -> None:
    fallen.gateway.book.pay(fallen.asked_there())
    for name in brought:
        fallen.told(name)
    assert fallen.look() == 1
    assert [one.state for one in fallen.payments()] == ["paid"]
    assert fallen.stands() == ("paid", PRICE)
    assert books(fallen.paying.services, fallen.placed) == {"order_unearned": PRICE}
    check_all(fallen.paying.services, fallen.placed.shop_id)


def test_what_waits_for_its_buyer_is_followed_until_it_is_paid(fallen: Fallen) -> None:
    there = fallen.asked_there()
    fallen.look()
    assert [one.state for one in fallen.payments()] == ["pending"]
    fallen.gateway.book.pay(there)
    fallen.look()
    assert fallen.stands() == ("paid", PRICE)
    check_all(fallen.paying.services, fallen.placed.shop_id)


def test_an_attempt_after_one_that_came_to_nothing_is_found_too(fallen: Fallen) -> None:
    fallen.gateway.book.deny(fallen.asked_there(1))
    fallen.gateway.book.pay(fallen.asked_there(2))
    fallen.look()
    fallen.look()
    assert [one.state for one in fallen.payments()] == ["failed", "paid"]
    assert fallen.stands() == ("paid", PRICE)


def test_where_nobody_knows_an_attempt_the_order_goes_on(fallen: Fallen) -> None:
    fallen.told("asked")
    assert fallen.look() == 1
    assert (fallen.payments(), fallen.stands()) == ([], ("due", 0))
    assert fallen.look() == 0, "each key is asked about once"


def test_a_provider_that_is_silent_is_asked_again(fallen: Fallen) -> None:
    fallen.gateway.book.pay(fallen.asked_there())
    fallen.gateway.lost = "before"
    fallen.look()
    assert fallen.payments() == []
    fallen.gateway.lost = ""
    fallen.look(61 * 60_000)
    assert [one.state for one in fallen.payments()] == ["paid"]


def test_long_after_the_fall_nobody_is_asked(fallen: Fallen) -> None:
    fallen.paying.services.now_ms.pass_ms(LOOKED_FOR_MS + 1)  # type: ignore[attr-defined]
    assert fallen.look() == 0


def test_what_a_bank_took_back_is_found_though_a_counter_brought_all_of_it_back(
    fallen: Fallen,
) -> None:
    there = fallen.asked_there()
    fallen.gateway.book.pay(there)
    fallen.gateway.book.charge_back(there)
    for name in ("settled", "charged_back"):
        fallen.told(name)
    fallen.look()
    assert [(one.state, one.trouble) for one in fallen.payments()] == [
        ("charged_back", "charged_back")
    ]
    assert fallen.stands() == ("charged_back", PRICE)
    check_all(fallen.paying.services, fallen.placed.shop_id)


@pytest.mark.parametrize("brought", [(), ("settled",)])
def test_two_refunds_that_are_heard_of_at_once_both_count(
    fallen: Fallen, brought: tuple[str, ...]
) -> None:
    there = fallen.asked_there()
    fallen.gateway.book.pay(there)
    for _ in range(2):
        fallen.gateway.book.give_back(there, 5_000)
    take_steps(fallen.paying.services, fallen.placed.shop_id, fallen.placed.order_id, "shop",
               ["call_off"])  # fmt: skip
    for name in brought:
        fallen.told(name)
    fallen.look()
    assert [(one.state, one.refunded) for one in fallen.payments()] == [("part_refunded", 10_000)]
    at = read(fallen.paying.services, fallen.placed).story.standing
    assert (at.refunded, at.to_give_back) == (10_000, PRICE - 10_000)
    check_all(fallen.paying.services, fallen.placed.shop_id)


def test_who_asks_to_pay_while_a_forgotten_attempt_is_looked_for_is_not_left_alone(
    fallen: Fallen,
) -> None:
    services, placed = fallen.paying.services, fallen.placed
    begun: list[Payment] = []

    class Slow:
        """The provider answers once the buyer has begun."""

        def status(self, _key: str, within_s: float = 0) -> None:
            if not begun:
                services.now_ms.pass_ms(50_000)  # type: ignore[attr-defined]
                wanted = Ask(
                    services.new_id(), placed.order_id, "qris", (Line("Gula", PRICE),), 900
                )
                begun.append(ask(fallen.paying, placed.shop_id, wanted))

    sweep_orders(services)
    services.now_ms.pass_ms(6 * 60_000)  # type: ignore[attr-defined]
    assert poll_due(replace(fallen.paying, connect=lambda _: Slow())) == 1  # type: ignore[arg-type]
    fallen.gateway.book.pay(begun[0].transaction_id)
    fallen.look()
    assert fallen.stands() == ("paid", PRICE)


def test_a_found_attempt_that_waits_is_called_off_and_paying_begins_anew(
    fallen: Fallen, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = fallen.asked_there()
    fallen.look()
    assert fallen.waits() == Waits("", is_found=True)
    fallen.begin(monkeypatch)
    assert [one.state for one in fallen.payments()] == ["cancelled", "pending"]
    page = fallen.waits()
    assert page.page and not page.is_found
    fallen.begin(monkeypatch)
    assert len(fallen.payments()) == 2, "asked again it is the same attempt"
    fallen.gateway.book.settle(there)
    fallen.look()
    assert fallen.payments()[0].state == "paid", "money that comes late still counts"
    assert fallen.stands() == ("paid", PRICE)
    check_all(fallen.paying.services, fallen.placed.shop_id)


def test_a_found_attempt_that_was_paid_meanwhile_is_not_paid_again(
    fallen: Fallen, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = fallen.asked_there()
    fallen.look()
    fallen.gateway.book.pay(there)
    with pytest.raises(PaidAlready):
        fallen.begin(monkeypatch)
    assert [one.state for one in fallen.payments()] == ["paid"]
    assert fallen.stands() == ("paid", PRICE)
    check_all(fallen.paying.services, fallen.placed.shop_id)


def _told_in_sql(fallen: Fallen) -> list[str]:
    """What one look for forgotten attempts tells the database."""
    with statements(fallen.paying.services.store.engine) as told:
        look_for_lost(fallen.paying.services, fallen.placed.shop_id)
    return [one for one in told if one.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]


def test_a_look_costs_the_same_however_many_orders_there_are(fallen: Fallen) -> None:
    services, shop_id = fallen.paying.services, fallen.placed.shop_id
    goods = stock_up(services, shop_id, "Kopi", 50)
    more = [order(services, shop_id, [(goods, 1)], pay_way="gateway") for _ in range(4)]
    services.now_ms.pass_ms(60_000)  # type: ignore[attr-defined]
    begin_epochs(services, "restored")
    first = _told_in_sql(fallen)
    assert len(first) <= 7 and sum("provider_order" in one for one in first) == 2
    again = _told_in_sql(fallen)
    assert len(again) <= 4 and not [one for one in again if not one.startswith("SELECT")]
    for one in more[:3]:
        take_steps(services, shop_id, one.order_id, "shop", ["accept"])
    assert len(_told_in_sql(fallen)) <= len(again) + 2


def test_an_order_that_was_over_before_the_fall_is_asked_about_once_something_comes_back(
    fallen: Fallen,
) -> None:
    services, placed = fallen.paying.services, fallen.placed
    take_steps(services, placed.shop_id, placed.order_id, "shop", ["call_off"])
    services.now_ms.pass_ms(60_000)  # type: ignore[attr-defined]
    with services.store.shop(placed.shop_id) as tx:
        tx.run(delete(feed_epoch).where(feed_epoch.c.shop_id == SHOP))
    begin_epochs(services, "restored")
    assert [look_for_lost(services, placed.shop_id) for _ in range(2)] == [0, 0]
    fallen.gateway.book.pay(fallen.asked_there())
    fallen.told("settled")
    assert look_for_lost(services, placed.shop_id) == 1
    fallen.look()
    assert [one.state for one in fallen.payments()] == ["paid"]


def test_what_was_asked_for_after_one_fall_is_found_after_the_next(fallen: Fallen) -> None:
    """Nobody knew the key after the first one; it was used then, and forgotten by the second."""
    services = fallen.paying.services
    assert fallen.look() == 1 and fallen.payments() == []
    fallen.gateway.book.pay(fallen.asked_there())
    services.now_ms.pass_ms(60_000)  # type: ignore[attr-defined]
    begin_epochs(services, "restored")
    watch_all(services)
    fallen.look()
    assert [one.state for one in fallen.payments()] == ["paid"]


def test_an_order_that_comes_back_later_is_asked_about_within_one_look(fallen: Fallen) -> None:
    """Its way of paying is known again only after the orders were looked at."""
    services, placed = fallen.paying.services, fallen.placed
    other = order(services, placed.shop_id, [(stock_up(services, placed.shop_id, "Teh", 5), 1)],
                  pay_way="gateway")  # fmt: skip
    with services.store.shop(placed.shop_id) as tx:
        row = tx.one(select(shop_order).where(
            shop_order.c.shop_id == SHOP, shop_order.c.order_id == other.order_id
        ))  # fmt: skip
        tx.run(delete(shop_order).where(
            shop_order.c.shop_id == SHOP, shop_order.c.order_id == other.order_id
        ))  # fmt: skip
    assert row is not None and look_for_lost(services, placed.shop_id) == 1
    services.now_ms.pass_ms(LOOKED_FOR_MS // 2)  # type: ignore[attr-defined]
    assert look_for_lost(services, placed.shop_id) == 0
    with services.store.shop(placed.shop_id) as tx:
        kept = {name: value for name, value in row._mapping.items() if name != "shop_id"}
        tx.insert(shop_order, **{**kept, "n": head_of(tx).n + 1})
    assert look_for_lost(services, placed.shop_id) == 1
