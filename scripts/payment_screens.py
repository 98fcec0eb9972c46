"""Pictures of what becomes of money that comes through a provider: payouts that were recorded, that
wait and that were set aside, a key that is refused, money that a bank took back, and an order of
two shops at once. Part of `make screens`; by `web_screens.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, Final

from playwright.sync_api import Browser, Page

from core.dates import local_time
from server.accounts.people import add_user
from server.orders.door import PaidOrders
from server.orders.placing import Placed
from server.orders.stepping import take_steps
from server.payments.accounts import Account, set_account
from server.payments.asking import Ask, ask
from server.payments.looking import look
from server.payments.paying import Paying
from server.payments.payout_lines import set_aside
from server.payments.payout_reading import waiting
from server.payments.payouts import Arrived, record, take_back
from server.payments.provider import Line
from server.payments.reports import take_report
from server.payments.rows import Payment
from server.sealed import Vault
from server.services import Services
from server.storefront.addresses import name_of
from tests.helpers.near_gateway import NearGateway
from tests.helpers.orders import BUYER, open_shop, order, stock_up
from tests.helpers.sandbox import KEY
from tests.helpers.web_shop import NOW_MS, OWNER, PASSWORD, Clock, open_services

Look = dict[str, Any]
Shoot = Callable[[Page, str], None]
"""Makes the picture of a page, under a name."""

PRICE: Final = 68_000
FEE: Final = 476
_DAY_MS: Final = 86_400_000
_OUT: Final = "Payout ID,Status,Amount,Net Amount,Payout Date"


class Paid:
    """Two gerai, one of which is paid through a provider and paid out by it."""

    def __init__(self, address: str) -> None:
        """Some days of it, up to the moment at which all pictures stand."""
        self.clock = Clock(NOW_MS - 6 * _DAY_MS)
        # Ids as they are every time: they are in what the provider calls a payment.
        services = replace(open_services(address, self.clock), random=Random(11).randbytes)
        self.services: Services = replace(services, vault=Vault([bytes(32)]))
        self.gateway = NearGateway(self.clock)
        self.paying = Paying(self.services, PaidOrders(), self.gateway.connect)
        self.shop_id = open_shop(self.services, "Kopi Pinogu Ibu Ratna")
        self.other = open_shop(self.services, "Kios Buah Pak Yusuf")
        add_user(self.services, OWNER, PASSWORD, self.shop_id, "owner")
        account = Account("sandbox", KEY, base="https://sandbox.invalid")
        set_account(self.services, self.shop_id, account)
        self.coffee = stock_up(self.services, self.shop_id, "Kopi Pinogu 250 g", 90, price=34_000)
        self.fruit = stock_up(self.services, self.other, "Nanas Gorontalo", 90, price=12_000)
        self.phones = (f"0812-4400-{at}" for at in range(2000, 3000))
        self._days()

    def _days(self) -> None:
        for _ in range(3):
            self._paid()
            self.clock.now_ms += _DAY_MS
        self._record(2 * (PRICE - FEE), until_days=2, reference="TRF/2026/0311")
        wrong = self._record(50_000, reference="")
        take_back(self.services, self.shop_id, wrong, bytes(16))
        for _ in range(2):
            self._paid()
        self.clock.now_ms += _DAY_MS
        self._record(PRICE, reference="")
        self._record(250_000, reference="MID-88120")
        days = [self._day(back) for back in (0, 1, 2)]
        lines = [
            f"MID-88131,completed,{PRICE},,{days[0]}",
            f"MID-88104,completed,1250000,,{days[1]}",
            f"MID-88097,completed,415000,,{days[2]}",
        ]
        report = "\n".join((_OUT, *lines)).encode()
        take_report(self.paying, self.shop_id, "pencairan.csv", report, bytes(16))
        with self.services.store.reading_shop(self.shop_id) as tx:
            last = next(one for one in waiting(tx) if one.reference == "MID-88097")
        reason = "Akun ini dipakai juga oleh kedai di Marisa"
        set_aside(self.services, self.shop_id, last.line_id, reason, bytes(16))
        self.taken = self._paid()[0]
        self.gateway.book.charge_back(self._last.transaction_id)
        look(self.paying, self.shop_id, self._last.id)
        off = self._paid()[0]
        take_steps(self.services, self.shop_id, off.order_id, "shop", ["call_off"], reason="Habis.")
        self.clock.now_ms = NOW_MS

    def _paid(self) -> tuple[Placed, Payment]:
        known = len(self.gateway.book.all())
        buyer = BUYER._replace(phone=f"08124401{known:04}", origin="")
        placed = order(
            self.services, self.shop_id, [(self.coffee, 2)], pay_way="gateway", buyer=buyer
        )
        take_steps(self.services, self.shop_id, placed.order_id, "shop", ["accept"])
        lines = (Line("Kopi Pinogu 250 g", PRICE),)
        wanted = Ask(self.services.new_id(), placed.order_id, "qris", lines, 900)
        self._last = ask(self.paying, self.shop_id, wanted)
        self.gateway.book.pay(self._last.transaction_id)
        return placed, look(self.paying, self.shop_id, self._last.id)

    def _record(self, amount: int, *, reference: str, until_days: int = -1) -> bytes:
        until = self._day(until_days) if until_days >= 0 else ""
        wish = Arrived(
            self.services.new_id(), amount, self._day(0), until, reference, environment="sandbox"
        )
        return record(self.services, self.shop_id, wish, bytes(16), sure=True).id

    def _day(self, back: int) -> str:
        at_ms = self.clock.now_ms - back * _DAY_MS
        return local_time(at_ms, "Asia/Makassar").date().isoformat()


def picture_payments(browser: Browser, url: str, made: Paid, look_of: Look, shoot: Shoot) -> None:
    """All of them, in a browser that looks so."""
    context = browser.new_context(**look_of)
    page = context.new_page()
    _of_the_buyer(page, url, made, shoot)
    page.goto(f"{url}/masuk")
    page.locator("input[name=email]").fill(OWNER)
    page.locator("input[name=sandi]").fill(PASSWORD)
    page.locator("button.primary").click()
    _of_the_owner(page, url, made, shoot)
    context.close()


def _of_the_buyer(page: Page, url: str, made: Paid, shoot: Shoot) -> None:
    page.goto(f"{url}/pesanan/{made.taken.key.hex()}")
    shoot(page, "order-taken-back")
    for shop_id, goods in ((made.shop_id, made.coffee), (made.other, made.fruit)):
        page.goto(f"{url}/toko/{name_of(made.services, shop_id)}/{goods.hex()}")
        page.locator("button.main").click()
    page.goto(f"{url}/keranjang")
    page.locator("button.main").click()
    page.locator("#nama").fill("Ibu Hadija Monoarfa")
    page.locator("#telepon").fill(next(made.phones))
    page.locator("button.main").last.click()
    shoot(page, "ordered")


def _of_the_owner(page: Page, url: str, made: Paid, shoot: Shoot) -> None:
    base = f"{url}/kelola/{made.shop_id.hex()}/pembayaran"
    for name, path in (
        ("payouts-filled", "/pencairan"),
        ("payouts-waiting", "/pencairan#tunggu"),
        ("payouts-recorded", "/pencairan#daftar"),
        ("payouts-aside", "/pencairan#sisih"),
        ("settlements-filled", "/laporan"),
        ("payments-filled", ""),
    ):
        page.goto(base + path)
        shoot(page, name)
    page.locator("#lingkungan").select_option("production")
    page.locator("#kunci-server").fill("SB-Mid-server-contoh")
    page.locator("button[value=hubung]").click()
    shoot(page, "payments-refused")
