"""A sample shop served to Debian's Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.helpers.chromium import running_chromium
from tests.helpers.memory_store import ready_file
from tests.helpers.web_server import served
from tests.helpers.web_shop import (
    OWNER,
    PASSWORD,
    Sample,
    open_services,
    sample_shop,
    sqlite_address,
)

PHONE, DESK = (360, 740), (1280, 800)
Open = Callable[..., Page]


class Site(NamedTuple):
    """Where the pages are, and the shop that they show."""

    url: str
    sample: Sample
    address: str

    @property
    def shop(self) -> str:
        """The address of the shop's first page."""
        return f"{self.url}/kelola/{self.sample.shop_id.hex()}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """Ended with the module: while it runs, its event loop is this thread's and no other can be."""
    with running_chromium() as running:
        yield running


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    address = sqlite_address(tmp_path)
    ready_file(address)
    services = open_services(address)
    sample = sample_shop(services)
    with served(services) as url:
        yield Site(url, sample, address)
    services.store.close()


def _is_fault(one: ConsoleMessage) -> bool:
    """A form that is shown again with what is wrong in it is a 422, and no fault of the page."""
    return one.type == "error" and "status of 422" not in one.text


@pytest.fixture
def open_page(chromium: Chromium, site: Site) -> Iterator[Open]:
    """A page of a fresh browser; what it complains about fails the test."""
    contexts, said = [], []

    def make(size: tuple[int, int] = PHONE, *, script: bool = True, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="id-ID",
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda one: said.append(one.text) if _is_fault(one) else None)
        page.on("pageerror", lambda one: said.append(str(one)))
        page.on(
            "request",
            lambda one: None if one.url.startswith(site.url) else said.append(f"asked {one.url}"),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert said == []


def sign_in(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.get_by_label("Surel").fill(OWNER)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hari ini")
