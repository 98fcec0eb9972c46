"""A gerai's public pages: for whoever has the address, without a session, cookie or script."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from core.errors import Refused
from server.catalog.reading import product_of
from server.db.errors import as_refusal
from server.db.types import parse_id
from server.http.problems import Internal, NotFound
from server.http.routes import Call, Reply, Route
from server.storefront.districts import districts
from server.storefront.goods import (
    Offer,
    is_place,
    is_shown,
    offer_of,
    offers,
    online_categories,
)
from server.storefront.hours import opening_hours
from server.storefront.seller import seller_fields
from server.web.crawling import gerai_map
from server.web.gerai_face import pattern_reply, style_reply
from server.web.gerai_front import Front, missing, open_front, render
from server.web.gerai_kept import kept_pages
from server.web.gerai_pictures import send_front
from server.web.gerai_reviews import (
    front_reviews,
    product_shown,
    rating_data,
    reviews_page,
    words,
)
from server.web.gerai_seller import product_halal, said_of, seller_data
from server.web.gerai_words import breadcrumbs, json_ld, offer_data, week_rows
from server.web.installing import card_of, icon_of, manifest_of
from server.web.moved import FORMER, is_former
from server.web.product import known
from server.web.routing import answer
from server.web.shots import sent_picture

_log = logging.getLogger("huyula.web")
_PICTURE_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
_LONGEST: Final = 80
_CHIPS: Final = 12
_PRODUCT: Final = re.compile(r"(?:[a-z0-9-]{0,60}-)?([0-9a-f]{32})")


def _front(front: Front) -> Reply:
    return shown(front) if front.fields.gerai_open else _closed(front)


def shown(front: Front, *, headers: Mapping[str, str] | None = None, **data: Any) -> Reply:
    """The first page with its goods; `data` is what a preview adds."""
    view = front.view
    category = view.query.get("kategori", "")[:200]
    text = view.query.get("cari", "")[:_LONGEST]
    after = view.query.get("sesudah", "")
    is_part = bool(category or text or after)
    with view.services.store.reading_shop(front.here.id) as tx:
        found = offers(
            tx,
            front.at,
            category=category,
            text=text,
            after=after if is_place(after) else "",
        )
        categories = online_categories(tx)
    return render(
        front,
        "gerai.html",
        headers=headers,
        found=found,
        categories=_first(categories.names, category if found.offers else ""),
        more_categories=len(categories.names) > _CHIPS or bool(categories.after),
        category=category,
        text=text,
        is_part=is_part,
        reviews=front_reviews(front, is_part=is_part),
        **words(view),
        **said_of(front.here, front.at.today),
        week=week_rows(view, front.fields.gerai_hours),
        areas=[(districts()[one.code], one.fee) for one in front.fields.gerai_areas],
        data=json_ld(_store_data(front, found.offers)),
        **data,
    )


def _store_data(front: Front, found: list[Offer]) -> dict[str, Any]:
    here, fields = front.here, front.fields
    store: dict[str, Any] = {
        "@type": "Store",
        "@id": front.whole(),
        "name": here.name,
        "url": front.whole(),
        "currenciesAccepted": "IDR",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": here.setting("address", str, ""),
            "addressCountry": "ID",
        },
    }
    optional = {
        "description": fields.gerai_story,
        "openingHours": list(opening_hours(fields.gerai_hours)),
        "telephone": f"+{fields.gerai_whatsapp}" if fields.gerai_whatsapp else "",
        "hasMap": fields.gerai_map,
        **seller_data(seller_fields(here)),
        "image": f"{front.origin}{front.card}",
        "logo": f"{front.origin}{front.logo.src}" if front.logo else "",
    }
    store.update({name: value for name, value in optional.items() if value})
    listed = [_listed(front, one) for one in found]
    if listed:
        store["makesOffer"] = listed
    return store


def _listed(front: Front, one: Offer) -> dict[str, Any]:
    url = front.whole(front.product_path(one.product_id, one.name))
    item = {"@type": "Product", "name": one.name, "url": url}
    return {**offer_data(one.price, one.available, url), "itemOffered": item}


def _one(front: Front) -> Reply:
    given = _PRODUCT.fullmatch(front.view.call.places["product"])
    if given is None:
        raise NotFound()
    if not front.fields.gerai_open:
        return _closed(front, status=404)
    with front.view.services.store.reading_shop(front.here.id) as tx:
        found = offer_of(tx, front.at, parse_id(given[1]))
        reviews = product_shown(tx, parse_id(given[1]))
    if found is None:
        raise NotFound()
    fields, key = found.product.fields, found.product.product_id
    path = front.product_path(key, fields.name)
    data: dict[str, Any] = {
        "@type": "Product",
        "name": fields.name,
        "url": front.whole(path),
        "offers": {
            **offer_data(fields.price, found.available, front.whole(path)),
            "seller": {"@type": "Store", "name": front.here.name, "url": front.whole()},
        },
    }
    optional = {
        "category": fields.category,
        "brand": {"@type": "Brand", "name": fields.brand} if fields.brand else None,
        "image": f"{front.origin}{front.picture(key, found.product.picture)}"
        if found.sides
        else "",
        "aggregateRating": rating_data(reviews) if reviews else None,
    }
    data.update({name: value for name, value in optional.items() if value})
    trail = breadcrumbs((front.here.name, front.whole()), (fields.name, front.whole(path)))
    return render(
        front,
        "gerai_product.html",
        found=found,
        fields=fields,
        path=path,
        seller=seller_fields(front.here),
        reviews=reviews,
        **words(front.view),
        halal=product_halal(front.here, fields, front.at.today),
        data=json_ld(data),
        trail=json_ld(trail),
    )


def _first(names: list[str], category: str) -> list[str]:
    """The first of a gerai's categories: goods stay in sight below them. The one that is looked at
    is named also where it is not among them, if it is one: an address may say anything."""
    first = names[:_CHIPS]
    return first if not category or category in first else [*first, category]


def _categories(front: Front) -> Reply:
    """All categories, a page at a time."""
    after = front.view.query.get("sesudah", "")[:200]
    with front.view.services.store.reading_shop(front.here.id) as tx:
        found = online_categories(tx, after=after)
    return render(front, "gerai_categories.html", found=found, is_later=bool(after))


def _closed(front: Front, *, status: int = 200) -> Reply:
    return render(front, "gerai_closed.html", status=status)


def _if_open(make: Callable[[Front], Reply]) -> Callable[[Front], Reply]:
    """A file that is there while the gerai is open."""

    def page(front: Front) -> Reply:
        if not front.fields.gerai_open:
            raise NotFound()
        return make(front)

    return page


def _picture(front: Front) -> Reply:
    """A product's picture; its address says which one, so that a browser keeps it for ever."""
    view = front.view
    key = view.id_of("product")
    with view.services.store.reading_shop(front.here.id) as tx:
        product = known(product_of(tx, key))
        if not product.picture or not is_shown(product):
            raise NotFound()
        sent = sent_picture(tx, product.picture, view.query)
    lasts = sent.is_asked and view.query.get("v", "") == product.picture.hex()[:16]
    keep = "public, max-age=31536000, immutable" if lasts else "public, max-age=300"
    headers = {
        "content-security-policy": _PICTURE_POLICY,
        "content-disposition": f'inline; filename="gambar.{sent.suffix}"',
        "cache-control": keep,
    }
    return Reply(sent.body, sent.media_type, headers=headers)


def _style(front: Front) -> Reply:
    lasts = front.view.call.query_text == front.face_query
    face = front.fields.gerai_face
    return style_reply(face, front.place, front.face_query, lasts=lasts, shared=True)


def _pattern(name: str, front: Front) -> Reply:
    lasts = front.view.call.query_text == front.face_query
    face = front.fields.gerai_face
    return pattern_reply(face, front.here.id, name, lasts=lasts, shared=True)


def _public(make: Callable[[Front], Reply], *, is_page: bool = True) -> Callable[[Call], Reply]:
    """A page as a handler: an owner's bookmark goes on, a former address leads to the newest."""

    def page(front: Front) -> Reply:
        call = front.view.call
        is_here = call.gerai or front.name == call.places["name"]
        return make(front) if is_here else _moved(call, front.name)

    def handler(call: Call) -> Reply:
        if is_former(call.places["name"]):
            return answer(FORMER, call)
        try:
            if is_page:
                return kept_pages(call.services).answer(call, open_front, page)
            return make(open_front(call))
        except Exception as error:
            refusal = error if isinstance(error, Refused) else as_refusal(error)
            if refusal is None:
                _log.error("fault", exc_info=error, extra={"request_id": call.request_id})
                refusal = Internal()
            return missing(call, refusal)

    return handler


def _moved(call: Call, newest: str) -> Reply:
    rest = call.path.removeprefix(f"/toko/{call.places['name']}")
    query = f"?{call.query_text}" if call.query_text else ""
    place = f"/toko/{newest}{quote(rest)}{query}"
    return Reply(b"", "text/html; charset=utf-8", 301, {"location": place})


def _route(path: str, summary: str, make: Callable[[Front], Reply], *, is_page: bool) -> Route:
    handler = _public(make, is_page=is_page)
    return Route("GET", path, summary, handler, is_published=False)


ROUTES: Final = (
    _route("/toko/{name}", "A gerai", _front, is_page=True),
    _route("/toko/{name}/wajah.css", "Its colours", _style, is_page=False),
    _route("/toko/{name}/kain.svg", "Its cloth", partial(_pattern, "kain"), is_page=False),
    _route("/toko/{name}/tepi.svg", "Its border", partial(_pattern, "tepi"), is_page=False),
    _route("/toko/{name}/peta.xml", "Its pages", _if_open(gerai_map), is_page=False),
    _route("/toko/{name}/manifes.json", "To install it", _if_open(manifest_of), is_page=False),
    _route("/toko/{name}/ikon.png", "Its icon", _if_open(icon_of), is_page=False),
    _route("/toko/{name}/papan.png", "Its signboard", _if_open(card_of), is_page=False),
    _route("/toko/{name}/gambar/{product}", "A picture", _if_open(_picture), is_page=False),
    _route("/toko/{name}/logo", "Its logo", partial(send_front, "logo"), is_page=False),
    _route("/toko/{name}/spanduk", "Its banner", partial(send_front, "banner"), is_page=False),
    _route("/toko/{name}/kategori", "Its categories", _if_open(_categories), is_page=True),
    _route("/toko/{name}/ulasan", "Its reviews", reviews_page, is_page=True),
    _route("/toko/{name}/{product}", "A product", _one, is_page=True),
)
