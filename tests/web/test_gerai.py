"""A buyer with a cheap phone and one at a desk, and the owner who opens the gerai, in Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from server.storefront.face import Face
from server.storefront.hours import Holiday
from tests.helpers.web_gerai import open_gerai, put_online, set_gerai
from tests.helpers.web_shop import open_services
from tests.web.conftest import DESK, PHONE, Open, Site, sign_in
from tests.web.test_owner import overflow

LONG = "Kain karawo sutra bordir tangan motif asli Ayula, enam bulan pengerjaan, 2 x 1,15 meter"


@pytest.fixture
def gerai(site: Site) -> str:
    """The address of the sample shop's gerai, with names and prices that are hard to fit."""
    services = open_services(site.address)
    place = open_gerai(services, site.sample, gerai_holidays=(Holiday("2026-11-24", "2026-11-25"),))
    put_online(services, site.sample.shop_id, site.sample.goods[4], name=LONG, price=1_250_000_000)
    put_online(services, site.sample.shop_id, site.sample.goods[6], name="Panjang" * 20)
    services.store.close()
    return f"{site.url}{place}"


@pytest.mark.parametrize("size", [PHONE, DESK, (320, 568)], ids=["phone", "desk", "small"])
def test_a_buyer_finds_a_product_without_scripts_and_nothing_scrolls_sideways(
    open_page: Open, site: Site, gerai: str, size: tuple[int, int]
) -> None:
    page = open_page(size, script=False)
    page.goto(gerai)
    assert overflow(page) == 0
    expect(page.get_by_role("status")).to_contain_text("Libur")
    for one in page.locator(".goods .price b").all():
        box, card = one.bounding_box(), one.locator("xpath=ancestor::a").bounding_box()
        assert box and card and box["x"] + box["width"] <= card["x"] + card["width"]
    page.get_by_label("Cari barang").fill("karawo")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name=re.compile("^Kain karawo")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LONG)
    assert overflow(page) == 0
    page.get_by_role("link", name="English").click()
    expect(page.get_by_text("Units and prices")).to_be_visible()
    for one in page.locator("main .button, .chips a, footer a").all():
        box = one.bounding_box()
        assert box and box["height"] >= 44


def test_the_shops_own_face_is_seen(open_page: Open, site: Site, gerai: str) -> None:
    services = open_services(site.address)
    set_gerai(services, site.sample.shop_id, gerai_face=Face("sendiri", "#ffd400", "#7a1fa2"))
    services.store.close()
    grounds = []
    for dark in (False, True):
        page = open_page(PHONE, dark=dark)
        page.goto(gerai)
        cover = page.locator(".cover")
        grounds.append(cover.evaluate("one => getComputedStyle(one).backgroundColor"))
        cloth = page.locator(".cloth").evaluate("one => getComputedStyle(one).backgroundImage")
        assert "/kain.svg?v=" in cloth
    assert grounds[0] != grounds[1] and "rgb(255, 212, 0)" not in grounds


def test_the_owner_looks_before_saving(open_page: Open, site: Site, gerai: str) -> None:
    page = open_page(PHONE, script=False)
    sign_in(page, site)
    page.goto(f"{site.shop}/gerai")
    assert overflow(page) == 0
    page.get_by_label("Cerita toko").fill("Cerita yang baru")
    page.get_by_label("Warna", exact=True).select_option("ungu")
    page.get_by_role("button", name="Lihat dulu").click()
    expect(page.get_by_text("Pratinjau: belum disimpan.")).to_be_visible()
    expect(page.get_by_text("Cerita yang baru")).to_be_visible()
    page.get_by_role("button", name="Ubah lagi").click()
    expect(page.get_by_label("Cerita toko")).to_have_value("Cerita yang baru")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("status").first).to_contain_text("Tersimpan")
    page.goto(gerai)
    expect(page.get_by_text("Cerita yang baru")).to_be_visible()
