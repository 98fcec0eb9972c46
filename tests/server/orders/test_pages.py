"""From a gerai to an order page without a script, and whoever tries to get in between."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from server.db.schema.orders import order_contact
from server.db.tied import tied
from server.orders.keys import KEY_BYTES
from server.orders.stepping import take_steps
from server.services import Services
from tests.helpers.orders import (
    BUYER,
    LIMBOTO,
    open_shop,
    order,
    read,
    reserved,
    set_plain,
    stock_up,
)
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_gerai import open_gerai, put_online
from tests.helpers.web_shop import Sample

HERE = {"origin": "https://toko.contoh"}
HOSTILE = "<script>alert(1)</script>\"'{{7*7}}"


def send(browser: Browser, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
    """Send a form as a browser does from a page of ours."""
    return browser.ask("POST", path, data=fields, headers={**HERE, **headers})


def add(browser: Browser, shop_id: bytes, product_id: bytes, qty: str = "1") -> httpx.Response:
    """Press the button beside a product."""
    fields = {"toko": shop_id.hex(), "barang": product_id.hex(), "satuan": "pcs", "jumlah": qty}
    return send(browser, "/keranjang/tambah", fields)


def form_of(text: str, action: str) -> dict[str, str]:
    """The fields of a page's form."""
    return next(one.fields for one in PageReader(text).forms if one.action == action)


def checkout(browser: Browser, **typed: str) -> dict[str, str]:
    """The checkout's form, filled in."""
    fields = form_of(browser.get("/pesan").text, "/pesan")
    shops = [one for one in fields["toko"].split(",") if one]
    chosen = {f"{name}-{one}": value for one in shops
              for name, value in (("ambil", "collect"), ("bayar", "at_handover"))}  # fmt: skip
    return {**fields, **chosen, "nama": "Ibu Hadija", "telepon": "081244001234", **typed}


def test_two_shops_are_ordered_from_without_a_script(
    services: Services, shop_id: bytes, browser: Browser
) -> None:
    other = open_shop(services, "Toko Lain")
    rice, sugar = stock_up(services, shop_id, "Beras", 9), stock_up(services, other, "Gula", 9)
    assert add(browser, shop_id, rice, "2").status_code == 303
    assert add(browser, other, sugar).status_code == 303
    text = browser.get("/keranjang").text
    assert "Beras" in text and "Gula" in text and "Rp\xa030.000" in text
    fields = checkout(browser, **{f"ambil-{other.hex()}": LIMBOTO, "alamat": "Jalan Danau 5"})
    done = send(browser, "/pesan", fields)
    assert done.status_code == 200 and "Pesanan terkirim" in done.text
    pages = re.findall(r'href="(/pesanan/[0-9a-f]{32})"', done.text)
    assert len(pages) == 2
    # Each says which order it is, and its button is named by the shop for who does not see it.
    assert done.text.count(">Buka pesanan</a>") == 2 and "Pesanan 1<" in done.text
    assert 'aria-label="Buka pesanan di Toko Lain"' in done.text
    assert (reserved(services, shop_id), reserved(services, other)) == (
        {rice: 2_000}, {sugar: 1_000},
    )  # fmt: skip
    for page in pages:
        shown = browser.get(page)
        assert shown.status_code == 200 and "Menunggu jawaban toko" in shown.text
        assert shown.headers["cache-control"] == "no-store"
        assert browser.get(f"{page}/kode.svg").headers["content-type"] == "image/svg+xml"
    again = send(browser, "/pesan", fields)
    assert re.findall(r'href="(/pesanan/[0-9a-f]{32})"', again.text) == pages, "sent twice"
    assert "kosong" in browser.get("/keranjang").text


def test_the_gerai_sets_no_cookie_and_its_link_depends_on_none(
    services: Services, sample: Sample, browser: Browser
) -> None:
    place = open_gerai(services, sample)
    first = browser.get(place)
    assert "set-cookie" not in first.headers and 'href="/keranjang"' in first.text
    path = re.search(rf'href="({place}/gula-pasir[^"]*)"', first.text)
    assert path is not None
    text = browser.get(path[1]).text
    fields = form_of(text, "/keranjang/tambah")
    assert send(browser, "/keranjang/tambah", fields).status_code == 303
    assert browser.get(path[1]).text == text
    assert "Gula pasir" in browser.get("/keranjang").text


def test_a_changed_price_is_shown_and_confirmed(
    services: Services, shop_id: bytes, browser: Browser
) -> None:
    rice = stock_up(services, shop_id, "Beras", 9)
    add(browser, shop_id, rice)
    fields = checkout(browser)
    put_online(services, shop_id, rice, price=12_000)
    said = send(browser, "/pesan", fields)
    assert said.status_code == 422 and "Rp12.000" in said.text.replace("\xa0", "")
    assert not reserved(services, shop_id)
    shown = form_of(said.text, "/pesan")
    again = {**fields, **{name: shown[name] for name in shown if name.startswith("lihat-")}}
    assert send(browser, "/pesan", again).status_code == 303
    for cheat in ("1", "", "1,2,3", "x"):
        add(browser, shop_id, rice)
        name = f"lihat-{shop_id.hex()}"
        assert send(browser, "/pesan", {**checkout(browser), name: cheat}).status_code == 422


def test_the_loser_of_the_last_piece_reads_what_is_left(
    services: Services, shop_id: bytes, browser: Browser
) -> None:
    rice = stock_up(services, shop_id, "Beras", 3)
    add(browser, shop_id, rice, "2")
    fields = checkout(browser)
    order(services, shop_id, [(rice, 2)])
    said = send(browser, "/pesan", fields)
    assert said.status_code == 422 and "Beras tinggal 1 pcs" in said.text
    assert "Ibu Hadija" in said.text, "nothing typed is lost"


def test_the_buyer_sees_its_life_answers_and_is_forgotten(
    services: Services, shop_id: bytes, browser: Browser, signed_in: Callable[..., Browser]
) -> None:
    set_plain(services, shop_id, transfer_accounts=["BRI 1234-5678"])
    rice = stock_up(services, shop_id, "Beras", 9)
    placed = order(services, shop_id, [(rice, 2)], pay_way="to_shop")
    page = f"/pesanan/{placed.key.hex()}"
    mark = re.search(r'data-tanda="(\w+)"', browser.get(page).text)
    assert mark is not None

    take_steps(services, shop_id, placed.order_id, "shop", ["accept"])
    news = browser.get(f"{page}/tunggu?tanda={mark[1]}")
    assert news.status_code == 200 and news.text != mark[1]
    text = browser.get(page).text
    assert "BRI 1234-5678" in text and "Saya sudah membayar" in text
    assert re.search(r'class="digits">\d{4}<', text)
    csrf = form_of(text, f"{page}/langkah")["csrf"]
    assert send(browser, f"{page}/langkah", {"csrf": csrf, "langkah": "claim"}).status_code == 303
    said = send(browser, f"{page}/pesan", {"csrf": csrf, "pesan": HOSTILE})
    assert said.status_code == 303 and "<script>alert" not in browser.get(page).text
    assert send(browser, f"{page}/langkah", {"csrf": csrf, "langkah": "see"}).status_code == 404
    assert send(browser, f"{page}/langkah", {"csrf": csrf, "langkah": "cancel"}).status_code == 422
    data = browser.get(f"{page}/data.json").json()
    assert data["contact"]["phone"] == "6281244001234" and data["messages"][0]["text"]
    assert send(browser, f"{page}/hapus", {"csrf": csrf}).status_code == 303
    assert read(services, placed).contact is not None, "not while it lives"
    take_steps(services, shop_id, placed.order_id, "shop", ["not_seen"])
    assert send(browser, f"{page}/langkah", {"csrf": csrf, "langkah": "cancel"}).status_code == 303
    assert send(browser, f"{page}/hapus", {"csrf": csrf}).status_code == 303
    assert read(services, placed).contact is None
    assert "sudah dihapus" in browser.get(page).text


def test_the_owner_answers_and_offers_less(
    services: Services, sample: Sample, signed_in: Callable[..., Browser], browser: Browser
) -> None:
    from server.orders.goods import Item

    open_gerai(services, sample)
    buyer = BUYER._replace(name=HOSTILE)
    eggs = Item(sample.goods[3], "butir", 10_000)
    placed = order(services, sample.shop_id, [eggs], buyer=buyer)
    owner = signed_in()
    place = f"/kelola/{sample.shop_id.hex()}/pesanan"
    listed = owner.get(place)
    assert listed.status_code == 200 and "Menunggu jawaban" in listed.text
    assert "<script>alert" not in listed.text and "&lt;script&gt;" in listed.text
    path = f"{place}/{placed.order_id.hex()}"
    text = owner.get(path).text
    assert "wa.me/6281244001234" in text and "<script>alert" not in text
    fields = {**form_of(text, path), "langkah": "propose", "jumlah-0": "4"}
    assert owner.ask("POST", path, data=fields).status_code == 303
    page = f"/pesanan/{placed.key.hex()}"
    offered = browser.get(page).text
    assert "Tawaran toko" in offered and "Rp\xa09.200" in offered
    csrf = form_of(offered, f"{page}/langkah")["csrf"]
    send(browser, f"{page}/langkah", {"csrf": csrf, "langkah": "agree"})
    assert read(services, placed).story.standing.total == 9_200
    assert reserved(services, sample.shop_id) == {sample.goods[3]: 4_000}
    bad = {**fields, "jumlah-0": "99"}
    said = owner.ask("POST", path, data=bad)
    assert said.status_code == 422 and "Tawarkan paling banyak" in said.text
    other = open_shop(services, "Toko Lain")
    theirs = order(services, other, [(stock_up(services, other, "Gula", 5), 1)])
    assert owner.get(f"{place}/{theirs.order_id.hex()}").status_code == 404
    assert owner.get(f"/kelola/{other.hex()}/pesanan").status_code == 404
    assert browser.get(place).status_code == 303


@pytest.mark.parametrize("key", ["x", "0" * 2 * KEY_BYTES, "%00", "../x", "é" * 32])
def test_keys_that_lead_nowhere(browser: Browser, services: Services, key: str) -> None:
    assert browser.get(f"/pesanan/{key}").status_code == 404
    assert send(browser, f"/pesanan/{key}/langkah", {"langkah": "cancel"}).status_code == 404


def test_nobody_guesses_on(browser: Browser, services: Services) -> None:
    for _ in range(60):
        assert browser.get(f"/pesanan/{fresh_id().hex()}").status_code == 404
    assert browser.get(f"/pesanan/{fresh_id().hex()}").status_code == 429


def test_forms_from_elsewhere_do_nothing(
    services: Services, shop_id: bytes, browser: Browser
) -> None:
    rice = stock_up(services, shop_id, "Beras", 9)
    fields = {"toko": shop_id.hex(), "barang": rice.hex(), "satuan": "pcs"}
    for headers in ({}, {"origin": "https://jahat.contoh"}, {"sec-fetch-site": "cross-site"},
                    {"origin": "null"}):  # fmt: skip
        answer = browser.ask("POST", "/keranjang/tambah", data=fields, headers=headers)
        assert answer.status_code == 403 and "set-cookie" not in answer.headers, headers
    add(browser, shop_id, rice)
    wanted = checkout(browser)
    for headers in ({}, {"origin": "https://jahat.contoh"}):
        assert browser.ask("POST", "/pesan", data=wanted, headers=headers).status_code == 403
    assert send(browser, "/pesan", {**wanted, "csrf": "x"}).status_code == 403
    assert send(browser, "/keranjang", {"jumlah-0": "5"}).status_code == 403
    placed = order(services, shop_id, [(rice, 1)])
    page = f"/pesanan/{placed.key.hex()}"
    for step in ("langkah", "pesan", "hapus"):
        fields = {"langkah": "cancel", "pesan": "x", "csrf": "x"}
        assert send(browser, f"{page}/{step}", fields).status_code == 403
    assert read(services, placed).story.standing.order == "placed"


@pytest.mark.parametrize("value", ["x", "AAAA", "é", "a" * 5_000, "gqEx"])
def test_a_basket_that_is_none_is_empty(browser: Browser, services: Services, value: str) -> None:
    browser.cookies["__Host-huyula-keranjang"] = value
    if value.isascii():
        assert "kosong" in browser.get("/keranjang").text
        assert browser.get("/pesan").status_code == 303


def test_texts_of_buyers_stay_texts(services: Services, shop_id: bytes, browser: Browser) -> None:
    rice = stock_up(services, shop_id, f"Beras {HOSTILE}"[:60], 9)
    add(browser, shop_id, rice)
    typed = {"nama": HOSTILE, "catatan": HOSTILE, "alamat": HOSTILE}
    fields = checkout(browser, **typed, **{f"ambil-{shop_id.hex()}": LIMBOTO})
    wrong = send(browser, "/pesan", {**fields, "telepon": HOSTILE[:20]})
    assert wrong.status_code == 422 and "<script>alert" not in wrong.text
    done = send(browser, "/pesan", fields)
    assert done.status_code == 303
    text = browser.get(done.headers["location"]).text
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text and "{{7*7}}" in text
    assert "script-src &#39;self&#39;" not in text
    with services.store.reading_shop(shop_id) as tx:
        from sqlalchemy import select

        (row,) = tx.rows(select(order_contact).where(tied(order_contact)))
    assert row.origin == "10.0.0.0/24"


def test_privacy_is_told_in_both_languages(services: Services) -> None:
    assert "90 hari" in Browser(services).get("/privasi").text
    assert "90 days" in Browser(services).get("/privasi?bahasa=en").text


def test_only_what_the_shop_brings_sets_out(
    services: Services, sample: Sample, signed_in: Callable[..., Browser]
) -> None:
    open_gerai(services, sample)
    rice, owner = stock_up(services, sample.shop_id, "Beras", 9), signed_in()
    brought = {"way": "delivery", "area": LIMBOTO, "fee": 5_000, "address": "Jl. Kelapa 1"}
    for more, sets_out in (({}, False), (brought, True)):
        placed = order(services, sample.shop_id, [(rice, 1)], **more)
        take_steps(services, sample.shop_id, placed.order_id, "shop", ["accept"])
        take_steps(services, sample.shop_id, placed.order_id, "shop", ["make_ready"])
        path = f"/kelola/{sample.shop_id.hex()}/pesanan/{placed.order_id.hex()}"
        assert ("Berangkat mengantar" in owner.get(path).text) is sets_out, more
