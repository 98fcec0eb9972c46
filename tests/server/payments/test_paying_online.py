"""A buyer pays on the provider's page, from the checkout to what the shop owes nobody."""

from __future__ import annotations

import re
from typing import Any

import requests

from server.orders.door import PaidOrders
from server.orders.placing import Placed
from server.orders.stepping import take_steps
from server.payments.accounts import Account, set_account
from server.payments.paying import Paying
from server.payments.polling import poll_due
from server.services import Services
from tests.helpers.orders import open_shop, order, read, stock_up
from tests.helpers.sandbox import KEY, Sandbox
from tests.helpers.web_browser import Browser
from tests.server.conftest import Clock
from tests.server.orders.test_pages import form_of, send

PRICE = 10_000


def placed_at(services: Services, sandbox: Sandbox) -> Placed:
    """An order that is to be paid online, accepted."""
    shop_id = open_shop(services)
    set_account(services, shop_id, Account("sandbox", KEY, base=sandbox.url))
    made = order(
        services, shop_id, [(stock_up(services, shop_id, "Gula", 5), 1)], pay_way="gateway"
    )
    take_steps(services, shop_id, made.order_id, "shop", ["accept"])
    return made


def asked(browser: Browser, placed: Placed) -> str:
    """Press the button; the provider's page."""
    path = f"/pesanan/{placed.key.hex()}"
    fields = form_of(browser.get(path).text, f"{path}/bayar")
    assert send(browser, f"{path}/bayar", fields).status_code == 303
    return page_of(browser, placed)


def test_a_buyer_pays_without_a_script(services: Services, sandbox: Sandbox, clock: Clock) -> None:
    placed, browser = placed_at(services, sandbox), Browser(services)
    page = asked(browser, placed)
    assert page_of(browser, placed) == page
    assert read(services, placed).story.standing.payment == "asked"
    said = browser.get(f"/pesanan/{placed.key.hex()}").text
    assert "Selesaikan pembayaran" in said and "memeriksa" not in said
    requests.post(page, data={"what": "qris:"}, timeout=10)
    requests.post(page, data={"what": "pay"}, timeout=10)
    poll_later(services, clock)
    at = read(services, placed).story.standing
    assert (at.payment, at.paid, at.owed) == ("paid", PRICE, 0)
    text = browser.get(f"/pesanan/{placed.key.hex()}").text
    assert "/bayar" not in text


def page_of(browser: Browser, placed: Placed) -> str:
    """Where the order's page leads who pays."""
    text = browser.get(f"/pesanan/{placed.key.hex()}").text
    found: Any = re.search(r'<a class="button main" href="([^"]+)"', text)
    return str(found[1])


def test_late_money_for_an_order_that_is_over_is_owed_back(
    services: Services, sandbox: Sandbox, clock: Clock
) -> None:
    placed, browser = placed_at(services, sandbox), Browser(services)
    page = asked(browser, placed)
    take_steps(services, placed.shop_id, placed.order_id, "shop", ["call_off"])
    requests.post(page, data={"what": "qris:"}, timeout=10)
    requests.post(page, data={"what": "pay"}, timeout=10)
    poll_later(services, clock)
    at = read(services, placed).story.standing
    assert (at.order, at.payment, at.to_give_back) == ("cancelled", "refund_due", PRICE)


def poll_later(services: Services, clock: Clock) -> None:
    """Ask about everything that is due in a while."""
    clock.now_ms += 25_000
    poll_due(Paying(services, PaidOrders()), lambda: False)
