"""A session that ends while something is typed: the words come back to who typed them, unsent."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import func, select

from server.accounts.people import add_user
from server.accounts.sessions import IDLE_MS
from server.db.schema.journal import entry
from server.db.transaction import SHOP
from server.services import Services
from tests.helpers.orders import order, read, set_plain, stock_up
from tests.helpers.web_browser import Browser, Form, PageReader
from tests.helpers.web_gerai import set_gerai
from tests.helpers.web_shop import OWNER, PASSWORD, Clock

SignIn = Callable[..., Browser]
SAID = "belum terkirim. Periksalah"
FORMS = [
    ("/barang/baru", {"name": "Kue karawo & <b>teh</b>", "price": "12.500", "unit": "pak"}),
    ("/pengaturan", {"address": 'Jl. "Danau" 12', "receipt_footer": "Terima kasih\r\nDatang lagi"}),
    ("/gerai", {"story": "Kopi dari Pinogu.\r\nDisangrai di rumah."}),
    ("/penjual", {"returns": "Tukar dalam dua hari."}),
    ("/aturan-pesanan", {"gerai_accept_minutes": "33"}),
    ("/uang", {"jumlah": "45.000", "catatan": "transfer tanpa nama", "apa": "catat"}),
]


def feed_length(services: Services, shop_id: bytes) -> int:
    """How many facts the shop has."""
    count = select(func.count()).select_from(entry).where(entry.c.shop_id == SHOP)
    with services.store.reading_shop(shop_id) as tx:
        return int(tx.scalar(count))


def form_to(page: httpx.Response, *action: str, has: str = "csrf") -> Form:
    """The form of a page that goes to one of these places and has a field."""
    forms = PageReader(page.text).forms
    return next(one for one in forms if one.action in action and has in one.fields)


def through_the_door(browser: Browser, door: httpx.Response, **typed: str) -> httpx.Response:
    """Sign in on a page that a form was answered with."""
    form = form_to(door, "/masuk", has="simpanan")
    return browser.post("/masuk", {**form.fields, "email": OWNER, "sandi": PASSWORD, **typed})


@pytest.mark.parametrize(("tail", "typed"), FORMS, ids=[one[0] for one in FORMS])
def test_a_form_comes_back_filled_and_is_sent_when_its_reader_says_so(
    services: Services,
    clock: Clock,
    empty_shop: bytes,
    signed_in: SignIn,
    tail: str,
    typed: dict[str, str],
) -> None:
    browser, path = signed_in(), f"/kelola/{empty_shop.hex()}{tail}"
    shown = browser.get(path)
    assert 'type="password"' not in shown.text and 'type="file"' not in shown.text
    form = form_to(shown, path, "", has=next(iter(typed)))
    clock.now_ms += IDLE_MS
    before = feed_length(services, empty_shop)
    door = browser.post(path, {**form.fields, **typed})
    assert door.status_code == 401 and "Sesi Anda sudah berakhir" in door.text
    wrong = through_the_door(browser, door, sandi="bukan sandinya")
    assert wrong.status_code == 401
    inside = through_the_door(browser, wrong)
    assert inside.status_code == 200 and "masih ada dan belum terkirim" in inside.text
    waiting = form_to(inside, path)
    assert PASSWORD not in inside.text
    back = browser.post(path, waiting.fields)
    assert SAID in back.text and feed_length(services, empty_shop) == before
    again = form_to(back, path, "", has=next(iter(typed)))
    for name, text in typed.items():
        if name != "apa":
            assert again.fields[name].replace("\r\n", "\n") == text.replace("\r\n", "\n")
    assert "isi-lagi" not in again.fields
    assert browser.post(path, {**again.fields, **typed}).status_code == 303


def test_words_about_an_order_come_back_to_their_own_form(
    services: Services, clock: Clock, empty_shop: bytes, signed_in: SignIn
) -> None:
    set_gerai(services, empty_shop, gerai_open=True, gerai_collect=True)
    set_plain(services, empty_shop)
    placed = order(services, empty_shop, [(stock_up(services, empty_shop, "Beras", 5), 1)])
    browser = signed_in()
    path = f"/kelola/{empty_shop.hex()}/pesanan/{placed.order_id.hex()}"
    form = form_to(browser.get(path), path, has="pesan")
    clock.now_ms += IDLE_MS
    door = browser.post(path, {**form.fields, "pesan": "Maaf, agak lama.", "langkah": "say"})
    inside = through_the_door(browser, door)
    back = browser.post(path, form_to(inside, path).fields)
    assert SAID in back.text and not read(services, placed).messages
    assert form_to(back, path, has="pesan").fields["pesan"] == "Maaf, agak lama."


def test_nobody_else_gets_the_words(
    services: Services, clock: Clock, empty_shop: bytes, signed_in: SignIn
) -> None:
    add_user(services, "lain@contoh.id", PASSWORD, empty_shop, "owner")
    browser, path = signed_in(), f"/kelola/{empty_shop.hex()}/barang/baru"
    form = form_to(browser.get(path), path, "", has="name")
    clock.now_ms += IDLE_MS
    door = browser.post(path, {**form.fields, "name": "Rahasia dapur"})
    other = through_the_door(browser, door, email="lain@contoh.id")
    assert other.status_code == 303 and "Rahasia" not in other.text


def test_a_form_of_elsewhere_and_one_with_a_password_are_not_carried(
    clock: Clock, empty_shop: bytes, signed_in: SignIn
) -> None:
    browser, path = signed_in(), f"/kelola/{empty_shop.hex()}/barang/baru"
    form = form_to(browser.get("/akun"), "/akun/sandi")
    clock.now_ms += IDLE_MS
    typed = {**form.fields, "sandi": PASSWORD, "baru": "yang baru sekali"}
    assert browser.post("/akun/sandi", typed).headers["location"].startswith("/masuk")
    foreign = browser.post(path, {"name": "Palsu"})
    assert foreign.headers["location"].startswith("/masuk")
    elsewhere = {**form.fields, "name": "Palsu"}
    sent = browser.post(path, elsewhere, headers={"sec-fetch-site": "cross-site"})
    assert "Palsu" not in sent.text and "simpanan" not in sent.text
