"""A buyer's walk in Chromium, on a phone: with a script and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from server.orders.reading import find_order
from server.orders.stepping import take_steps
from server.orders.talking import say
from tests.helpers.orders import open_shop, stock_up
from tests.helpers.web_gerai import open_gerai
from tests.helpers.web_shop import open_services
from tests.web.conftest import PHONE, Open, Site

_TOUCHED = (
    "main button, main .button, main label.tick, main select, main textarea, "
    "main input:not([hidden], [type=hidden], [type=radio], [type=checkbox])"
)


def check_fits(page: Page) -> None:
    """Nothing goes beyond the phone's width, and whatever is touched is large enough."""
    wide = page.locator("html").evaluate("one => one.scrollWidth")
    assert wide <= PHONE[0], (page.url, wide)
    small = page.evaluate(
        """(wanted) => [...document.querySelectorAll(wanted)]
             .filter((one) => one.getBoundingClientRect().height < 44)
             .map((one) => one.outerHTML.slice(0, 120))""",
        _TOUCHED,
    )
    assert not small, (page.url, small)


@pytest.mark.parametrize("script", [True, False])
def test_from_two_shelves_to_the_orders_page(site: Site, open_page: Open, *, script: bool) -> None:
    services = open_services(site.address)
    path = open_gerai(services, site.sample)
    other = open_shop(services, "Toko Karawo")
    stock_up(services, other, "Kain karawo", 3)
    from server.storefront.addresses import name_of

    page = open_page(PHONE, script=script)
    page.goto(site.url + path)
    page.get_by_text("Minyak goreng 1 L").click()
    check_fits(page)
    page.get_by_label("Banyaknya").fill("2")
    page.get_by_role("button", name="Tambah ke keranjang").click()
    expect(page.get_by_role("status")).to_have_text("Sudah masuk keranjang.")
    page.goto(f"{site.url}/toko/{name_of(services, other)}")
    page.get_by_role("button", name="Tambah Kain karawo ke keranjang").click()
    check_fits(page)
    page.get_by_label("Jumlah Kain karawo").fill("5")
    page.get_by_role("button", name="Hitung ulang").click()
    expect(page.get_by_role("alert")).to_contain_text("Kain karawo tinggal 3 pcs")
    page.get_by_label("Jumlah Kain karawo").fill("1")
    page.get_by_role("button", name="Lanjut memesan").click()
    check_fits(page)
    page.get_by_label("Nama").fill("Ibu Hadija")
    page.get_by_label("Nomor ponsel (WhatsApp)").fill("0812-4400-1234")
    page.get_by_role("button", name="Kirim pesanan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pesanan terkirim")
    check_fits(page)
    page.get_by_role("link", name="Buka pesanan di Warung Ibu Sri").click()
    check_fits(page)
    expect(page.get_by_text("Menunggu jawaban toko")).to_be_visible()
    found = re.search(r"/pesanan/([0-9a-f]{32})", page.url)
    assert found is not None
    place = find_order(services, bytes.fromhex(found[1]))
    assert place is not None
    take_steps(services, *place, "shop", ["accept"])
    say(services, *place, "shop", "Silakan diambil sore ini.")
    if not script:
        page.reload()
    # With a script the page renews itself.
    expect(page.get_by_text("Silakan diambil sore ini.")).to_be_visible(timeout=15_000)
    expect(page.locator(".digits")).to_have_text(re.compile(r"\d{4}"))
    check_fits(page)
    page.get_by_role("button", name="Batalkan pesanan").click()
    expect(page.get_by_text("Dibatalkan", exact=True)).to_be_visible()
    page.get_by_role("button", name="Hapus data saya sekarang").click()
    expect(page.get_by_text("sudah dihapus")).to_be_visible()
    services.store.close()
