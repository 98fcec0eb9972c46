"""A sample shop served to Debian's Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser as Chromium

from server.db.migrate import migrate
from tests.helpers.chromium import running_chromium
from tests.helpers.web_server import served
from tests.helpers.web_shop import Sample, open_services, sample_shop, sqlite_address


class Site(NamedTuple):
    """Where the pages are, and the shop that they show."""

    url: str
    sample: Sample

    @property
    def shop(self) -> str:
        """The address of the shop's first page."""
        return f"{self.url}/toko/{self.sample.shop_id.hex()}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """Ended with the module: while it runs, its event loop is this thread's and no other can be."""
    with running_chromium() as running:
        yield running


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    address = sqlite_address(tmp_path)
    migrate(address)
    services = open_services(address)
    sample = sample_shop(services)
    with served(services) as url:
        yield Site(url, sample)
    services.store.close()
