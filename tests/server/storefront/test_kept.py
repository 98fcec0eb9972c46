"""A gerai's page is kept in memory until anything in it changed, and not a moment longer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from server.services import Services
from server.storefront.addresses import claim
from server.sync.revoking import revoke
from server.web.gerai_kept import kept_pages
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_browser import Browser
from tests.helpers.web_gerai import open_gerai, put_online, set_gerai
from tests.helpers.web_shop import Clock, Sample, Till, sale_line
from tests.server.web.test_pictures import jpeg, keep, show_picture


@pytest.fixture
def asked(services: Services) -> Iterator[list[str]]:
    """The statements that are run."""
    found: list[str] = []

    def note(_c: object, _cursor: object, sql: str, *_: object) -> None:
        found.append(sql)

    event.listen(services.store.engine, "before_cursor_execute", note)
    yield found
    event.remove(services.store.engine, "before_cursor_execute", note)


def test_a_page_that_stands_is_asked_for_with_two_statements(
    services: Services, sample: Sample, browser: Browser, asked: list[str]
) -> None:
    place = open_gerai(services, sample)
    first = browser.get(place)
    asked.clear()
    second = browser.get(place)
    assert len(asked) <= 2 and second.content == first.content
    known = browser.get(place, headers={"if-none-match": first.headers["etag"]})
    assert known.status_code == 304 and not known.content
    assert browser.get(f"{place}?bahasa=en").content != first.content


def test_whatever_changes_is_seen_at_once(
    services: Services, sample: Sample, browser: Browser, clock: Clock
) -> None:
    place = open_gerai(services, sample)
    seen = [browser.get(place).text]

    def is_new() -> bool:
        seen.append(browser.get(place).text)
        assert browser.get(place).text == seen[-1]
        return seen[-1] != seen[-2]

    put_online(services, sample.shop_id, sample.goods[0], price=1_234_000)
    assert is_new() and "1.234.000" in seen[-1]
    till = Till(sample.front, fresh_id())
    till.number, till.sent = 900, sample.front.head[0]
    from core.facts.catalog import ProductRecord

    record = ProductRecord(sample.goods[2], "", "x", "", "", "pcs", 1_000)
    till.sell(clock.now_ms, "2026-11-24", [sale_line(record, 1)])
    till.push(services, sample.shop_id)
    assert is_new()
    original = jpeg()
    name = show_picture(services, sample, original)
    is_new()
    keep(services, sample.shop_id, name, original)
    assert is_new() and "<img" in seen[-1]
    set_gerai(services, sample.shop_id, gerai_story="Kini lain.")
    assert is_new() and "Kini lain." in seen[-1]
    revoke(services, sample.shop_id, sample.back.device, "hilang")
    assert is_new(), "who may be selling decides how old the stock is"
    clock.now_ms += 2 * 3_600_000
    assert is_new() and "Tutup" in seen[-1], "time alone"
    set_gerai(services, sample.shop_id, gerai_open=False)
    assert is_new() and "sedang ditutup" in seen[-1]
    set_gerai(services, sample.shop_id, gerai_open=True)
    assert is_new()
    claim(services, sample.shop_id, "alamat-baru")
    assert browser.get(place).status_code == 301
    assert browser.get("/toko/alamat-baru").status_code == 200


def test_memory_is_bounded(services: Services, sample: Sample, browser: Browser) -> None:
    place = open_gerai(services, sample)
    pages = kept_pages(services)
    pages._most_bytes = 60_000
    for number in range(30):
        browser.get(f"{place}?cari=x{number}")
    assert 0 < pages._bytes <= 60_000 and len(pages._pages) < 30
    browser.get(f"{place}?cari={'y' * 2_000}")
    assert not any("yyy" in key[1] for key in pages._pages)
