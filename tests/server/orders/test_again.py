"""An order that ended is ordered again: what is still sold is in the basket, the rest is said."""

from __future__ import annotations

from server.orders.stepping import take_steps
from server.services import Services
from tests.helpers.orders import open_shop, order, stock_up
from tests.helpers.web_browser import Browser
from tests.helpers.web_gerai import put_online, set_gerai
from tests.server.orders.test_pages import add, form_of, send


def test_what_is_still_sold_goes_into_the_basket_once_and_the_rest_is_said(
    services: Services, shop_id: bytes, browser: Browser
) -> None:
    rice, sugar = stock_up(services, shop_id, "Beras", 9), stock_up(services, shop_id, "Gula", 9)
    placed = order(services, shop_id, [(rice, 2), (sugar, 1)])
    page = f"/pesanan/{placed.key.hex()}"
    assert "Pesan lagi" not in browser.get(page).text
    take_steps(services, shop_id, placed.order_id, "buyer", ["cancel"])
    again = form_of(browser.get(page).text, f"{page}/lagi")
    assert send(browser, f"{page}/lagi", {"csrf": "0" * 32}).status_code == 403
    add(browser, shop_id, rice, "1")
    for _ in range(2):
        done = send(browser, f"{page}/lagi", again)
        assert done.headers["location"] == "/keranjang?baru=1"
        amounts = form_of(browser.get("/keranjang").text, "/keranjang")
        assert (amounts["jumlah-0"], amounts["jumlah-1"]) == ("2", "1")
    put_online(services, shop_id, sugar, online=False)
    assert "Gula tidak dijual online lagi." in browser.get(page).text
    done = send(browser, f"{page}/lagi", again)
    assert done.headers["location"] == f"{page}?lagi=1"
    assert "Yang masih dijual sudah masuk keranjang." in browser.get(f"{page}?lagi=1").text
    set_gerai(services, shop_id, gerai_open=False)
    text = browser.get(page).text
    assert "Beras tidak dijual online lagi." in text and "Pesan lagi" not in text
    assert send(browser, f"{page}/lagi", again).headers["location"] == f"{page}?lagi=1"
    assert "sudah masuk keranjang" not in browser.get(f"{page}?lagi=1").text


def test_only_who_has_the_link_orders_again(
    services: Services, shop_id: bytes, browser: Browser
) -> None:
    other = open_shop(services, "Toko Lain")
    placed = order(services, other, [(stock_up(services, other, "Kain", 2), 1)])
    wrong = bytes(len(placed.key)).hex()
    assert send(browser, f"/pesanan/{wrong}/lagi", {"csrf": "x"}).status_code == 404
    assert "__Host-huyula-keranjang" not in browser.cookies
