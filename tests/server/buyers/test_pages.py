"""A buyer's account in a browser without a script, and whoever tries to get in between."""

from __future__ import annotations

import json

import httpx
import pytest
from sqlalchemy import event

from server.orders.stepping import take_steps
from server.services import Services
from server.web import mine_orders
from server.web.mine import COOKIE
from tests.helpers.orders import LIMBOTO, open_shop, order, read, stock_up
from tests.helpers.statements import statements
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_shop import Clock
from tests.server.orders.conftest import browser, clock, services, shop_id
from tests.server.orders.test_pages import HOSTILE, add, checkout, form_of, send

__all__ = ["browser", "clock", "services", "shop_id"]
PHONE, PASSWORD, OTHER = "0812-4400-1234", "ikan bakar rica", "pisang goroho muda"
GUEST = {"nama", "telepon", "alamat", "catatan"}
PAGES = ("/saya", "/saya/alamat", "/saya/akun")


def enter(browser: Browser, password: str = PASSWORD, **typed: str) -> httpx.Response:
    """Make an account."""
    fields = {"nama": "Ibu Hadija", "telepon": PHONE, "sandi": password, "setuju": "1", **typed}
    return send(browser, "/saya/daftar", fields)


def sign_in(browser: Browser, password: str = PASSWORD, **typed: str) -> httpx.Response:
    """Sign in."""
    return send(browser, "/saya/masuk", {"telepon": PHONE, "sandi": password, **typed})


def other_browser(services: Services) -> Browser:
    """Somebody else's, signed in to an account of the same number."""
    made = Browser(services, address="10.7.7.7")
    assert enter(made, OTHER).status_code == 200
    return made


def press(browser: Browser, page: str, action: str, **typed: str) -> httpx.Response:
    """Send a form of a page."""
    return send(browser, action, {**form_of(browser.get(page).text, action), **typed})


def code_in(text: str) -> str:
    """The recovery code on its page."""
    inside = text.partition('class="spare">')[2].partition("</p>")[0]
    return inside.replace("<span>", "").replace("</span>", "").strip()


def test_an_account_is_made_its_code_is_shown_once_and_opens_it(
    services: Services, browser: Browser, clock: Clock
) -> None:
    shown = enter(browser, lanjut="/pesan")
    assert shown.status_code == 200 and "hanya tampil sekali" in shown.text
    assert 'href="/pesan"' in shown.text
    code = code_in(shown.text)
    assert len(code) == 29 and code not in browser.get("/saya/akun").text
    assert browser.get("/saya/masuk").headers["location"] == "/saya"
    # Sent twice: the first answer may not have been seen, and the last one holds.
    code = code_in(enter(Browser(services)).text)
    clock.now_ms += 16 * 60_000
    again = enter(Browser(services))
    assert again.status_code == 303 and "spare" not in again.text
    stranger = Browser(services, address="10.7.7.7")
    back = send(stranger, "/saya/pulih", {"kode": code, "baru": OTHER})
    assert back.status_code == 200 and code_in(back.text) not in ("", code)
    assert browser.get("/saya").headers["location"] == "/saya/masuk?lanjut=%2Fsaya"
    assert send(stranger, "/saya/pulih", {"kode": code, "baru": OTHER}).status_code == 401


def test_the_session_is_a_new_one_at_each_signing_in_and_ends_everywhere(
    services: Services, browser: Browser
) -> None:
    planted = "x" * 43
    browser.cookies[COOKIE] = planted
    assert browser.get("/saya").status_code == 303
    set_cookie = enter(browser).headers["set-cookie"]
    assert all(word in set_cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    first = browser.cookies[COOKIE]
    assert first != planted
    sign_in(browser)
    second = browser.cookies[COOKIE]
    assert second != first
    thief = Browser(services)
    for token in (planted, first):
        thief.cookies[COOKIE] = token
        assert thief.get("/saya").status_code == 303
    thief.cookies[COOKIE] = second
    assert thief.get("/saya").status_code == 200
    assert press(browser, "/saya/akun", "/saya/keluar-semua").status_code == 303
    assert COOKIE not in browser.cookies and thief.get("/saya").status_code == 303


def test_a_known_number_and_an_unknown_one_are_answered_with_the_same_page(
    services: Services, browser: Browser
) -> None:
    enter(browser)
    stranger = Browser(services, address="10.7.7.7")
    wrong = sign_in(stranger, "tebakan yang salah")
    unknown = sign_in(stranger, "tebakan yang salah", telepon="0813-0000-1111")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace(PHONE, "N") == unknown.text.replace("0813-0000-1111", "N")
    taken = enter(stranger, "sandi yang lain lagi")
    free = enter(Browser(services), "sandi yang lain lagi", telepon="0813-0000-1111")
    assert taken.status_code == free.status_code == 200
    assert taken.text.replace(code_in(taken.text), "") != "" and "Hadija" not in taken.text
    for _ in range(12):
        last = sign_in(stranger, "tebakan yang salah")
    assert last.status_code == 429 and int(last.headers["retry-after"]) > 0
    assert sign_in(stranger).status_code == 429


def test_forms_of_elsewhere_and_without_the_sessions_secret_are_refused(
    services: Services, browser: Browser, shop_id: bytes
) -> None:
    enter(browser)
    placed = order(services, shop_id, [(stock_up(services, shop_id, "Beras", 9), 1)])
    others = form_of(other_browser(services).get("/saya/akun").text, "/saya/hapus")
    fields = {"sandi": PASSWORD, "alamat": "Jalan Danau 5", "kunci": placed.key.hex()}
    paths = (
        "/saya/keluar", "/saya/keluar-semua", "/saya/pesanan/simpan", "/saya/pesanan/lepas",
        "/saya/alamat", "/saya/alamat/hapus", "/saya/akun/data", "/saya/akun/sandi",
        "/saya/akun/kode", "/saya/hapus",
    )  # fmt: skip
    for path in paths:
        for forged in ({}, {"csrf": "x"}, {"csrf": others["csrf"]}):
            assert send(browser, path, {**fields, **forged}).status_code == 403, path
        own = {**fields, "csrf": form_of(browser.get("/saya/akun").text, "/saya/hapus")["csrf"]}
        for headers in ({}, {"origin": "https://jahat.contoh"}, {"sec-fetch-site": "cross-site"}):
            asked = browser.ask("POST", path, data=own, headers=headers)
            assert asked.status_code == 403, path
    for path in ("/saya/masuk", "/saya/daftar", "/saya/pulih"):
        far = browser.ask("POST", path, data=fields, headers={"origin": "https://jahat.contoh"})
        assert far.status_code == 403
    assert browser.get("/saya").status_code == 200


def test_orders_placed_while_signed_in_are_there_and_a_guests_only_by_its_link(
    services: Services, browser: Browser, shop_id: bytes
) -> None:
    other = open_shop(services, "Toko Lain")
    rice, sugar = stock_up(services, shop_id, "Beras", 9), stock_up(services, other, "Gula", 9)
    guest = order(services, shop_id, [(rice, 1)])
    enter(browser)
    page = f"/pesanan/{guest.key.hex()}"
    # The guest gave this very number.
    assert "Belum ada pesanan" in browser.get("/saya").text
    add(browser, shop_id, rice)
    add(browser, other, sugar)
    fields = checkout(browser)
    assert (fields["nama"], form_of(browser.get("/pesan").text, "/pesan")["nama"]) == (
        "Ibu Hadija", "Ibu Hadija",
    )  # fmt: skip
    assert send(browser, "/pesan", fields).status_code == 200
    assert send(browser, "/pesan", fields).status_code == 200
    links = [one for one in PageReader(browser.get("/saya").text).links if "/pesanan/" in one]
    assert len(links) == 2 and page not in links
    assert press(browser, page, "/saya/pesanan/simpan").headers["location"] == f"{page}#akun"
    text = browser.get("/saya").text
    assert page in PageReader(text).links and text.count("Menunggu jawaban toko") == 3
    assert "Toko Lain" in text and "Beras" in text and "Rp\xa0" in text
    stranger = other_browser(services)
    assert "Belum ada pesanan" in stranger.get("/saya").text
    assert press(browser, page, "/saya/pesanan/lepas").status_code == 303
    assert page not in browser.get("/saya").text
    for wrong in ("00" * 16, "x", ""):
        csrf = form_of(browser.get("/saya/akun").text, "/saya/hapus")["csrf"]
        asked = send(browser, "/saya/pesanan/simpan", {"csrf": csrf, "kunci": wrong})
        assert asked.status_code == 404


def test_the_list_is_paged_the_newest_first_and_asks_as_much_for_many_as_for_one(
    services: Services,
    browser: Browser,
    shop_id: bytes,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mine_orders, "PAGE", 2)
    rice, asked = stock_up(services, shop_id, "Beras", 9), [0]
    enter(browser)

    def note(*_: object) -> None:
        asked[0] += 1

    def opened(path: str) -> tuple[list[str], int]:
        asked[0] = 0
        links = PageReader(browser.get(path).text).links
        return [one for one in links if "/pesanan/" in one or "dari=" in one], asked[0]

    pages = []
    event.listen(services.store.engine, "before_cursor_execute", note)
    for _ in range(3):
        clock.now_ms += 1_000
        placed = order(services, shop_id, [(rice, 1)])
        pages.insert(0, f"/pesanan/{placed.key.hex()}")
        press(browser, pages[0], "/saya/pesanan/simpan")
        if len(pages) == 1:
            assert opened("/saya")[0] == pages
            one = opened("/saya")[1]
    shown, many = opened("/saya")
    event.remove(services.store.engine, "before_cursor_execute", note)
    assert shown == [*pages[:2], "/saya?dari=2"] and many == one
    assert opened("/saya?dari=2")[0] == pages[2:] and opened("/saya?dari=x")[0] == shown


def test_an_order_that_ended_is_ordered_again_from_the_list(
    services: Services, browser: Browser, shop_id: bytes
) -> None:
    rice = stock_up(services, shop_id, "Beras", 9)
    enter(browser)
    add(browser, shop_id, rice, "2")
    placed = send(browser, "/pesan", checkout(browser)).headers["location"]
    assert "Pesan lagi" not in browser.get("/saya").text
    done = press(browser, placed, f"{placed}/langkah", langkah="cancel")
    assert done.status_code == 303
    assert press(browser, "/saya", f"{placed}/lagi").headers["location"] == "/keranjang?baru=1"
    assert form_of(browser.get("/keranjang").text, "/keranjang")["jumlah-0"] == "2"


def test_favourites_marked_while_signed_in_are_the_accounts_and_guests_stay_in_the_browser(
    services: Services, browser: Browser, shop_id: bytes
) -> None:
    rice, sugar = (stock_up(services, shop_id, one, 9) for one in ("Beras", "Gula"))

    def like(product_id: bytes) -> None:
        fields = {"toko": shop_id.hex(), "barang": product_id.hex()}
        assert send(browser, "/favorit/tambah", fields).status_code == 303

    like(rice)
    enter(browser)
    like(sugar)
    text = browser.get("/favorit").text
    assert text.index("Gula") < text.index("Beras") and "ada di akun Anda" in text
    there = Browser(services)
    sign_in(there)
    assert "Gula" in there.get("/favorit").text and "Beras" not in there.get("/favorit").text
    assert "Gula" not in other_browser(services).get("/favorit").text
    kept = json.loads(there.get("/saya/data.json").text)["favourites"]
    assert kept == [{"shop": shop_id.hex(), "product": sugar.hex()}]
    assert send(browser, "/favorit/hapus", {"csrf": "x", "barang": "x"}).status_code == 403
    for _ in range(2):
        assert press(browser, "/favorit", "/favorit/hapus").status_code == 303
    assert "Belum ada favorit" in browser.get("/favorit").text


def test_a_guest_is_asked_for_four_things_and_nothing_more(
    services: Services, browser: Browser, shop_id: bytes
) -> None:
    add(browser, shop_id, stock_up(services, shop_id, "Beras", 9))
    shown = PageReader(browser.get("/pesan").text).inputs
    typed = {one["name"] for one in shown if one.get("type") not in ("hidden", "radio")}
    assert typed == GUEST


def test_addresses_are_kept_when_ticked_chosen_at_the_checkout_and_are_ones_own(
    services: Services, browser: Browser, shop_id: bytes
) -> None:
    rice = stock_up(services, shop_id, "Beras", 9)
    enter(browser)
    brought = {f"ambil-{shop_id.hex()}": LIMBOTO}

    def ordered(**typed: str) -> httpx.Response:
        add(browser, shop_id, rice)
        return send(browser, "/pesan", checkout(browser, **brought, **typed))

    assert "ingat-alamat" not in form_of_checkout(browser, shop_id, rice)
    ordered(alamat="Jalan Danau 5")
    assert "Jalan Danau 5" not in browser.get("/saya/alamat").text
    ordered(alamat="Jalan Danau 5", **{"ingat-alamat": "1"})
    assert "Jalan Danau 5" in browser.get("/saya/alamat").text
    mine = form_of(browser.get("/saya/alamat").text, "/saya/alamat/hapus")["alamat"]
    with statements(services.store.engine) as told:
        page = ordered(alamat="", **{"alamat-saya": mine}).headers["location"]
    assert sum("FROM buyer_session" in one for one in told) == 2, "once a request"
    assert "Jalan Danau 5" in browser.get(page).text
    both = ordered(alamat="Jalan Laut 1", **{"alamat-saya": mine})
    assert both.status_code == 422 and "Pakailah salah satu saja" in both.text
    assert form_of(both.text, "/pesan")["alamat"] == "Jalan Laut 1"
    stranger = other_browser(services)
    add(stranger, shop_id, rice)
    stolen = checkout(stranger, **brought, alamat="", **{"alamat-saya": mine})
    asked = send(stranger, "/pesan", stolen)
    assert asked.status_code == 422 and "Jalan Danau 5" not in asked.text
    csrf = form_of(stranger.get("/saya/akun").text, "/saya/hapus")["csrf"]
    send(stranger, "/saya/alamat/hapus", {"csrf": csrf, "alamat": mine})
    assert "Jalan Danau 5" in browser.get("/saya/alamat").text
    assert press(browser, "/saya/alamat", "/saya/alamat/hapus").status_code == 303
    assert "Jalan Danau 5" not in browser.get("/saya/alamat").text


def form_of_checkout(browser: Browser, shop_id: bytes, product_id: bytes) -> dict[str, str]:
    """What the checkout's form holds before anything is typed: a tick that is off is not in it."""
    add(browser, shop_id, product_id)
    text = browser.get("/pesan").text
    assert 'name="ingat-alamat"' in text
    return form_of(text, "/pesan")


def test_everything_is_taken_along_and_deleted(
    services: Services, browser: Browser, shop_id: bytes
) -> None:
    rice = stock_up(services, shop_id, "Beras", 9)
    enter(browser)
    over, alive = (order(services, shop_id, [(rice, 1)]) for _ in range(2))
    take_steps(services, shop_id, over.order_id, "buyer", ["cancel"])
    for one in (over, alive):
        press(browser, f"/pesanan/{one.key.hex()}", "/saya/pesanan/simpan")
    press(browser, "/saya/alamat", "/saya/alamat", alamat="Jalan Danau 5")
    answer = browser.get("/saya/data.json")
    assert answer.headers["cache-control"] == "no-store"
    data = json.loads(answer.text)
    assert (data["name"], data["phone"]) == ("Ibu Hadija", "6281244001234")
    assert data["addresses"] == ["Jalan Danau 5"] and len(data["signed_in"]) == 1
    assert {one["page"] for one in data["orders"]} == {
        f"/pesanan/{one.key.hex()}" for one in (over, alive)
    }
    wrong = press(browser, "/saya/akun", "/saya/hapus", sandi="bukan yang itu")
    assert wrong.status_code == 422 and browser.get("/saya").status_code == 200
    kept = browser.cookies[COOKIE]
    done = press(browser, "/saya/akun", "/saya/hapus", sandi=PASSWORD)
    assert done.status_code == 200 and COOKIE not in browser.cookies
    assert alive.key.hex() in done.text and over.key.hex() not in done.text
    browser.cookies[COOKIE] = kept
    assert browser.get("/saya").status_code == 303
    assert sign_in(Browser(services)).status_code == 401
    assert read(services, over).contact is None and read(services, alive).contact is not None
    assert read(services, over).placed.total > 0


def test_data_password_and_code_are_changed_with_the_password(
    services: Services, browser: Browser
) -> None:
    enter(browser)
    there = Browser(services)
    sign_in(there)
    done = press(browser, "/saya/akun", "/saya/akun/data", nama="Hadija K.", sandi=PASSWORD)
    assert done.status_code == 303 and "Hadija K." in browser.get("/saya/akun?ya=data").text
    weak = press(browser, "/saya/akun", "/saya/akun/sandi", sandi=PASSWORD, baru="pendek")
    assert weak.status_code == 422 and "sedikit 10 huruf" in weak.text
    press(browser, "/saya/akun", "/saya/akun/sandi", sandi=PASSWORD, baru=OTHER)
    assert browser.get("/saya").status_code == 200 and there.get("/saya").status_code == 303
    code = press(browser, "/saya/akun", "/saya/akun/kode", sandi=OTHER)
    assert code.status_code == 200 and len(code_in(code.text)) == 29


@pytest.mark.parametrize("onward", ["//jahat.contoh", "https://jahat.contoh", "/\\jahat", "x"])
def test_nobody_is_sent_elsewhere(services: Services, browser: Browser, onward: str) -> None:
    enter(browser)
    assert sign_in(Browser(services), lanjut=onward).headers["location"] == "/saya"


def test_hostile_texts_stay_texts_and_pages_keep_the_strict_policy(
    services: Services, browser: Browser, shop_id: bytes
) -> None:
    enter(browser, nama=HOSTILE)
    press(browser, "/saya/alamat", "/saya/alamat", alamat=HOSTILE)
    placed = order(services, shop_id, [(stock_up(services, shop_id, HOSTILE[:60], 9), 1)])
    press(browser, f"/pesanan/{placed.key.hex()}", "/saya/pesanan/simpan")
    for path in PAGES:
        answer = browser.get(path)
        assert answer.status_code == 200 and "<script>alert" not in answer.text, path
        assert "&lt;script&gt;alert(1)" in answer.text, path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
    wrong = sign_in(Browser(services), telepon=HOSTILE)
    assert wrong.status_code == 401 and "<script>alert" not in wrong.text


@pytest.mark.parametrize("language", ["id", "en"])
def test_pages_are_whole_in_both_languages_and_every_field_has_a_label(
    services: Services, language: str
) -> None:
    browser = Browser(services, language=language)
    pages = {one: browser.get(one).text for one in ("/saya/masuk", "/saya/daftar", "/saya/pulih")}
    enter(browser)
    pages |= {one: browser.get(one).text for one in PAGES}
    words = ("Kata sandi", "Alamat", "Hapus", "Nomor ponsel", "Pesanan")
    for path, text in pages.items():
        read = PageReader(text)
        assert read.headings[0] == 1 and len(read.ids) == len(set(read.ids)), path
        for one in read.inputs:
            if one.get("type") != "hidden" and "hidden" not in one:
                assert one.get("id") in read.labels, (path, one)
        if language == "en":
            assert not [word for word in words if word in text], path


def test_privacy_tells_of_accounts(services: Services) -> None:
    assert "tidak pernah diperlukan untuk memesan" in Browser(services).get("/privasi").text
    assert "never need an account to order" in Browser(services).get("/privasi?bahasa=en").text
