"""Gerai with an address of their own: at "/", nobody signed in, and no other host answered."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from server.app.opening import hosts_of
from server.config import BadSetting, Config
from server.hosts import Hosts, read_hosts
from server.services import Services
from tests.helpers.orders import stock_up
from tests.helpers.web_browser import Browser
from tests.helpers.web_gerai import NAME, open_gerai
from tests.helpers.web_shop import Sample
from tests.server.storefront.test_gerai import data_of

MARKET, OWN, SUB = "pasar.contoh", "warungsri.contoh", f"{NAME}.pasar.contoh"
HOSTS = read_hosts(f"{MARKET}, www.{MARKET}", MARKET, f"{OWN}={NAME}")


@pytest.fixture
def browser(services: Services) -> Browser:
    return Browser(replace(services, hosts=HOSTS))


def at(browser: Browser, host: str, path: str, method: str = "GET", **given: Any) -> httpx.Response:
    headers = {"host": host, **given.pop("headers", {})}
    return browser.ask(method, path, headers=headers, **given)


@pytest.mark.parametrize("host", [OWN, SUB, f"{OWN}:443", f"{OWN.upper()}."])
def test_it_is_shown_at_the_root_of_its_host_with_all_that_belongs_to_it(
    services: Services, sample: Sample, browser: Browser, host: str
) -> None:
    open_gerai(services, sample)
    rice = stock_up(services, sample.shop_id, "Beras pulo", 5)
    first = at(browser, host, "/")
    assert first.status_code == 200 and "Warung Ibu Sri" in first.text
    assert "/toko/" not in first.text, "every link stays at its own address"
    product = at(browser, host, f"/beras-pulo-{rice.hex()}")
    assert product.status_code == 200 and "<h1>Beras pulo</h1>" in product.text
    for path, kind in (("/wajah.css", "text/css"), ("/kain.svg", "image/svg"),
                       ("/sitemap.xml", "application/xml"), ("/ulasan", "text/html"),
                       ("/robots.txt", "text/plain")):  # fmt: skip
        found = at(browser, host, path)
        assert found.status_code == 200 and kind in found.headers["content-type"], path
    manifest = json.loads(at(browser, host, "/manifes.json").content)
    assert (manifest["start_url"], manifest["scope"]) == ("/", "/")
    assert manifest["name"] == "Warung Ibu Sri"
    assert at(browser, host, manifest["icons"][0]["src"]).status_code == 200


def test_the_address_that_counts_is_its_own_wherever_it_is_read(
    services: Services, sample: Sample, browser: Browser
) -> None:
    open_gerai(services, sample)
    wanted = f'<link rel="canonical" href="https://{OWN}/">'
    for host, path in ((OWN, "/"), (SUB, "/"), (MARKET, f"/toko/{NAME}")):
        text = at(browser, host, path).text
        assert wanted in text, host
    assert data_of(at(browser, MARKET, f"/toko/{NAME}").text)["url"] == f"https://{OWN}/"
    index = at(browser, MARKET, "/sitemap.xml").text
    assert NAME not in index, "a map speaks for its own host"
    assert f"https://{OWN}/" in at(browser, OWN, "/sitemap.xml").text


def test_nobody_is_signed_in_there_and_the_market_is_elsewhere(
    services: Services, sample: Sample, browser: Browser
) -> None:
    open_gerai(services, sample)
    for path in ("/kelola", "/masuk?lanjut=%2F", "/pasar", "/toko/lain", "/dinas", "/saya"):
        found = at(browser, OWN, path)
        assert found.status_code == 302, path
        assert found.headers["location"] == f"https://{MARKET}{path}"
    assert at(browser, OWN, f"/toko/{NAME}/ulasan").headers["location"] == "/ulasan"
    for path in ("//jahat.contoh", "/%2Fjahat.contoh", "///jahat.contoh/"):
        found = at(browser, OWN, f"/toko/{NAME}{path}").headers["location"]
        assert found.rstrip("/") == "/jahat.contoh", path
    assert at(browser, OWN, "/masuk", "POST", data={"surel": "a"}).status_code == 421
    assert at(browser, OWN, "/api/v1/sync/journal", "POST").status_code == 421


def test_a_host_that_is_not_known_is_not_answered(browser: Browser) -> None:
    for host in ("jahat.contoh", f"jahat.{OWN}", f"a.b.{MARKET}", f"-a.{MARKET}", "", "a b",
                 f"{MARKET}@jahat.contoh", f"{MARKET}:80:80", "[::1]", "../etc"):  # fmt: skip
        found = at(browser, host, "/pasar")
        assert found.status_code == 421, host
        assert "location" not in found.headers
    assert at(browser, "10.0.0.7:8080", "/healthz").status_code == 200, "probes ask by address"
    assert at(browser, f"www.{MARKET}", "/pasar").status_code == 200
    assert at(browser, f"belum-ada.{MARKET}", "/").status_code == 404


def test_a_basket_is_of_one_host_and_forms_of_another_are_refused(
    services: Services, sample: Sample, browser: Browser
) -> None:
    open_gerai(services, sample)
    rice = stock_up(services, sample.shop_id, "Beras pulo", 5)
    fields = {"toko": sample.shop_id.hex(), "barang": rice.hex(), "satuan": "pcs", "jumlah": "1"}
    add, origin = "/keranjang/tambah", f"https://{OWN}"
    taken = at(browser, OWN, add, "POST", data=fields, headers={"origin": origin})
    assert taken.status_code == 303
    cookie = taken.headers["set-cookie"]
    assert cookie.startswith("__Host-") and "domain" not in cookie.lower()
    assert "Beras pulo" in at(browser, OWN, "/keranjang").text
    for headers in ({"origin": f"https://{MARKET}"}, {"sec-fetch-site": "same-site"}):
        assert at(browser, OWN, add, "POST", data=fields, headers=headers).status_code == 403


def test_without_settings_every_host_is_answered_as_before(
    services: Services, sample: Sample
) -> None:
    place = open_gerai(services, sample)
    text = at(Browser(services), "apa.saja", place).text
    assert f'<link rel="canonical" href="https://apa.saja{place}">' in text


@pytest.mark.parametrize(
    ("market", "domain", "own"),
    [
        ("", MARKET, ""),
        ("", "", f"{OWN}={NAME}"),
        ("https://pasar.contoh", "", ""),
        ("pasar contoh", "", ""),
        (MARKET, "", OWN),
        (MARKET, "", f"{OWN}=Warung Sri"),
        (MARKET, "", f"{MARKET}={NAME}"),
        ("pasar.contoh:8080", "", ""),
    ],
)
def test_settings_that_cannot_be_are_named(market: str, domain: str, own: str) -> None:
    with pytest.raises(BadSetting) as refused:
        hosts_of(Config(hosts=market, gerai_domain=domain, gerai_hosts=own))
    assert refused.value.details["name"] == "hosts"


def test_settings_are_read() -> None:
    assert hosts_of(Config()) == Hosts()
    assert HOSTS.home_of(NAME) == OWN and HOSTS.home_of("lain") == f"lain.{MARKET}"
    assert read_hosts(MARKET, "", "").home_of(NAME) == ""
