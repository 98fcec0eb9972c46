"""What a buyer has marked with the heart.

A guest's is in the browser's own cookie, like the basket, and in no row here: nobody but the buyer
knows what was liked. Who is signed in marks in the account, sealed, and sees both. Names, prices
and stock are the shops' own whenever the page is opened.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Final, NamedTuple

import msgspec

from server.buyers.liking import MOST, like, liked_by, unlike
from server.db.types import parse_id
from server.http.problems import NotFound
from server.http.routes import Reply
from server.orders.placing import moment_of
from server.shops.reading import ShopHere, shop_here
from server.storefront.addresses import name_of
from server.storefront.goods import Offer, offers_of
from server.storefront.settings import gerai_fields
from server.web.buyer import check_csrf, check_origin, link, route, show_page
from server.web.gerai_front import picture_place, product_path
from server.web.gerai_words import said_available
from server.web.mine import known_buyer
from server.web.shots import Shot, small_shot
from server.web.view import View, cookie, redirect

COOKIE: Final = "__Host-huyula-favorit"
_YEAR_S: Final = 365 * 24 * 3600
_NONCE: Final = 12
_decode: Final = msgspec.msgpack.Decoder(tuple[bytes, list[tuple[bytes, bytes]]]).decode
_encode: Final = msgspec.msgpack.Encoder().encode


class Favourites(NamedTuple):
    """Goods by shop and product, the newest first; `nonce` is chance by which forms are known."""

    nonce: bytes
    goods: tuple[tuple[bytes, bytes], ...]

    @property
    def csrf(self) -> str:
        """What a form brings back."""
        return hashlib.sha256(b"huyula favourites" + self.nonce).hexdigest()[:32]

    def with_new(self, shop_id: bytes, product_id: bytes) -> Favourites:
        """With one more; marked again it comes first."""
        new = (shop_id, product_id)
        rest = [one for one in self.goods if one != new]
        return self._replace(goods=(new, *rest)[:MOST])

    def without(self, shop_id: bytes, product_id: bytes) -> Favourites:
        """Without one."""
        return self._replace(goods=tuple(one for one in self.goods if one != (shop_id, product_id)))

    def as_cookie(self) -> str:
        """The header that keeps them; without any, the one that ends the cookie."""
        body = base64.urlsafe_b64encode(_encode((self.nonce, list(self.goods))))
        text = body.rstrip(b"=").decode("ascii") if self.goods else ""
        return cookie(COOKIE, text, max_age_s=_YEAR_S if self.goods else 0)


class Liked(NamedTuple):
    """One of them as it stands now; `offer` is None where it is not sold online any more."""

    here: ShopHere
    name: str
    product_id: bytes
    offer: Offer | None

    @property
    def shop(self) -> str:
        """The path of its gerai."""
        return f"/toko/{self.name}"

    @property
    def path(self) -> str:
        """The path of its page."""
        return f"{self.shop}{product_path(self.product_id, self.offer.name if self.offer else '')}"

    @property
    def shot(self) -> Shot | None:
        """Its picture."""
        if self.offer is None or self.offer.sides is None:
            return None
        place = picture_place(self.shop, self.product_id, self.offer.picture)
        return small_shot(place, self.offer.sides)

    def available(self, view: View) -> str:
        """Whether there is any, in words."""
        return said_available(view, self.offer.available, self.offer.unit) if self.offer else ""


def read_favourites(view: View) -> Favourites:
    """Those of this browser, none where there is no cookie or something else stands in it."""
    text = view.cookies.get(COOKIE, "")
    try:
        body = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if text else b""
        nonce, goods = _decode(body)
    except (ValueError, msgspec.MsgspecError):
        return Favourites(b"", ())
    if len(nonce) != _NONCE or any(len(a) != 16 or len(b) != 16 for a, b in goods):
        return Favourites(b"", ())
    return Favourites(nonce, tuple(goods[:MOST]))


def _liked(view: View, goods: tuple[tuple[bytes, bytes], ...]) -> list[Liked]:
    """In the order in which they were marked; a shop that is no more is left out."""
    found: dict[tuple[bytes, bytes], Liked] = {}
    for shop_id in dict.fromkeys(shop for shop, _ in goods):
        keys = [product_id for shop, product_id in goods if shop == shop_id]
        with view.services.store.reading_shop(shop_id) as tx:
            here = shop_here(tx)
            if here is None:
                continue
            fields = gerai_fields(here)
            at = moment_of(tx, here, fields, view.services.now_ms())
            offers = offers_of(tx, at, keys) if fields.gerai_open else {}
        name = name_of(view.services, shop_id)
        for key in keys:
            found[shop_id, key] = Liked(here, name, key, offers.get(key))
    return [found[one] for one in goods if one in found]


def _page(view: View) -> Reply:
    mine, known = read_favourites(view), known_buyer(view)
    kept = liked_by(view.services, known) if known else ()
    goods = tuple(dict.fromkeys((*kept, *mine.goods)))
    return show_page(
        view, "favourites.html", csrf=known.csrf if known else mine.csrf,
        liked=_liked(view, goods), in_account=known is not None,
        added=view.query.get("baru") == "1",
    )  # fmt: skip


def _add(view: View) -> Reply:
    check_origin(view)
    one = _ids(view)
    liked = _liked(view, (one,))
    if not liked or liked[0].offer is None:
        raise NotFound()
    known = known_buyer(view)
    if known is not None:
        like(view.services, known, *one)
        return redirect(link(view, "/favorit", baru="1"))
    mine = read_favourites(view)
    if not mine.nonce:
        mine = mine._replace(nonce=view.services.random(_NONCE))
    return redirect(link(view, "/favorit", baru="1"), set_cookie=mine.with_new(*one).as_cookie())


def _drop(view: View) -> Reply:
    mine, known = read_favourites(view), known_buyer(view)
    if known is not None:
        check_csrf(view, known.csrf)
        unlike(view.services, known, *_ids(view))
    else:
        check_csrf(view, mine.csrf if mine.nonce else "")
    had = mine.without(*_ids(view))
    return redirect(link(view, "/favorit"), set_cookie=had.as_cookie() if mine.nonce else "")


def _ids(view: View) -> tuple[bytes, bytes]:
    try:
        return parse_id(view.form.get("toko", "")), parse_id(view.form.get("barang", ""))
    except ValueError:
        raise NotFound() from None


ROUTES: Final = (
    route("GET", "/favorit", "What the heart has marked", _page),
    route("POST", "/favorit/tambah", "Mark with the heart", _add),
    route("POST", "/favorit/hapus", "Unmark", _drop),
)
