"""The whole way: a buyer in Chromium, two shops with a real counter each, the gateway, the server.

Everybody is a process of their own. One order is paid through the sandbox gateway, whose
notification comes once, never, twice, in the wrong order or late; the other at the counter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests.helpers.market_walk import Buyer, Market, command, running_market
from tests.web.conftest import DESK, PHONE
from tests.web.test_buying import check_fits

_POLLED_MS = 60_000
"""A notification that is lost is made up for by asking, first 20 s after the payment began."""


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    with running_market(tmp_path_factory.mktemp("market")) as made:
        yield made


def _size(size: tuple[int, int]) -> dict[str, int]:
    return {"width": size[0], "height": size[1]}


def _fits_a_phone(page: Page) -> None:
    if page.viewport_size == _size(PHONE):
        check_fits(page)


WALKS = [
    (PHONE, True, "once"),
    (DESK, False, "lost"),
    (PHONE, False, "doubled"),
    (DESK, True, "reordered"),
    (PHONE, True, "delayed"),
]


@pytest.mark.minutes
@pytest.mark.parametrize(
    ("size", "script", "notified"), WALKS, ids=[f"{one[0][0]}-{one[2]}" for one in WALKS]
)
def test_from_the_search_to_both_hand_overs(
    market: Market, chromium: Chromium, size: tuple[int, int], script: bool, notified: str
) -> None:
    market.gateway.wish(notify=notified)
    context = chromium.new_context(
        viewport=_size(size),
        locale="id-ID",
        java_script_enabled=script,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    buyer = Buyer(page, market.url, script=script)
    for shop in (market.kopi, market.kain):
        buyer.put_into_basket(shop.goods)
    paid_online, paid_there = buyer.order(market, _fits_a_phone)
    numbers = buyer.number(paid_online), buyer.number(paid_there)

    market.kopi.take(numbers[0])
    market.kain.take(numbers[1])
    buyer.pay(paid_online)
    paid = r"dibayar Rp\s25\.000"
    buyer.sees(paid_online, re.compile(paid), _POLLED_MS)

    for shop, number in zip((market.kopi, market.kain), numbers, strict=True):
        shop.sync()
        shop.do("order", "ready", number)
        shop.sync()
    digits = buyer.digits(paid_online), buyer.digits(paid_there)
    market.kopi.do("order", "hand-over", numbers[0], "--code", digits[0], "--no-print")
    cash = f"cash:{market.kain.price}"
    market.kain.do(
        "order", "hand-over", numbers[1], "--code", digits[1], "--pay", cash, "--no-print"
    )
    for shop, order in ((market.kopi, paid_online), (market.kain, paid_there)):
        shop.sync()
        buyer.sees(order, "Sudah diserahkan")
        buyer.review(order, f"{shop.goods}: baik, {notified}")
        shop.sync()
        shop.do("verify")
    buyer.sees(buyer.gerai(market.kopi), f"baik, {notified}")
    context.close()


def test_the_books_and_tables_of_the_server_are_true(market: Market) -> None:
    command(market.address, "verify")
