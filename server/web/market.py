"""The market's public pages: its first page, and what is found over all gerai.

Without a session, cookie or needed script, as a gerai's own pages. Where a buyer stands is in the
address that his browser asks for and nowhere else: such a page is kept by nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from core.errors import Refused
from core.text import fold
from server.db.errors import as_refusal
from server.http.problems import Internal
from server.http.routes import Call, Reply, Route
from server.pictures.keeping import Sides
from server.search.asking import (
    SORTS,
    Asked,
    Sort,
    read_district,
    read_place,
    read_price,
)
from server.search.browsing import Browsing, Category, GeraiNow
from server.search.finding import Find, Finder, FoundPage
from server.search.places import read_point
from server.services import Services
from server.storefront.districts import districts
from server.web.gerai_front import (
    as_known,
    kept,
    missing,
    origin_of,
    picture_place,
    product_path,
    public_view,
)
from server.web.gerai_words import json_ld, said_available, said_standing
from server.web.installing import market_card, market_icon
from server.web.language import N_
from server.web.rendering import environment
from server.web.shots import Shot, small_shot
from server.web.view import View

LONGEST: Final = 80
MOST_SHOWN: Final = 60
SORT_WORDS: Final[dict[Sort, str]] = {
    "best": N_("Paling cocok"),
    "cheapest": N_("Termurah"),
    "nearest": N_("Terdekat"),
}
_SORT_NAMES: Final[dict[str, Sort]] = dict(zip(("cocok", "murah", "dekat"), SORTS, strict=True))
_WITH_PLACE: Final = {
    "permissions-policy": "camera=(), geolocation=(self), microphone=()",
}
_PASSING: Final = frozenset({"dari", "sampai", "ada", "urut", "posisi", "sesudah"})
"""Parts of a search that are one buyer's at one time: no search engine is to keep them."""
_log = logging.getLogger("huyula.web")


class Market:
    """One request's view of the market, as its templates need it."""

    def __init__(self, view: View) -> None:
        """Of a request."""
        self.view = view
        self.origin = origin_of(view.call)

    def link(self, path: str, **query: Any) -> str:
        """A page in the reader's language; what is empty is left out."""
        given = {name: value for name, value in query.items() if value not in ("", None, False)}
        if "bahasa" in self.view.query and "bahasa" not in given:
            given["bahasa"] = self.view.language
        return f"{path}?{urlencode(given)}" if given else path

    def icon(self, side: int) -> str:
        """Where the market's icon is."""
        return market_icon(side)

    @property
    def card(self) -> str:
        """Where its picture for previews of links is."""
        return f"{self.origin}{market_card()}"

    def said_in(self, language: str) -> str:
        """This page in a language, from its beginning and without where the buyer stands."""
        kept = {
            name: value[:LONGEST]
            for name, value in self.view.query.items()
            if name not in ("bahasa", "posisi", "sesudah")
        }
        return self.link(self.view.call.path, **{**kept, "bahasa": language})

    def goods(self, one: Find) -> str:
        """The page of what was found, in its gerai."""
        return self.link(f"/toko/{one.gerai}{product_path(one.product_id, one.name)}")

    def shot(self, one: Find) -> Shot:
        """Its small picture."""
        place = picture_place(f"/toko/{one.gerai}", one.product_id, one.picture)
        return small_shot(place, Sides(one.width, one.height))

    def available(self, one: Find) -> str:
        """Whether there is any, in words."""
        return said_available(self.view, one.available, one.unit)

    def standing(self, one: GeraiNow) -> str:
        """Whether a gerai is open now, in words."""
        return said_standing(self.view, one.now, one.zone)

    def place(self, code: str) -> str:
        """The name of a kecamatan."""
        return districts().get(code, "")

    def far(self, one: Find) -> str:
        """How far away: "sekitar 2,4 km"."""
        if one.metres is None or one.metres == 0:
            return ""
        tenths = max(1, round(one.metres / 100))
        mark = "," if self.view.language == "id" else "."
        number = f"{tenths // 10}{mark}{tenths % 10}" if tenths < 100 else str(tenths // 10)
        return self.view.words._("sekitar {n} km", n=number)


@lru_cache(maxsize=1)
def _finder(services: Services) -> Finder:
    return Finder(services)


@lru_cache(maxsize=1)
def _browsing(services: Services) -> Browsing:
    return Browsing(services)


def asked_of(view: View) -> Asked:
    """What a request looks for; what cannot be read is as if it were not asked."""
    given = view.query.get
    return Asked(
        text=given("q", "")[:LONGEST],
        category=fold(given("kategori", "")[:LONGEST]),
        district=read_district(given("kecamatan", "")),
        least=read_price(given("dari", "")),
        most=read_price(given("sampai", "")),
        available=given("ada", "") == "1",
        sort=_SORT_NAMES.get(given("urut", ""), "best"),
        point=read_point(given("posisi", "")),
    )


def _search(call: Call) -> Reply:
    view = public_view(call, None)
    market, asked = Market(view), asked_of(view)
    found = _finder(call.services).find(asked, read_place(view.query.get("sesudah", "")))
    with call.services.store.reading_directory() as tx:
        categories = _browsing(call.services).categories(tx)
    names = ("q", "kategori", "kecamatan", "dari", "sampai", "ada", "urut", "posisi")
    given = {name: view.query.get(name, "")[:LONGEST] for name in names}
    headers, words = dict(_WITH_PLACE), view.words
    if given["posisi"]:
        headers["cache-control"] = "no-store"
    return _render(
        market,
        "market_search.html",
        headers,
        asked=asked,
        given=given,
        found=found,
        categories=_category_choices(view, categories, asked.category),
        places=[("", words._("Semua kecamatan")), *districts().items()],
        sorts=[(name, words._(SORT_WORDS[sort])) for name, sort in _SORT_NAMES.items()],
        filters=[name for name in names[1:6] if given[name]],
        lasting="" if _PASSING & set(view.query) else lasting_place(asked, found),
    )


def lasting_place(asked: Asked, found: FoundPage) -> str:
    """The one address of a search that is worth finding again: words or a category that were found
    as they were asked for. "" for any other."""
    query = {"q": " ".join(asked.words), "kategori": asked.category, "kecamatan": asked.district}
    if not found.finds or found.near or not (asked.words or asked.category):
        return ""
    return f"/cari?{urlencode({name: value for name, value in query.items() if value})}"


def _category_choices(view: View, known: list[Category], asked: str) -> list[tuple[str, str]]:
    """The largest categories, and the one that is asked for whatever its size."""
    choices = [("", view.words._("Semua")), *((one.key, one.name) for one in known)]
    if asked and asked not in {key for key, _ in choices}:
        choices.append((asked, asked))
    return choices


def _first(call: Call) -> Reply:
    view = public_view(call, None)
    market, browsing = Market(view), _browsing(call.services)
    place = read_district(view.query.get("kecamatan", ""))
    with call.services.store.reading_directory() as tx:
        categories = browsing.categories(tx)
        counts = browsing.districts(tx)
        gerai = browsing.gerai(tx, place or None)
    data: dict[str, Any] = {
        "@type": "WebSite",
        "name": "Huyula",
        "url": f"{market.origin}/pasar",
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{market.origin}/cari?q={{q}}",
            "query-input": "required name=q",
        },
    }
    return _render(
        market,
        "market.html",
        {},
        categories=categories,
        counts=[(code, name, counts[code]) for code, name in districts().items() if code in counts],
        place=place,
        gerai=gerai[:MOST_SHOWN],
        more=len(gerai) > MOST_SHOWN,
        data=json_ld(data),
    )


def _render(market: Market, template: str, headers: dict[str, str], **data: Any) -> Reply:
    view = market.view
    words = view.words
    text = (
        environment()
        .get_template(template)
        .render(
            view=view, show=view.show, market=market, _=words._, ngettext=words.ngettext, **data
        )
    )
    return kept(view, text.encode("utf-8"), 200, headers)


def _public(make: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        try:
            return as_known(call, make(call))
        except Exception as error:
            refusal = error if isinstance(error, Refused) else as_refusal(error)
            if refusal is None:
                _log.error("fault", exc_info=error, extra={"request_id": call.request_id})
                refusal = Internal()
            return missing(call, refusal)

    return handler


ROUTES: Final = (
    Route("GET", "/pasar", "The market", _public(_first), is_published=False),
    Route("GET", "/cari", "Goods of all gerai", _public(_search), is_published=False),
)
