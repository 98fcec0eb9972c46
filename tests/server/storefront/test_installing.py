"""A gerai and the market can be installed; their signs are drawn of their own name and face."""

from __future__ import annotations

import io
import json
import re

import pytest
from PIL import Image

from server.services import Services
from server.storefront.face import Face
from server.storefront.signboard import CARD, Board, card, icon, letters
from server.web import installing
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_gerai import open_gerai, set_gerai
from tests.helpers.web_shop import Sample

HOSTILE = '"}</script><b>' + "\u202e" + "ابن 漢" + "Panjang" * 30


def _linked(text: str, rel: str) -> str:
    (found,) = [given for tag, given in PageReader(text).tags
                if tag == "link" and given.get("rel") == rel]  # fmt: skip
    return str(found["href"])


def test_a_gerai_is_installed_with_its_own_name_colours_and_icon(
    services: Services, sample: Sample, browser: Browser
) -> None:
    place = open_gerai(services, sample, gerai_face=Face("ungu"))
    text = browser.get(place).text
    answer = browser.get(_linked(text, "manifest"))
    assert answer.headers["content-type"] == "application/manifest+json"
    data = json.loads(answer.text)
    assert (data["id"], data["start_url"], data["scope"]) == (place, place, place)
    assert data["name"] == "Warung Ibu Sri" and data["theme_color"] == "#5b2a86"
    assert 'content="#5b2a86" media="(prefers-color-scheme: light)"' in text
    for one in data["icons"]:
        found = browser.get(one["src"])
        assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
        with Image.open(io.BytesIO(found.content), formats=["PNG"]) as image:
            assert f"{image.size[0]}x{image.size[1]}" == one["sizes"]
    for wrong in ("ikon.png", "ikon.png?u=9999", "ikon.png?u=192000"):
        assert browser.get(f"{place}/{wrong}").status_code == 404
    set_gerai(services, sample.shop_id, gerai_open=False)
    for path in ("manifes.json", "ikon.png?u=192", "papan.png"):
        assert browser.get(f"{place}/{path}").status_code == 404, path


def test_a_link_to_a_gerai_shows_its_sign(
    services: Services, sample: Sample, browser: Browser
) -> None:
    place = open_gerai(services, sample)
    for path in (place, "/pasar"):
        metas = [given for tag, given in PageReader(browser.get(path).text).tags if tag == "meta"]
        tags = {str(given.get("property")): str(given.get("content")) for given in metas}
        assert tags["og:image"].startswith("https://toko.contoh/")
        assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
        found = browser.get(tags["og:image"].removeprefix("https://toko.contoh"))
        assert "immutable" in found.headers["cache-control"] and len(found.content) < 100_000
        with Image.open(io.BytesIO(found.content), formats=["PNG"]) as image:
            assert image.size == CARD


def test_the_market_is_installed_and_its_worker_may_reach_nothing_else(
    services: Services, sample: Sample, browser: Browser
) -> None:
    data = json.loads(browser.get(_linked(browser.get("/pasar").text, "manifest")).text)
    assert data["start_url"] == "/pasar" and browser.get(data["icons"][0]["src"]).status_code == 200
    worker = browser.get("/pekerja.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"
    policy = worker.headers["content-security-policy"]
    assert policy == "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
    offline = browser.get("/luring")
    assert "Tanpa jaringan" in offline.text and "No network" in offline.text
    assert "set-cookie" not in offline.headers
    for path in (open_gerai(services, sample), "/pasar", "/cari?q=gula"):
        policy = browser.get(path).headers["content-security-policy"]
        assert "script-src 'self';" in policy and "unsafe" not in policy, path


def test_the_worker_keeps_pages_among_pages_and_pictures_among_pictures(browser: Browser) -> None:
    worker, product = browser.get("/pekerja.js").text, "beras-" + "0a" * 16
    kept = {}
    for name in ("PUBLIC", "LOOK", "PICTURE"):
        (pattern,) = re.findall(rf"^const {name} = /(.*)/;$", worker, re.MULTILINE)
        kept[name] = re.compile(pattern)
    wanted = {
        "PUBLIC": ("/pasar", "/cari", "/toko/sri", f"/toko/sri/{product}", "/toko/sri/ulasan", "/"),
        "LOOK": ("/static/gerai.css", "/toko/sri/wajah.css", "/toko/sri/ikon.png", "/kain.svg"),
        "PICTURE": ("/toko/sri/logo", "/toko/sri/spanduk", "/toko/sri/gambar/0a", "/logo"),
        "": ("/keranjang", "/pesan", "/pesanan/0a", "/favorit", "/saya", "/saya/akun", "/masuk",
             "/saya/data.json", "/kelola/0a", "/dinas", "/privasi"),
    }  # fmt: skip
    for name, paths in wanted.items():
        for path in paths:
            found = [one for one, pattern in kept.items() if pattern.search(path)]
            assert found == ([name] if name else []), path


def test_any_name_fits_a_sign() -> None:
    for name in ("A", "Warung", HOSTILE, "… - …", "Toko " * 60):
        board = Board(Face("hijau"), bytes(16), name, HOSTILE)
        assert card(board) and icon(board, 192) and len(letters(name)) <= 3
    assert letters("Warung Ibu Sri") == "WI" and letters("kios") == "K"


def test_a_page_that_names_the_markets_picture_does_not_draw_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Drawing loads a library of pictures into a process that may never need it."""
    monkeypatch.setattr(installing, "card", None)
    installing._market_mark.cache_clear()
    assert installing.market_card().startswith("/papan.png?v=")
