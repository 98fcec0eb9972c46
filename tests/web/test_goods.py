"""An owner writes a product down on a phone; a counter sells it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pos.catalog.goods import by_barcode
from pos.shifts.drawer import start_shift
from pos.sync.enrolment import enrol
from pos.sync.memory import server
from pos.sync.once import sync_once
from pos.sync.transport import HttpSender
from tests.helpers.counter import StillClock, cart_of, make_shop, sell
from tests.helpers.web_shop import NOW_MS
from tests.web.conftest import DESK, PHONE, Open, Site, sign_in

BOX = "8998866200318"


def write_down(page: Page, site: Site) -> None:
    """A product with two units and a price from a quantity on, with a slip on the way."""
    page.goto(f"{site.shop}/barang")
    page.get_by_role("link", name="Barang baru").click()
    expect(page.get_by_label("Nama", exact=True)).to_be_focused()
    page.get_by_label("Nama", exact=True).fill("Mi goreng sedap")
    page.get_by_label("Harga jual per satuan dasar").fill("3.500")
    page.get_by_label("Satuan dasar", exact=True).fill("bungkus")
    page.get_by_label("Stok awal").fill("200")
    page.get_by_role("button", name="Tambah satuan").click()
    box = page.get_by_role("group", name="Satuan lain 1")
    expect(box.get_by_label("Satuan", exact=True)).to_be_focused()
    box.get_by_label("Satuan", exact=True).fill("dus")
    box.get_by_label("Isi").fill("empat puluh")
    box.get_by_label("Harga").fill("130.000")
    box.get_by_label("Kode batang").fill(BOX)
    page.get_by_role("button", name="Tambah satuan").click()
    pack = page.get_by_role("group", name="Satuan lain 2")
    pack.get_by_label("Satuan", exact=True).fill("pak")
    pack.get_by_label("Isi").fill("5")
    page.get_by_role("button", name="Tambah harga").click()
    tier = page.get_by_role("group", name="Harga bertingkat 1")
    tier.get_by_label("Mulai jumlah").fill("10")
    tier.get_by_label("Harga per satuan dasar").fill("3.300")
    tier.get_by_label("Harga per satuan dasar").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Belum disimpan")
    wrong = page.get_by_role("group", name="Satuan lain 1").get_by_label("Isi")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_value("empat puluh")
    expect(wrong).to_be_focused()
    wrong.fill("40")
    page.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(page.get_by_role("status")).to_contain_text("Tersimpan")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_product_with_units_and_a_tier_is_sold_at_a_counter(
    open_page: Open, site: Site, tmp_path: Path, size: tuple[int, int], script: bool
) -> None:
    page = open_page(size, script=script)
    sign_in(page, site)
    page.goto(f"{site.shop}/kasir")
    page.get_by_role("button", name="Hubungkan kasir").click()
    code = page.locator(".code").inner_text()
    write_down(page, site)
    place = page.url.partition("?")[0]

    counter, sender = make_shop(tmp_path / "counter", StillClock(NOW_MS)), HttpSender(site.url)
    enrol(counter, site.url, code, sender)
    found = server(counter.db)
    assert found is not None
    sync_once(counter, found, sender)
    (box,) = by_barcode(counter.db, BOX)
    start_shift(counter, 100_000)
    cart = cart_of(counter, (box.product_id, 1_000), unit=box.unit)
    assert sell(counter, cart).total == 130_000
    assert sell(counter, cart_of(counter, (box.product_id, 2_000), unit="pak")).total == 33_000
    assert sell(counter, cart_of(counter, (box.product_id, 3_000))).total == 10_500
    sync_once(counter, found, sender)
    sender.close()
    counter.close()

    page.goto(place)
    expect(page.get_by_text("147 bungkus")).to_be_visible()
    page.get_by_role("button", name="Arsipkan").click()
    expect(page.get_by_role("status")).to_contain_text("Diarsipkan")
    page.get_by_role("button", name="Jual lagi").click()
    expect(page.get_by_role("status")).to_contain_text("Dijual lagi")
    expect(page.get_by_text(re.compile("^Dipakai")).first).to_be_visible()
