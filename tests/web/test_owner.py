"""An owner with a cheap phone and one at a desk, with scripts and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.web_pages import all_pages
from tests.web.conftest import DESK, PHONE, Open, Site, sign_in


def overflow(page: Page) -> int:
    """How far the page scrolls sideways (0: not at all)."""
    box = page.locator("html").evaluate("one => [one.scrollWidth, one.clientWidth]")
    return int(box[0] - box[1])


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_day_of_an_owner(
    open_page: Open, site: Site, size: tuple[int, int], script: bool
) -> None:
    page = open_page(size, script=script)
    sign_in(page, site)
    expect(page.get_by_role("link", name=re.compile("^Penjualan Rp"))).to_be_visible()

    page.get_by_role("link", name=re.compile(r"^Pukul 15: Rp")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Penjualan")
    page.get_by_role("link", name=re.compile("K1-.*97.500")).click()
    expect(page.get_by_text("Ikan cakalang fufu")).to_be_visible()

    page.get_by_role("navigation", name="Menu utama").get_by_text("Barang", exact=True).click()
    page.get_by_label("Cari nama, kode, atau kode batang").fill("beras")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name=re.compile("^Beras Pulo")).click()
    page.get_by_role("link", name="Ubah").click()
    page.get_by_label("Harga jual per satuan dasar").fill("74.500")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("status")).to_contain_text("Tersimpan")
    expect(page.get_by_text("Rp 74.500").first).to_be_visible()

    page.goto(f"{site.shop}/kasir")
    page.get_by_role("button", name="Hubungkan kasir").click()
    expect(page.locator(".code")).to_have_text(re.compile(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$"))
    expect(page.get_by_role("img", name=re.compile("Kode QR"))).to_be_visible()
    if script:
        expect(page.get_by_role("timer")).not_to_have_text("10:00")
    else:
        expect(page.get_by_role("timer")).to_have_text("10:00")


@pytest.mark.parametrize("size", [PHONE, DESK, (320, 568)], ids=["phone", "desk", "small"])
def test_nothing_scrolls_sideways(open_page: Open, site: Site, size: tuple[int, int]) -> None:
    page = open_page(size)
    sign_in(page, site)
    for path in all_pages(site.sample):
        page.goto(site.url + path)
        assert overflow(page) == 0, path


_LOW = """all => all
  .filter(one => one.type !== 'checkbox' && one.checkVisibility({visibilityProperty: true}))
  .map(one => [one.getBoundingClientRect(), one.innerText || one.name])
  .filter(([box]) => box.width && box.height && box.height < 44)
  .map(([box, name]) => `${name}: ${box.height}`)"""
"""What a finger may miss: asked in the page, for a hundred pages have thousands of them."""


def test_what_is_touched_is_large_enough(open_page: Open, site: Site) -> None:
    page = open_page(PHONE)
    sign_in(page, site)
    for path in all_pages(site.sample):
        page.goto(site.url + path)
        touched = page.locator("main .button, main a.row, .menu a, input, select")
        assert touched.count(), path
        assert touched.evaluate_all(_LOW) == [], path


def test_the_list_follows_what_is_typed(open_page: Open, site: Site) -> None:
    page = open_page(PHONE)
    sign_in(page, site)
    page.goto(f"{site.shop}/barang")
    page.get_by_label("Cari nama, kode, atau kode batang").press_sequentially("kopi")
    expect(page.get_by_text("1 barang ditemukan")).to_be_visible()
    expect(page).to_have_url(re.compile("cari=kopi"))
    expect(page.get_by_label("Cari nama, kode, atau kode batang")).to_be_focused()


def test_the_keyboard_skips_to_the_content(open_page: Open, site: Site) -> None:
    page = open_page(DESK)
    sign_in(page, site)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Langsung ke isi")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#isi")).to_be_focused()


def test_the_address_that_password_keepers_read_is_not_shown(open_page: Open, site: Site) -> None:
    page = open_page(PHONE)
    sign_in(page, site)
    page.goto(f"{site.url}/akun")
    keeper = page.locator("input[autocomplete=username]")
    expect(keeper.first).to_be_attached()
    assert not any(one.is_visible() for one in keeper.all())


def test_dark_follows_the_phone(open_page: Open, site: Site) -> None:
    grounds = []
    for dark in (False, True):
        page = open_page(PHONE, dark=dark)
        page.goto(f"{site.url}/masuk")
        body = page.locator("body")
        grounds.append(body.evaluate("one => getComputedStyle(one).backgroundColor"))
    assert grounds == ["rgb(246, 243, 236)", "rgb(16, 22, 20)"]


def test_nothing_moves_while_a_page_loads(open_page: Open, site: Site) -> None:
    page = open_page(PHONE)
    sign_in(page, site)
    page.goto(site.shop)
    shift = page.evaluate(
        """() => new Promise(done => {
          let sum = 0;
          new PerformanceObserver(list => list.getEntries().forEach(one => { sum += one.value }))
            .observe({type: "layout-shift", buffered: true});
          requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
        })"""
    )
    assert shift <= 0.02
