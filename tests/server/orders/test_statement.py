"""The statement of orders: what the books say, on the page, in the table and at a counter alike."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.orders.statement import (
    ByWay,
    OfOrder,
    Open,
    OrderStatement,
    StatementAnswer,
    StatementWanted,
)
from server.accounts.people import add_user
from server.orders.door import PaidOrders
from server.orders.placing import Placed
from server.orders.statement import order_statement
from server.orders.stepping import take_steps
from server.orders.stray import note_money, tie_money
from server.payments import books as payment_books
from server.payments.accounts import Account, set_account
from server.payments.asking import Ask, ask
from server.payments.looking import look
from server.payments.paying import Paying
from server.payments.provider import Line
from server.sealed import Vault
from server.services import Services
from server.web.order_report import _COLUMNS
from tests.helpers.near_gateway import NearGateway
from tests.helpers.orders import BUYER, LIMBOTO, open_shop, order, set_plain, stock_up
from tests.helpers.owing import check_all, check_statement, say
from tests.helpers.sandbox import KEY
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import OWNER, PASSWORD, Clock
from tests.server.orders.test_counters import an_order
from tests.server.orders.test_owing_offline import handed_over
from tests.server.sync.conftest import Shop
from tests.server.sync.over_http import Http, message, run

DAY_MS = 24 * 3_600_000


def placed(services: Services, shop_id: bytes, qty: int, **changes: object) -> Placed:
    """An order that was accepted."""
    goods = stock_up(services, shop_id, f"Gula {qty}", 9)
    made = order(services, shop_id, [(goods, qty)], buyer=BUYER._replace(origin=""), **changes)
    take_steps(services, shop_id, made.order_id, "shop", ["accept"])
    return made


@pytest.fixture
def traded(services: Services, clock: Clock) -> bytes:
    """A shop with a day of orders of every way, and another order on the next day."""
    services = replace(services, vault=Vault([bytes(32)]))
    shop_id = open_shop(services)
    set_plain(services, shop_id, transfer_accounts=["BRI 1"])
    gateway = NearGateway(services.now_ms)
    paying = Paying(services, PaidOrders(), gateway.connect)
    set_account(services, shop_id, Account("sandbox", KEY, base="https://sandbox.invalid"))
    out = (("hand_over", 0), ("fulfil", 0))
    brought = placed(services, shop_id, 1, way="delivery", area=LIMBOTO, fee=5_000,
                     address="Jl. Kelapa 1")  # fmt: skip
    say(services, brought, ("pay_at_handover", 15_000), *out)
    before = placed(services, shop_id, 2, pay_way="to_shop")
    note_money(services, shop_id, bytes(16), 26_000, "2026-11-20", "", bytes(16))
    tie_money(services, shop_id, bytes(16), before.number, bytes(16))
    say(services, before, *out)
    online = placed(services, shop_id, 3, pay_way="gateway")
    wanted = Ask(services.new_id(), online.order_id, "qris", (Line("Gula", 30_000),), 900)
    made = ask(paying, shop_id, wanted)
    gateway.book.pay(gateway.book.all()[0].id)
    at, now_ms = look(paying, shop_id, made.id), services.now_ms()
    services.store.in_shop(
        shop_id,
        lambda tx: payment_books.post_fees(tx, [payment_books.Fee(at, 210, now_ms)], now_ms),
    )
    say(services, online, *out)
    take_steps(services, shop_id, online.order_id, "buyer", ["complain"])
    take_steps(services, shop_id, online.order_id, "shop", ["answer"], amount=26_000)
    take_steps(services, shop_id, online.order_id, "buyer", ["settle"])
    placed(services, shop_id, 4)
    clock.now_ms += DAY_MS
    late = placed(services, shop_id, 5)
    say(services, late, ("pay_at_handover", 50_000), *out)
    return shop_id


def first_day(services: Services, shop_id: bytes, clock: Clock) -> OrderStatement:
    """The statement of the day before today."""
    from server.shops.reading import shop_here

    with services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
        assert here is not None
        day = here.today(clock.now_ms - DAY_MS)
        return order_statement(tx, day, day)


def test_a_day_of_orders(services: Services, traded: bytes, clock: Clock) -> None:
    found = first_day(services, traded, clock)
    day, provider = found.first, "midtrans-sandbox"
    assert (found.handed_over, found.goods, found.delivery, found.returns) == (
        3, 60_000, 5_000, 4_000,
    )  # fmt: skip
    assert found.ways == (
        ByWay("counter", 15_000, 0, 0, 0),
        ByWay("bank", 20_000, 0, 0, 0),
        ByWay(provider, 30_000, 0, 0, 210),
    )
    assert found.open == Open(40_000, 0, 4_000, 40_000, 6_000, 29_790)
    assert set(found.orders) == {
        OfOrder(1, day, 10_000, 5_000, 0, 15_000, 0, 0, 0, 0),
        OfOrder(2, day, 20_000, 0, 0, 0, 20_000, 0, 0, 0),
        OfOrder(3, day, 30_000, 0, 4_000, 0, 0, 30_000, 210, -4_000),
    }
    check_statement(services, traded)
    check_all(services, traded)


def test_the_page_and_the_table_say_the_same(
    services: Services, traded: bytes, clock: Clock, signed_in: Callable[..., Browser]
) -> None:
    add_user(services, OWNER, PASSWORD, traded, "owner")
    found, owner = first_day(services, traded, clock), signed_in()
    assert tuple(_COLUMNS) == OfOrder.__struct_fields__
    place = f"/kelola/{traded.hex()}/laporan-pesanan"
    days = f"dari={found.first}&sampai={found.last}"
    text = owner.get(f"{place}?{days}").text
    for amount in ("Rp\xa061.000", "Rp\xa029.790", "Rp\xa06.000", "Midtrans (sandbox)"):
        assert amount in text
    sent = owner.get(f"{place}.csv?{days}")
    assert sent.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(sent.content.decode("utf-8-sig").splitlines()))
    assert rows[0][0] == "Pesanan"
    assert {tuple(row) for row in rows[1:]} == {
        tuple(str(getattr(one, name)) for name in _COLUMNS) for one in found.orders
    }
    assert owner.get(f"{place}?dari=kemarin&sampai=2026-13-01").status_code == 200


def test_a_counter_is_told_the_same(services: Services) -> None:
    shop = Shop(services, [services.now_ms()])
    counter = shop.joined()
    _, placed = an_order(shop)
    counter.write(handed_over(placed))
    shop.send(counter)
    with shop.services.store.reading_shop(shop.id) as tx:
        expected = order_statement(tx, "2026-01-01", "2099-12-31")
    assert expected.handed_over == 1

    async def story() -> None:
        http, place = Http(shop), "/orders/statement"
        wanted = StatementWanted("2026-01-01", "2099-12-31")
        told = message(StatementAnswer, await http.post(counter, place, wanted))
        assert told.statement == expected
        for bad in (StatementWanted("2026-02-30", "2026-03-01"), StatementWanted("2026-03-01", "")):
            assert (await http.post(counter, place, bad)).status_code == 400
        assert (await http.ask("POST", place)).status_code == 401

    run(story())
