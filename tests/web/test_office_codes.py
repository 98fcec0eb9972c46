"""The office comes in for the first time, loses its phone and comes back, in Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from server.accounts.office import add_office_user
from tests.helpers.phones import Phone
from tests.helpers.web_shop import NOW_MS, PASSWORD, open_services
from tests.web.conftest import DESK, PHONE, Open, Site
from tests.web.test_owner import _LOW, overflow

DINAS = "dinas@contoh.id"


def fits(page: Page) -> None:
    """Nothing goes beyond the page's width, and whatever is touched is large enough."""
    assert overflow(page) == 0, page.url
    assert page.locator("main .button, main input, main summary").evaluate_all(_LOW) == [], page.url


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    fits(page)


def reads(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def enter(page: Page, site: Site, code: str = "") -> None:
    page.goto(f"{site.url}/masuk?lanjut=/dinas")
    page.get_by_label("Surel").fill(DINAS)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    press(page, "Masuk")
    if code:
        reads(page, "Kode dari ponsel")
        page.get_by_text("Ponsel saya hilang atau tertinggal").click()
        page.get_by_label("Satu kode pemulihan").fill(code)
        press(page, "Masuk")


def scan(page: Page) -> Phone:
    """Read the key as text, as whoever cannot scan does."""
    expect(page.get_by_role("img", name=re.compile("Kode QR"))).to_be_visible()
    page.get_by_text(re.compile("^Tidak dapat memindai")).click()
    fits(page)
    secret = "".join(page.locator(".key").inner_text().split())
    link = page.get_by_role("link", name="Buka di aplikasi kode")
    assert f"secret={secret}" in str(link.get_attribute("href"))
    return Phone(secret)


def copied(page: Page) -> list[str]:
    """The recovery codes, written down; then on."""
    reads(page, "Kode pemulihan Anda")
    codes = page.locator(".spare li").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="Sudah saya simpan").click()
    return codes


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_first_day_and_the_day_the_phone_is_lost(
    open_page: Open, site: Site, size: tuple[int, int], script: bool
) -> None:
    services = open_services(site.address)
    add_office_user(services, DINAS, PASSWORD)
    services.store.close()

    page = open_page(size, script=script)
    enter(page, site)
    reads(page, "Pasang kode dari ponsel")
    expect(page.get_by_text(re.compile("^Akun Dinas memutuskan"))).to_be_visible()
    page.goto(f"{site.url}/dinas")
    reads(page, "Pasang kode dari ponsel")
    phone = scan(page)
    page.get_by_label("Enam angka yang tampil").fill("000000")
    press(page, "Pasang")
    expect(page.get_by_text("Enam angka itu tidak cocok")).to_be_visible()
    page.get_by_label("Enam angka yang tampil").fill(phone.code(NOW_MS))
    press(page, "Pasang")
    codes = copied(page)
    reads(page, "Untuk diputuskan Dinas")

    page.goto(f"{site.url}/akun")
    expect(page.get_by_text("jadi kode tidak dapat dilepas")).to_be_visible()
    expect(page.get_by_text("Lepas kode")).to_have_count(0)
    expect(page.get_by_text("Sisa 10 dari 10.")).to_be_visible()
    press(page, "Keluar di sini")

    enter(page, site)
    page.get_by_label("Enam angka").fill(phone.code(NOW_MS))
    press(page, "Masuk")
    reads(page, "Untuk diputuskan Dinas")
    page.goto(f"{site.url}/akun")
    press(page, "Keluar di sini")
    enter(page, site, codes[0].lower())
    reads(page, "Pasang kode dari ponsel")
    expect(page.get_by_role("status")).to_contain_text("sisanya 9")
    page.get_by_role("link", name="Lewati").click()
    reads(page, "Untuk diputuskan Dinas")
    page.goto(f"{site.url}/akun")
    part = page.get_by_role("region", name="Kode pemulihan")
    expect(part.get_by_text("Sisa 9 dari 10.")).to_be_visible()
    part.get_by_text("Buat kode baru").first.click()
    part.get_by_label("Kata sandi sekarang").fill(PASSWORD)
    part.get_by_label(re.compile("^Enam angka")).fill(codes[0])
    press(page, "Buat kode baru")
    expect(page.get_by_text("tidak dikenal atau sudah dipakai")).to_be_visible()
    part.get_by_label("Kata sandi sekarang").fill(PASSWORD)
    part.get_by_label(re.compile("^Enam angka")).fill(phone.code(NOW_MS))
    press(page, "Buat kode baru")
    assert not set(copied(page)) & set(codes)
    reads(page, "Akun Anda")
