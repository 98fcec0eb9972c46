"""A buyer's session that ends while an address is typed: it comes back, unsent, to its buyer."""

from __future__ import annotations

from server.buyers.sessions import IDLE_MS
from server.services import Services
from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import Clock
from tests.server.buyers.test_pages import OTHER, PASSWORD, PHONE, code_in, enter
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


def test_it_comes_back_by_the_recovery_code_too(browser: Browser, clock: Clock) -> None:
    code = code_in(enter(browser).text)
    fields = form_of(browser.get("/saya/alamat").text, "/saya/alamat")
    clock.now_ms += IDLE_MS
    door = send(browser, "/saya/alamat", {**fields, "alamat": STREET})
    forgot = send(browser, "/saya/pulih", form_of(door.text, "/saya/pulih"))
    assert forgot.status_code == 200 and "masih ada dan belum terkirim" in forgot.text
    waiting = form_of(forgot.text, "/saya/pulih")
    wrong = send(browser, "/saya/pulih", {**waiting, "kode": "AAAA", "baru": OTHER})
    assert wrong.status_code == 401
    waiting = form_of(wrong.text, "/saya/pulih")
    shown = send(browser, "/saya/pulih", {**waiting, "kode": code, "baru": OTHER})
    assert code_in(shown.text) not in ("", code)
    back = send(browser, "/saya/alamat", form_of(shown.text, "/saya/alamat"))
    form = form_of(back.text, "/saya/alamat")
    assert form["alamat"] == STREET and "Belum ada alamat" in back.text
    assert send(browser, "/saya/alamat", form).status_code == 303


def test_whoever_forgot_the_password_at_the_checkout_comes_back_to_it(
    services: Services, browser: Browser
) -> None:
    code = code_in(enter(browser).text)
    stranger = Browser(services)
    door = stranger.get("/saya/masuk?lanjut=/pesan").text
    assert "/saya/pulih?lanjut=" in door
    form = form_of(stranger.get("/saya/pulih?lanjut=/pesan").text, "/saya/pulih")
    shown = send(stranger, "/saya/pulih", {**form, "kode": code, "baru": OTHER})
    assert 'href="/pesan"' in shown.text


def test_a_form_of_elsewhere_is_not_carried(browser: Browser, clock: Clock) -> None:
    enter(browser)
    fields = form_of(browser.get("/saya/alamat").text, "/saya/alamat")
    clock.now_ms += IDLE_MS
    typed = {**fields, "alamat": STREET}
    sent = browser.post("/saya/alamat", typed, headers={"sec-fetch-site": "cross-site"})
    assert sent.status_code == 303
    bare = send(browser, "/saya/alamat", {"alamat": STREET})
    assert bare.status_code == 303
