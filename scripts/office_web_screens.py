"""Pictures of how the office comes in: the codes that it must set up, the recovery codes, its own
account and its pages. Part of `make screens`; by `web_screens.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from playwright.sync_api import Browser, Page

from server.accounts.codes import reset_codes
from server.accounts.people import find_account
from server.services import Services
from tests.helpers.phones import Phone, secret_on
from tests.helpers.web_shop import PASSWORD

DINAS: Final = "dinas@contoh.id"
Shoot = Callable[[Page, str], None]
"""Makes the picture of a page, under a name."""


def picture_office(
    browser: Browser,
    url: str,
    services: Services,
    pages: Mapping[str, str],
    look: dict[str, Any],
    shoot: Shoot,
) -> None:
    """From the password to the codes and on to its pages; then once more without the phone."""
    reset_codes(services, find_account(services, DINAS))
    page = _enter(browser, url, look)
    shoot(page, "codes-first")
    phone = Phone(secret_on(page.content()))
    page.get_by_label("Enam angka").fill(phone.code(services.now_ms()))
    page.get_by_role("button", name="Pasang").click()
    shoot(page, "codes-recovery")
    spare = page.locator(".spare li").first.inner_text()
    for name, path in {"codes-account": "/akun", **pages}.items():
        page.goto(url + path)
        shoot(page, name)
    page.context.close()
    page = _enter(browser, url, look)
    shoot(page, "codes-asked")
    page.get_by_text("Ponsel saya hilang atau tertinggal").click()
    page.get_by_label("Satu kode pemulihan").fill(spare)
    page.get_by_role("button", name="Masuk").click()
    shoot(page, "codes-lost")
    page.context.close()


def _enter(browser: Browser, url: str, look: dict[str, Any]) -> Page:
    page = browser.new_context(**look).new_page()
    page.goto(f"{url}/masuk?lanjut=/dinas")
    page.get_by_label("Surel").fill(DINAS)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    return page
