"""The heart marks goods in the buyer's own browser; the page says how they stand now."""

from __future__ import annotations

import re

from server.db.types import parse_id
from server.services import Services
from server.web.favourites import MOST
from tests.helpers.orders import open_shop, stock_up
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_gerai import open_gerai, put_online, set_gerai
from tests.helpers.web_shop import Sample

SAME = {"sec-fetch-site": "same-origin"}
COOKIE = "__Host-huyula-favorit"


def _mark(browser: Browser, shop_id: bytes, product_id: bytes, **given: object) -> int:
    fields = {"toko": shop_id.hex(), "barang": product_id.hex()}
    headers = given.pop("headers", SAME)
    return browser.post("/favorit/tambah", fields, headers=headers).status_code


def _send(browser: Browser, action: str) -> None:
    """The first such form of the page, as a browser sends it."""
    forms = PageReader(browser.get("/favorit").text).forms
    form = next(one for one in forms if one.action == action)
    assert browser.post(action, dict(form.fields), headers=SAME).status_code == 303


def _names(text: str) -> list[str]:
    return re.findall(r'class="what">([^<]*)<', text)


def test_marked_goods_are_listed_newest_first_with_what_they_cost_now(
    services: Services, sample: Sample, browser: Browser
) -> None:
    place = open_gerai(services, sample)
    form = next(one for one in PageReader(browser.get(place).text).forms if "barang" in one.fields)
    assert form.fields["toko"] == sample.shop_id.hex(), "the heart is a button of the form"
    other = open_shop(services, "Toko Lain")
    goods = stock_up(services, other, "Kain karawo", 3)
    assert _mark(browser, sample.shop_id, sample.goods[1]) == 303
    assert _mark(browser, other, goods) == 303
    assert _mark(browser, sample.shop_id, sample.goods[1]) == 303
    page = browser.get("/favorit?baru=1")
    assert _names(page.text) == ["Gula pasir", "Kain karawo"]
    assert "Sudah tersimpan" in page.text and page.headers["cache-control"] == "no-store"
    put_online(services, sample.shop_id, sample.goods[1], price=19_999)
    set_gerai(services, other, gerai_open=False)
    text = browser.get("/favorit").text
    assert "Rp\xa019.999" in text and "tidak dijual online lagi" in text
    assert _names(browser.get("/favorit?bahasa=en").text)[0] == "Gula pasir"
    # From there into the basket, and away.
    _send(browser, "/keranjang/tambah")
    assert "Gula pasir" in browser.get("/keranjang").text
    _send(browser, "/favorit/hapus")
    assert _names(browser.get("/favorit").text) == ["Barang ini"]
    _send(browser, "/favorit/hapus")
    assert COOKIE not in browser.cookies and "Belum ada favorit" in browser.get("/favorit").text


def test_only_what_is_sold_is_marked_by_our_own_forms_and_not_too_much(
    services: Services, sample: Sample, browser: Browser
) -> None:
    open_gerai(services, sample)
    put_online(services, sample.shop_id, sample.goods[0], online=False)
    assert _mark(browser, sample.shop_id, sample.goods[0]) == 404
    assert _mark(browser, sample.goods[0], sample.goods[1]) == 404
    assert browser.post("/favorit/tambah", {"toko": "x"}, headers=SAME).status_code == 404
    cross = {"sec-fetch-site": "cross-site"}
    assert _mark(browser, sample.shop_id, sample.goods[1], headers=cross) == 403
    assert COOKIE not in browser.cookies
    shop_id = open_shop(services)
    for number in range(MOST + 2):
        assert _mark(browser, shop_id, stock_up(services, shop_id, f"Barang {number}", 1)) == 303
    names = _names(browser.get("/favorit").text)
    assert len(names) == MOST and names[0] == f"Barang {MOST + 1}" and names[-1] == "Barang 2"
    assert len(browser.cookies[COOKIE]) < 3_500
    wrong = {"csrf": "0" * 32, "toko": shop_id.hex(), "barang": parse_id("0" * 32).hex()}
    assert browser.post("/favorit/hapus", wrong, headers=SAME).status_code == 403
    for hostile in ("x", "gA", "kA" * 50, '"><script>'):
        browser.cookies[COOKIE] = hostile
        assert "Belum ada favorit" in browser.get("/favorit").text
