"""A buyer's session that ends while an address is typed: it comes back, unsent, to its buyer."""

from __future__ import annotations

from server.buyers.sessions import IDLE_MS
from server.services import Services
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import Clock
from tests.server.buyers.test_pages import OTHER, PASSWORD, PHONE, enter
from tests.server.orders.conftest import browser, clock, services, shop_id
from tests.server.orders.test_pages import form_of, send

__all__ = ["browser", "clock", "services", "shop_id"]
STREET = 'Jalan "Danau" <b>115</b>'


def test_an_address_that_was_typed_comes_back_to_its_buyer_alone(
    services: Services, browser: Browser, clock: Clock
) -> None:
    enter(browser)
    enter(Browser(services), OTHER)
    fields = form_of(browser.get("/saya/alamat").text, "/saya/alamat")
    clock.now_ms += IDLE_MS
    door = send(browser, "/saya/alamat", {**fields, "alamat": STREET})
    assert "Sesi Anda sudah berakhir" in door.text
    waiting = form_of(door.text, "/saya/masuk")
    stranger = Browser(services)
    passed = send(stranger, "/saya/masuk", {**waiting, "telepon": PHONE, "sandi": OTHER})
    assert passed.status_code == 303
    inside = send(browser, "/saya/masuk", {**waiting, "telepon": PHONE, "sandi": PASSWORD})
    assert "masih ada dan belum terkirim" in inside.text
    back = send(browser, "/saya/alamat", form_of(inside.text, "/saya/alamat"))
    form = form_of(back.text, "/saya/alamat")
    assert form["alamat"] == STREET and "Belum ada alamat" in back.text
    assert send(browser, "/saya/alamat", form).status_code == 303
    assert "Jalan &#34;Danau&#34;" in browser.get("/saya/alamat").text


def test_a_form_of_elsewhere_is_not_carried(browser: Browser, clock: Clock) -> None:
    enter(browser)
    fields = form_of(browser.get("/saya/alamat").text, "/saya/alamat")
    clock.now_ms += IDLE_MS
    typed = {**fields, "alamat": STREET}
    sent = browser.post("/saya/alamat", typed, headers={"sec-fetch-site": "cross-site"})
    assert sent.status_code == 303
    bare = send(browser, "/saya/alamat", {"alamat": STREET})
    assert bare.status_code == 303
