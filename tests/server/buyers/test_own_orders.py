"""Orders in an account whose money or goods are still on the way, and what is told of them."""

from __future__ import annotations

import json

from server.orders.stepping import take_steps
from server.services import Services
from server.storefront.settings import CourierWay
from tests.helpers.orders import order, read, set_plain, stock_up, walk
from tests.helpers.statements import statements
from tests.helpers.web_browser import Browser
from tests.helpers.web_gerai import set_gerai
from tests.helpers.web_shop import Clock
from tests.server.buyers.test_pages import PASSWORD, enter, press
from tests.server.orders.conftest import browser, clock, services, shop_id

__all__ = ["browser", "clock", "services", "shop_id"]
ACCOUNT = ("BRI 1234-01-000123-50-1 a.n. Sri Hadija",)


def test_an_order_whose_money_is_to_come_back_keeps_its_buyer_when_the_account_goes(
    services: Services, browser: Browser, shop_id: bytes
) -> None:
    set_plain(services, shop_id, transfer_accounts=ACCOUNT)
    rice = stock_up(services, shop_id, "Beras", 9)
    paid, free = (order(services, shop_id, [(rice, 1)], pay_way="to_shop") for _ in range(2))
    take_steps(services, shop_id, paid.order_id, "shop", ["accept"])
    take_steps(services, shop_id, paid.order_id, "shop", ["see"])
    take_steps(services, shop_id, paid.order_id, "buyer", ["cancel"])
    take_steps(services, shop_id, free.order_id, "buyer", ["cancel"])
    at = read(services, paid).story.standing
    assert (at.order, at.payment) == ("cancelled", "refund_due")
    said = "toko tidak tahu lagi kepada siapa"
    assert said in browser.get(f"/pesanan/{paid.key.hex()}").text
    assert said not in browser.get(f"/pesanan/{free.key.hex()}").text
    enter(browser)
    for one in (paid, free):
        press(browser, f"/pesanan/{one.key.hex()}", "/saya/pesanan/simpan")
    done = press(browser, "/saya/akun", "/saya/hapus", sandi=PASSWORD)
    assert done.status_code == 200
    # The shop still knows whom to give it back to, and the buyer where to ask.
    assert read(services, paid).contact is not None and paid.key.hex() in done.text
    assert read(services, free).contact is None and free.key.hex() not in done.text


def test_goods_that_a_courier_carries_are_not_said_to_be_handed_over(
    services: Services, browser: Browser, shop_id: bytes
) -> None:
    set_plain(services, shop_id, transfer_accounts=ACCOUNT)
    set_gerai(services, shop_id, gerai_courier=CourierWay("JNE", 15_000))
    rice = stock_up(services, shop_id, "Beras", 9)
    placed = order(
        services, shop_id, [(rice, 1)], way="courier", pay_way="to_shop", fee=15_000,
        address="Jalan Danau 1",
    )  # fmt: skip
    take_steps(services, shop_id, placed.order_id, "shop", ["accept"])
    take_steps(services, shop_id, placed.order_id, "shop", ["see"])
    walk(services, placed, "shop", "make_ready", "hand_over", "fulfil")
    enter(browser)
    page = f"/pesanan/{placed.key.hex()}"
    press(browser, page, "/saya/pesanan/simpan")
    for path in (page, "/saya"):
        text = browser.get(path).text
        assert "Dikirim lewat kurir" in text and "Sudah diserahkan" not in text, path


def test_all_that_is_kept_is_taken_along_and_told_of(
    services: Services, browser: Browser, shop_id: bytes
) -> None:
    placed = order(services, shop_id, [(stock_up(services, shop_id, "Beras", 9), 1)])
    enter(browser)
    page = f"/pesanan/{placed.key.hex()}"
    press(browser, page, "/saya/pesanan/simpan")
    mine = json.loads(browser.get("/saya/data.json").text)
    assert mine["last_used_ms"] == mine["created_ms"] == services.now_ms()
    alone = json.loads(browser.get(f"{page}/data.json").text)
    assert mine["orders"] == [{"page": page, **alone}]
    assert alone["contact"]["address_range"] == "10.0.0.0/24"
    told = browser.get("/privasi").text
    for said in ("alamat internet (IP)", "terakhir dipakai", "Dinas membaca", "kurir mendapat"):
        assert said in told


def test_taking_along_many_orders_asks_the_database_as_often_as_few(
    services: Services, browser: Browser, shop_id: bytes, clock: Clock
) -> None:
    rice = stock_up(services, shop_id, "Beras", 9)
    enter(browser)
    counts, pages = [], []
    for _ in range(3):
        placed = order(services, shop_id, [(rice, 1)])
        pages.append(f"/pesanan/{placed.key.hex()}")
        press(browser, pages[-1], "/saya/pesanan/simpan")
        clock.now_ms += 60_000
        with statements(services.store.engine) as told:
            mine = json.loads(browser.get("/saya/data.json").text)["orders"]
        assert [one["page"] for one in mine] == pages[::-1]
        counts.append(len(told))
    assert counts[2] == counts[1] == counts[0], counts
