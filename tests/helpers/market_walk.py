"""A market of two shops with a real counter each, a gateway, and a buyer with a browser.

Everybody is a process of their own: the service, the gateway's sandbox, each counter.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, expect

from server.db.migrate import migrate
from server.db.store import Store
from server.db.types import show_id
from server.devices.pairing import make_code
from server.sealed import add_key
from server.services import Services
from tests.helpers.orders import open_shop, stock_up
from tests.helpers.process import ROOT, Machine
from tests.helpers.sandbox import KEY, Sandbox, sandbox_running
from tests.helpers.server_process import environment, server_command, serving
from tests.helpers.web_shop import sqlite_address

STOCK = 20


class Shop(NamedTuple):
    """A shop with its counter: what it sells, for how much."""

    name: str
    counter: Machine
    goods: str
    price: int

    def do(self, *words: str) -> None:
        """A command at the counter that must be well."""
        answer = self.counter.run(*words)
        assert answer.code == 0, (words, answer.err)

    def sync(self) -> None:
        """A round with the server."""
        self.do("sync", "--once")

    def take(self, number: str) -> None:
        """Hear of an order and accept it."""
        self.sync()
        waiting = {str(one["order"]): one for one in self.counter.run("orders").lines}
        assert waiting[number]["state"] == "placed" and waiting[number]["buyer"] == "Ibu Hadija"
        self.do("order", "accept", number)
        self.sync()


class Market(NamedTuple):
    """Where the market is, its two shops, and the gateway of the first one."""

    url: str
    address: str
    kopi: Shop
    kain: Shop
    gateway: Sandbox


def _shop(services: Services, place: Path, name: str, goods: str, price: int) -> tuple[Shop, bytes]:
    shop_id = open_shop(services, name)
    stock_up(services, shop_id, goods, STOCK, price=price)
    machine = Machine(place / goods, goods)
    return Shop(name, machine, goods, price), shop_id


@contextmanager
def running_market(place: Path) -> Iterator[Market]:
    """All of it; the counters are enrolled and have a shift open."""
    address = sqlite_address(place)
    migrate(address)
    services = Services(Store(address))
    kopi, paid = _shop(services, place, "Kebun Kopi", "Kopi Pinogu", 25_000)
    kain, other = _shop(services, place, "Toko Karawo", "Kipas karawo", 45_000)
    add_key(place / "sealing.keys")
    secret = {"HUYULA_SEALING_KEYS": str(place / "sealing.keys")}
    with ExitStack() as stack:
        gateway = stack.enter_context(sandbox_running())
        account = ("payments", "account", show_id(paid), "--environment", "sandbox")
        command(address, *account, "--base", gateway.url, HUYULA_PROVIDER_KEY=KEY, **secret)
        served = stack.enter_context(serving(address, log=place / "server.log", **secret))
        for shop, shop_id in ((kopi, paid), (kain, other)):
            shop.do("init", "--shop", shop.name, "--owner", "Sri")
            shop.do("enrol", served.url, make_code(services, shop_id).code)
            shop.do("shift", "open", "--float", "100000")
            shop.sync()
        services.store.close()
        yield Market(served.url, address, kopi, kain, gateway)


def command(address: str, *words: str, **secret: str) -> None:
    """A command of the server that must be well."""
    done = subprocess.run(
        server_command(address, *words), env=environment(**secret), cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


class Buyer:
    """Somebody with a browser."""

    def __init__(self, page: Page, url: str, *, script: bool) -> None:
        self.page = page
        self._url = url
        self._script = script

    def put_into_basket(self, goods: str) -> None:
        """Find it among all shops."""
        page = self.page
        page.goto(f"{self._url}/pasar")
        page.get_by_role("searchbox").fill(goods.lower())
        page.get_by_role("searchbox").press("Enter")
        page.get_by_role("link", name=re.compile(goods)).first.click()
        page.get_by_role("button", name="Tambah ke keranjang").click()
        expect(page.get_by_role("status")).to_have_text("Sudah masuk keranjang.")

    def order(
        self, market: Market, look: Callable[[Page], None] = lambda page: None
    ) -> tuple[str, str]:
        """Order from both shops; the pages of the orders. `look`: at the filled form."""
        page = self.page
        page.get_by_role("button", name="Lanjut memesan").click()
        page.get_by_role("radio", name=re.compile("^Dulu, secara online")).check()
        page.get_by_label("Nama").fill("Ibu Hadija")
        page.get_by_label("Nomor ponsel (WhatsApp)").fill("0812-4400-1234")
        look(page)
        page.get_by_role("button", name="Kirim pesanan").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Pesanan terkirim")
        links = [
            page.get_by_role("link", name=f"Buka pesanan di {shop.name}").get_attribute("href")
            for shop in (market.kopi, market.kain)
        ]
        assert all(links) and len(set(links)) == 2
        return f"{self._url}{links[0]}", f"{self._url}{links[1]}"

    def number(self, order: str) -> str:
        """The shop's number of an order."""
        self.page.goto(order)
        found = re.search(r"\d+", self.page.get_by_role("heading", level=1).inner_text())
        assert found is not None
        return found[0]

    def sees(self, order: str, text: str | re.Pattern[str], within_ms: int = 15_000) -> None:
        """The order's page says so; without a script it is looked at again and again."""
        if self.page.url != order:
            self.page.goto(order)
        said = self.page.get_by_text(text).first
        if self._script:
            expect(said).to_be_visible(timeout=within_ms)
            return
        until = time.monotonic() + within_ms / 1000
        while True:
            try:
                return expect(said).to_be_visible(timeout=500)
            except AssertionError:
                if time.monotonic() > until:
                    raise
            self.page.reload()

    def pay(self, order: str) -> None:
        """On the provider's own page, and back."""
        page = self.page
        if page.url != order:
            page.goto(order)
        page.get_by_role("button", name="Bayar sekarang").click()
        if page.url.startswith(self._url):
            page.get_by_role("link", name="Lanjut membayar").click()
        page.get_by_role("button", name="QRIS", exact=True).click()
        page.get_by_role("button", name="Bayar / Pay").click()
        page.get_by_role("link", name=re.compile("Kembali ke toko")).click()
        expect(page).to_have_url(order)

    def review(self, order: str, words: str) -> None:
        """Say that it was received, and how it was."""
        page = self.page
        page.get_by_role("button", name="Barang sudah saya terima dengan baik").click()
        expect(page.get_by_text("Selesai", exact=True).first).to_be_visible()
        page.get_by_role("radio", name=re.compile("sangat puas")).check()
        page.get_by_label("Ceritakan").fill(words)
        page.get_by_role("button", name="Kirim ulasan").click()
        self.sees(order, words)

    def gerai(self, shop: Shop) -> str:
        """The page of a shop, through the market's list."""
        page = self.page
        page.goto(f"{self._url}/pasar")
        page.get_by_role("link", name=re.compile(shop.name)).first.click()
        return page.url

    def digits(self, order: str) -> str:
        """What is said at the counter."""
        self.sees(order, re.compile(r"^\d{4}$"))
        return self.page.locator(".digits").inner_text()
