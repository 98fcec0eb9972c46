"""A buyer's account from its making to its end, in Chromium: with a script and without."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from server.db.migrate import migrate
from server.storefront.addresses import name_of
from tests.helpers.orders import open_shop, stock_up
from tests.helpers.web_server import served
from tests.helpers.web_shop import open_services, sqlite_address
from tests.web.conftest import PHONE
from tests.web.test_buying import check_fits

_NAME, _PHONE = "Ibu Hadija Monoarfa", "0812-4400-1234"
_STREET = "Jalan Raya Danau Limboto 115, rumah pagar bambu"


@pytest.fixture(scope="module")
def gerai(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a gerai is."""
    address = sqlite_address(tmp_path_factory.mktemp("accounts"))
    migrate(address)
    services = open_services(address)
    shop_id = open_shop(services, "Kebun Kopi", gerai_collect=True)
    stock_up(services, shop_id, "Kopi Pinogu", 20, price=25_000)
    path = f"/toko/{name_of(services, shop_id)}"
    with served(services) as url:
        yield url + path
    services.store.close()


class Account:
    """Somebody with a phone, and what they remember."""

    def __init__(self, chromium: Chromium, gerai: str, *, script: bool) -> None:
        self._chromium, self._script = chromium, script
        self.gerai, self.url = gerai, gerai.partition("/toko/")[0]
        self.password, self.code = f"ikan bakar rica {script}", ""
        self.page = self.browser()

    def browser(self) -> Page:
        """A page of a browser that was never here."""
        width, height = PHONE
        page = self._chromium.new_context(
            viewport={"width": width, "height": height},
            locale="id-ID",
            java_script_enabled=self._script,
        ).new_page()
        page.set_default_timeout(15_000)
        return page

    def open(self, path: str) -> None:
        """A page that must fit."""
        self.page.goto(self.url + path)
        check_fits(self.page)

    def press(self, name: str) -> None:
        """A button; what comes must fit."""
        self.page.get_by_role("button", name=name, exact=True).click()
        check_fits(self.page)

    def reads(self, heading: str) -> None:
        """The page is the one of that name."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def is_told(self, text: str) -> None:
        """Something went well."""
        expect(self.page.get_by_role("status")).to_contain_text(text)

    def copy_code(self) -> None:
        """Write the recovery code down and go on."""
        self.reads("Kode pemulihan Anda")
        self.code = self.page.locator(".spare").inner_text().strip()
        assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4})+", self.code)
        self.page.get_by_role("link", name="Sudah saya simpan").click()

    def confirm(self, section: str, button: str) -> None:
        """Press a button of the account's page with the password."""
        part = self.page.get_by_role("region", name=section)
        part.get_by_label("Kata sandi sekarang").fill(self.password)
        part.get_by_role("button", name=button, exact=True).click()
        check_fits(self.page)


def _make(buyer: Account) -> None:
    """At the checkout, which is come back to with the fields filled in."""
    page = buyer.page
    page.goto(buyer.gerai)
    buyer.press("Tambah Kopi Pinogu ke keranjang")
    buyer.press("Lanjut memesan")
    page.get_by_role("link", name="Punya akun?").click()
    page.get_by_role("link", name="Buat akun").click()
    buyer.reads("Buat akun")
    page.get_by_label("Nama", exact=True).fill(_NAME)
    page.get_by_label("Nomor ponsel").fill(_PHONE)
    page.get_by_label("Kata sandi").fill("ikan")
    page.get_by_label("Saya setuju").check()
    buyer.press("Buat akun")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Nama", exact=True)).to_have_value(_NAME)
    page.get_by_label("Kata sandi").fill(buyer.password)
    page.get_by_label("Saya setuju").check()
    buyer.press("Buat akun")
    buyer.copy_code()
    buyer.reads("Buat pesanan")
    expect(page.get_by_label("Nama", exact=True)).to_have_value(_NAME)


def _order(buyer: Account) -> None:
    """With an address that is kept because that was asked for."""
    page = buyer.page
    page.get_by_role("radio", name="Diantar ke").check()
    page.get_by_label("Alamat, kalau diantar").fill(_STREET)
    page.get_by_label("Simpan alamat").check()
    buyer.press("Kirim pesanan")
    expect(page.get_by_text("Pesanan ini ada di akun Anda.")).to_be_visible()
    buyer.open("/saya")
    expect(page.get_by_role("link", name="Kebun Kopi")).to_be_visible()
    expect(page.get_by_text("Kopi Pinogu")).to_be_visible()


def _addresses(buyer: Account) -> None:
    page = buyer.page
    buyer.open("/saya/alamat")
    expect(page.get_by_text(_STREET, exact=True)).to_be_visible()
    page.get_by_label("Alamat baru").fill("Kios 7, Pasar Sentral")
    buyer.press("Simpan alamat")
    buyer.is_told("Alamat sudah disimpan.")
    buyer.press("Hapus Kios 7, Pasar Sentral")
    buyer.is_told("Alamat sudah dihapus.")
    expect(page.get_by_text("Kios 7")).to_have_count(0)


def _favourites(buyer: Account) -> None:
    page = buyer.page
    page.goto(buyer.gerai)
    page.get_by_role("link", name="Kopi Pinogu").first.click()
    buyer.press("Favorit")
    buyer.is_told("Sudah tersimpan di favorit.")
    other = buyer.browser()
    other.goto(f"{buyer.url}/favorit")
    expect(other.get_by_text("Belum ada favorit")).to_be_visible()
    other.context.close()


def _sessions(buyer: Account) -> None:
    """Another browser is signed in, and out again by a new password at the first."""
    page, first = buyer.page, buyer.page
    buyer.page = other = buyer.browser()
    buyer.open("/saya/masuk")
    other.get_by_label("Nomor ponsel").fill(_PHONE)
    other.get_by_label("Kata sandi").fill(buyer.password)
    buyer.press("Masuk")
    buyer.reads("Pesanan saya")
    buyer.open("/favorit")
    expect(other.get_by_text("Kopi Pinogu")).to_be_visible()
    buyer.page = first
    buyer.open("/saya/akun")
    signed_in = page.get_by_role("region", name="Keluar").get_by_role("listitem")
    expect(signed_in).to_have_count(2)
    new = f"pisang goroho {buyer.password}"
    page.get_by_label("Kata sandi baru").fill(new)
    buyer.confirm("Ganti kata sandi", "Ganti")
    buyer.is_told("Kata sandi sudah diganti.")
    buyer.password = new
    expect(signed_in).to_have_count(1)
    other.goto(f"{buyer.url}/saya")
    expect(other.get_by_role("heading", level=1)).to_have_text("Masuk")
    other.context.close()


def _take_along(buyer: Account) -> None:
    with buyer.page.expect_download() as begun:
        buyer.page.get_by_role("link", name="Unduh semua data saya").click()
    told = json.loads(Path(begun.value.path()).read_text())
    assert _STREET in json.dumps(told) and "Kopi Pinogu" in json.dumps(told)


def _come_back(buyer: Account) -> None:
    """The password is forgotten; the code opens the account once and is another afterwards."""
    page, used = buyer.page, buyer.code
    buyer.press("Keluar di semua tempat")
    page.get_by_role("link", name="Lupa kata sandi").click()
    page.get_by_label("Kode pemulihan").fill(used.lower())
    buyer.password = f"sambal roa {buyer.password}"
    page.get_by_label("Kata sandi baru").fill(buyer.password)
    buyer.press("Masuk dengan kode")
    buyer.copy_code()
    assert buyer.code != used
    buyer.reads("Pesanan saya")
    expect(page.get_by_text("Kopi Pinogu")).to_be_visible()


def _leave(buyer: Account) -> None:
    page = buyer.page
    buyer.open("/saya/akun")
    right, buyer.password = buyer.password, "bukan sandinya"
    buyer.confirm("Hapus akun", "Hapus akun saya")
    expect(page.get_by_role("alert")).to_be_visible()
    buyer.password = right
    buyer.confirm("Hapus akun", "Hapus akun saya")
    buyer.reads("Akun sudah dihapus")
    page.get_by_role("link", name="Buka pesanan di Kebun Kopi").click()
    expect(page.get_by_text("Menunggu jawaban toko")).to_be_visible()
    buyer.open("/saya/masuk")
    page.get_by_label("Nomor ponsel").fill(_PHONE)
    page.get_by_label("Kata sandi").fill(right)
    buyer.press("Masuk")
    expect(page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_from_its_making_to_its_end(chromium: Chromium, gerai: str, *, script: bool) -> None:
    buyer = Account(chromium, gerai, script=script)
    for part in (
        _make, _order, _addresses, _favourites, _sessions, _take_along, _come_back, _leave,
    ):  # fmt: skip
        part(buyer)
    buyer.page.context.close()
