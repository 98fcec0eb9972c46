"""The market's pages as a stranger sees them: light, without a needed script, and safe."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from server.search.following import follow_all
from server.services import Services
from tests.helpers.gerai_shops import gerai, goods
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_gerai import WEEK, open_gerai
from tests.helpers.web_shop import Sample

HOSTILE = "</script><img src=x onerror=alert(1)>\"'&{{7*7}}"
LIMBOTO = "75.01.01"
FIRST_VIEW_BYTES = 100_000


@pytest.fixture
def market(services: Services, sample: Sample) -> bytes:
    open_gerai(services, sample)
    shop_id = gerai(services, "Toko Jaya", gerai_district=LIMBOTO, gerai_hours=WEEK)
    for number in range(30):
        goods(services, shop_id, f"Gula Aren {number:02}", 20_000 + number, stock=number % 3)
    follow_all(services)
    return shop_id


def names(text: str) -> list[str]:
    return re.findall(r'class="what">([^<]*)<', text)


def test_the_first_page_leads_to_categories_and_open_gerai(market: bytes, browser: Browser) -> None:
    text = browser.get("/pasar").text
    for said in ("Pasar Huyula", "Sembako", "Warung Ibu Sri", "Buka sampai 17.00", "Limboto (1)",
                 "Telaga (1)", '"/cari?kategori=minuman"', 'href="/toko/toko-jaya"'):  # fmt: skip
        assert said in text, said
    here = browser.get(f"/pasar?kecamatan={LIMBOTO}").text
    assert names(here) == ["Toko Jaya"]
    english = browser.get("/pasar?bahasa=en").text
    assert 'lang="en"' in english and 'href="/toko/toko-jaya?bahasa=en"' in english


def test_results_say_gerai_price_and_what_is_left(market: bytes, browser: Browser) -> None:
    text = browser.get("/cari?q=gula+pasir").text
    assert names(text) == ["Gula pasir"]
    for said in (
        "Rp\xa018.500</b>",
        "Warung Ibu Sri · Telaga",
        'href="/toko/warung-ibu-sri/gula-pasir-',
    ):
        assert said in text, said
    found = re.search(r'href="(/toko/[^"]*gula-pasir-[0-9a-f]{32})"', text)
    assert found is not None and "Gula pasir" in browser.get(found[1]).text


def test_filters_are_a_plain_form_and_pages_follow(market: bytes, browser: Browser) -> None:
    first = browser.get(f"/cari?q=gula&kecamatan={LIMBOTO}&urut=murah&dari=20.000").text
    assert len(names(first)) == 24 and names(first)[0] == "Gula Aren 00"
    onward = re.search(r'rel="next" href="([^"]*)"', first)
    assert onward is not None
    second = browser.get(onward[1].replace("&amp;", "&")).text
    assert names(second) == [f"Gula Aren {number:02}" for number in range(24, 30)]
    now = browser.get("/cari?q=gula+aren&ada=1").text
    assert len(names(now)) == 20 and "Habis" not in now
    form = [given for tag, given in PageReader(first).tags if tag == "form"]
    assert all(one["method"] == "get" for one in form)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=zzzz", "Belum ada gerai yang menjual ini"), ("q=g", "Ketik paling sedikit dua huruf"),
        ("q=gula&sampai=1", "Longgarkan harga"), ("q=gual+pasri", "Ini yang mirip"),
    ],
)  # fmt: skip
def test_a_page_without_answers_says_what_to_do(
    market: bytes, browser: Browser, query: str, said: str
) -> None:
    assert said in browser.get(f"/cari?{query}").text


def test_hostile_texts_are_shown_as_texts(
    services: Services, market: bytes, browser: Browser
) -> None:
    goods(services, market, HOSTILE, 1_000, category=HOSTILE)
    follow_all(services)
    for path in ("/pasar", "/cari", f"/cari?q={HOSTILE}&kategori={HOSTILE}&dari={HOSTILE}",
                 "/cari?q=%00&sesudah=%00&posisi=%00&urut=x&kecamatan=../x"):  # fmt: skip
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert "<img src=x" not in answer.text and "49" not in re.findall(r"\b49\b", answer.text)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy and "default-src 'none'" in policy
        assert "set-cookie" not in answer.headers


def test_where_the_buyer_stands_is_kept_by_nobody(market: bytes, browser: Browser) -> None:
    answer = browser.get("/cari?q=gula&urut=dekat&posisi=0.55,123.05")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert "geolocation=(self)" in answer.headers["permissions-policy"]
    other = re.search(r'href="([^"]*)" lang="en"', answer.text)
    assert other is not None and "posisi" not in other[1]
    assert "geolocation=()" in browser.get("/pasar").headers["permissions-policy"]
    assert "public" in browser.get("/cari?q=gula").headers["cache-control"]


def test_the_first_view_is_light(market: bytes, browser: Browser) -> None:
    for path in ("/pasar", "/cari?q=gula"):
        page = browser.get(path)
        weight = len(page.content)
        for tag, given in PageReader(page.text).tags:
            source = given.get("href") if tag == "link" else given.get("src")
            if tag in ("link", "script") and source and source.startswith("/static"):
                weight += len(browser.get(source).content)
        assert weight <= FIRST_VIEW_BYTES, (path, weight)


def test_a_gerai_and_the_map_of_the_site_lead_to_the_market(
    market: bytes, browser: Browser
) -> None:
    assert 'href="/pasar"' in browser.get("/toko/toko-jaya").text
    robots = browser.get("/robots.txt").text
    assert "Disallow: /kelola/" in robots and "Sitemap: https://toko.contoh/sitemap.xml" in robots
    listed: list[str] = []
    for one in _locations(browser, "/sitemap.xml"):
        listed += _locations(browser, one)
    assert {"/pasar", "/toko/toko-jaya", "/toko/warung-ibu-sri"} <= set(listed)
    assert len(listed) == 3 + 30 + len(names(browser.get("/toko/warung-ibu-sri").text))
    found = [one for one in listed if "/gula-aren-07-" in one]
    assert len(found) == 1 and browser.get(found[0]).status_code == 200
    assert not [one for one in listed if any(word in one for word in ("kelola", "pesan"))]


def _locations(browser: Browser, path: str) -> list[str]:
    text = browser.get(path).text
    return re.findall(r"<loc>https://toko\.contoh([^<]+)</loc>", text)


@pytest.mark.parametrize(
    ("query", "canonical"),
    [("q=Gula++AREN", "q=gula+aren"), ("kategori=sembako", "kategori=sembako"),
     ("bahasa=en&q=gula", "q=gula"), ("q=minyyk", ""), ("q=tidakada", ""), ("q=", ""),
     ("q=gula&urut=murah", ""), ("q=gula&posisi=0.5,123", ""), ("q=gula&dari=1", "")],
)  # fmt: skip
def test_only_a_search_that_lasts_is_for_search_engines(
    market: bytes, browser: Browser, query: str, canonical: str
) -> None:
    text = browser.get(f"/cari?{query}").text
    assert ('content="noindex, follow"' in text) == (not canonical)
    assert (f'rel="canonical" href="https://toko.contoh/cari?{canonical}"' in text) == bool(
        canonical
    )


def test_a_page_asks_the_database_little(
    services: Services, market: bytes, browser: Browser
) -> None:
    asked: list[str] = []

    def note(_c: object, _cursor: object, sql: str, *_: object) -> None:
        asked.append(sql)

    browser.get("/cari?q=gula")
    event.listen(services.store.engine, "before_cursor_execute", note)
    browser.get("/cari?q=gula")
    event.remove(services.store.engine, "before_cursor_execute", note)
    assert len(asked) <= 3
