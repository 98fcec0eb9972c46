"""Names as long as shops have them fit a phone: nothing touches, nothing scrolls sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.helpers.orders import open_shop, order, set_plain, stock_up
from tests.helpers.web_gerai import set_gerai
from tests.helpers.web_shop import open_services
from tests.web.conftest import DESK, PHONE, Open, Site, sign_in
from tests.web.test_owner import overflow

LONG = "Koperasi Simpan Pinjam dan Serba Usaha Tani Makmur Sejahtera Limboto Barat"


def test_the_way_back_from_an_order_keeps_off_the_header(open_page: Open, site: Site) -> None:
    services = open_services(site.address)
    shop_id = open_shop(services)
    set_plain(services, shop_id, shop_name=LONG)
    goods = stock_up(services, shop_id, "Beras", 5)
    placed = order(services, shop_id, [(goods, 1)])
    services.store.close()
    page = open_page(PHONE, script=False)
    page.goto(f"{site.url}/pesanan/{placed.key.hex()}")
    header = page.locator("header").bounding_box()
    back = page.locator("a.back")
    box = back.bounding_box()
    title = page.get_by_role("heading", level=1).bounding_box()
    assert header and box and title and overflow(page) == 0
    assert box["y"] >= header["y"] + header["height"] + 8
    assert title["y"] >= box["y"] + box["height"]
    inked = back.evaluate(
        "one => { const all = document.createRange(); all.selectNodeContents(one);"
        " const box = all.getBoundingClientRect(); return [box.top, box.bottom] }"
    )
    assert inked[0] >= box["y"] and inked[1] <= box["y"] + box["height"]


_BEYOND = """all => all.filter(one => {
    const text = document.createRange();
    text.selectNodeContents(one);
    const box = one.parentElement.getBoundingClientRect();
    const inside = text.getBoundingClientRect();
    return text.getClientRects().length > 1 || inside.right > box.right - 8;
  }).map(one => one.textContent)"""
"""Amounts that are broken into two lines, or run over the edge of what they stand in."""


def beyond(page: Page, what: str) -> list[str]:
    found = page.locator(what)
    assert found.count()
    broken: list[str] = found.evaluate_all(_BEYOND)
    return broken


@pytest.mark.parametrize("size", [PHONE, (960, 800), DESK], ids=["phone", "tablet", "desk"])
def test_an_amount_of_billions_is_whole_and_inside_its_tile(
    open_page: Open, site: Site, size: tuple[int, int]
) -> None:
    services, shop_id = open_services(site.address), site.sample.shop_id
    goods = stock_up(services, shop_id, "Mobil bak terbuka", 5, price=1_250_000_000)
    services.store.close()
    page = open_page(size)
    sign_in(page, site)
    page.goto(f"{site.shop}/barang/{goods.hex()}")
    assert beyond(page, ".tile .much") == [] and overflow(page) == 0
    # A day and a field of two places with such amounts; their pages are the same with smaller ones.
    long = "all => all.forEach(one => { one.textContent = 'Rp\\u00a01.250.797.625' })"
    page.goto(site.shop)
    page.get_by_text("Lihat sebagai tabel").click()
    page.locator(".tile .much, td.money").evaluate_all(long)
    assert beyond(page, ".tile .much") == [] and overflow(page) == 0
    page.goto(f"{site.shop}/dua-tempat")
    page.locator(".two .value").evaluate_all(long)
    assert beyond(page, ".two .value") == [] and overflow(page) == 0


def test_a_state_keeps_off_the_amount(open_page: Open, site: Site) -> None:
    services, shop_id = open_services(site.address), site.sample.shop_id
    set_gerai(services, shop_id, gerai_open=True, gerai_collect=True)
    goods = stock_up(services, shop_id, "Mesin giling", 5, price=1_250_000_000)
    order(services, shop_id, [(goods, 1)])
    services.store.close()
    page = open_page(PHONE, script=False)
    sign_in(page, site)
    page.goto(f"{site.shop}/pesanan")
    state = page.get_by_text("Menunggu jawaban toko").bounding_box()
    amount = page.get_by_text("Rp\u00a01.250.000.000").bounding_box()
    assert state and amount
    assert (
        state["x"] + state["width"] <= amount["x"] or state["y"] >= amount["y"] + amount["height"]
    )
