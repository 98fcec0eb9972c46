"""What search engines read before pages: what they may look at, and which pages there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from server.http.routes import Call, Reply, Route
from server.search.mapping import goods_of, open_gerai
from server.web.gerai_front import Front, origin_of

_AN_HOUR: Final = {"cache-control": "public, max-age=3600"}
_SPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_MARKET_MAP: Final = "/peta-situs/pasar.xml"
# Forms, and pages of one person: nothing to find there, and nothing to count by visiting.
_CLOSED: Final = (
    "/keranjang",
    "/pesan",
    "/pesanan/",
    "/kelola/",
    "/masuk",
    "/favorit",
    "/saya",
    "/sync/",
    "/api/",
)


def gerai_map(front: Front) -> Reply:
    """A gerai's pages: its first one and each product's."""
    goods = goods_of(front.view.services, front.here.id)
    paths = ["", *(front.product_path(one.product_id, one.name) for one in goods)]
    return _map("urlset", "url", (front.whole(path) for path in paths))


def _index(call: Call) -> Reply:
    # A map speaks for its own host alone.
    names = [one for one in open_gerai(call.services) if not call.services.hosts.home_of(one)]
    maps = (_MARKET_MAP, *(f"/toko/{name}/peta.xml" for name in names))
    origin = origin_of(call)
    return _map("sitemapindex", "sitemap", (f"{origin}{path}" for path in maps))


def _market_map(call: Call) -> Reply:
    return _map("urlset", "url", [f"{origin_of(call)}/pasar"])


def _map(outer: str, inner: str, addresses: Iterable[str]) -> Reply:
    rows = "".join(f"<{inner}><loc>{escape(one)}</loc></{inner}>" for one in addresses)
    text = f'<?xml version="1.0" encoding="UTF-8"?><{outer} {_SPACE}>{rows}</{outer}>'
    return Reply(text.encode(), "application/xml", headers=_AN_HOUR)


def _robots(call: Call) -> Reply:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED)]
    if origin_of(call):
        lines.append(f"Sitemap: {origin_of(call)}/sitemap.xml")
    return Reply("\n".join([*lines, ""]).encode(), "text/plain; charset=utf-8", headers=_AN_HOUR)


ROUTES: Final = (
    Route("GET", "/robots.txt", "What search engines look at", _robots, is_published=False),
    Route("GET", "/sitemap.xml", "The maps of all pages", _index, is_published=False),
    Route("GET", _MARKET_MAP, "The market's pages", _market_map, is_published=False),
)
