"""One gerai as a buyer asks for it, and its pages as answers: packed, marked, without a cookie."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from core.dates import local_time
from core.errors import Refused
from core.phone import shown_number
from server.hosts import bare
from server.http.problems import NotFound, headers_of, problem_of, status_of
from server.http.routes import Call, Reply
from server.shops.reading import ShopHere, shop_here
from server.storefront.addresses import find_gerai
from server.storefront.availability import Availability
from server.storefront.goods import Moment, Offer, Whole, last_sync
from server.storefront.hours import Standing, standing
from server.storefront.names import normal_name
from server.storefront.settings import HOUR_MS, GeraiFields, gerai_fields
from server.storefront.signboard import Board
from server.storefront.stamp import Stamp, stamp_of
from server.web.gerai_face import bars, mark_of
from server.web.gerai_words import said_available, said_standing
from server.web.language import LANGUAGES
from server.web.rendering import environment
from server.web.shots import Shot, front_shot, large_shot, small_shot
from server.web.view import View, query_of

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final = {
    "content-security-policy": POLICY,
    "strict-transport-security": "max-age=31536000",
    "x-frame-options": "DENY",
    "vary": "accept-language, accept-encoding",
}
_ABOUT: Final = 160
_PAGE_CACHE: Final = "public, max-age=60, stale-while-revalidate=600"
_HOST: Final = re.compile(r"[a-z0-9.-]{1,253}(?::[0-9]{1,5})?|\[[0-9a-f:]+\](?::[0-9]{1,5})?")
_HERE: Final = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Front:
    """One gerai as it is asked for: its address, shop, settings, and how it stands now.

    `place` and `face_query` say where its pages and its face are; a preview has its own. `stamp`:
    what of the shop it was made of.
    """

    view: View
    name: str
    fields: GeraiFields
    at: Moment
    now: Standing
    place: str
    face_place: str
    face_query: str
    is_preview: bool = False
    stamp: Stamp = ()

    @property
    def here(self) -> ShopHere:
        """The shop."""
        return self.view.here

    @property
    def origin(self) -> str:
        """The address of this server as it was asked for."""
        return origin_of(self.view.call)

    @property
    def address(self) -> str:
        """The street, as the shop's settings have it."""
        return self.here.setting("address", str, "")

    @property
    def number(self) -> str:
        """The WhatsApp number as it is read."""
        return shown_number(self.fields.gerai_whatsapp)

    @property
    def synced_day(self) -> str:
        """The day of the counters' last word."""
        synced_ms = self.at.synced_ms or self.at.now_ms
        return local_time(synced_ms, self.here.zone).date().isoformat()

    def about(self, otherwise: str) -> str:
        """A sentence or two about the shop, for previews of links."""
        story = " ".join(self.fields.gerai_story.split())
        return f"{story[:_ABOUT]}…" if len(story) > _ABOUT else story or otherwise

    def link(self, path: str = "", **query: Any) -> str:
        """A page of this gerai in the reader's language."""
        given = {name: value for name, value in query.items() if value not in ("", None)}
        if "bahasa" in self.view.query and "bahasa" not in given:
            given["bahasa"] = self.view.language
        return (f"{self.place}{path}" or "/") + (f"?{urlencode(given)}" if given else "")

    def whole(self, path: str = "", **query: Any) -> str:
        """The one address of a page, for search engines and previews of links."""
        tail = f"?{urlencode(query)}" if query else ""
        home = self.home
        if not path and home.count("/") == 2:  # a host alone
            path = "/"
        return f"{home}{path}{tail}"

    @property
    def home(self) -> str:
        """Where its first page is at home: its own host where it has one, else the market's."""
        call = self.view.call
        hosts = call.services.hosts
        if bare(_host(call)) in dict(hosts.own):  # of several the one that was asked
            return self.origin
        own = hosts.home_of(self.name)
        return f"https://{own}" if own else f"{self.origin}/toko/{self.name}"

    def product_path(self, product_id: bytes, name: str) -> str:
        """The path of a product: words for people, an id for us."""
        return product_path(product_id, name)

    def picture(self, product_id: bytes, picture: bytes) -> str:
        """Where a product's picture is."""
        return picture_place(self.place, product_id, picture)

    def small_shot(self, one: Offer) -> Shot:
        """The picture of an offer in a list."""
        assert one.sides is not None
        return small_shot(self.picture(one.product_id, one.picture), one.sides)

    def large_shot(self, found: Whole) -> Shot:
        """The picture of a product on its page."""
        assert found.sides is not None
        one = found.product
        return large_shot(self.picture(one.product_id, one.picture), found.sides)

    @property
    def logo(self) -> Shot | None:
        """The shop's logo, None without one."""
        return front_shot(self.here, self.place, "logo")

    @property
    def banner(self) -> Shot | None:
        """The picture above its name, None without one."""
        return front_shot(self.here, self.place, "banner")

    def face(self, name: str) -> str:
        """A file of the face."""
        return f"{self.face_place}/{name}?{self.face_query}"

    @property
    def bars(self) -> tuple[str, str]:
        """The cover's colours in light and dark."""
        return bars(self.fields.gerai_face)

    @property
    def signboard(self) -> Board:
        """What stands on its icon and in previews of links."""
        return Board(self.fields.gerai_face, self.here.id, self.here.name, self.address)

    @property
    def sign_query(self) -> str:
        """What changes with the signboard."""
        said = f"{mark_of(self.fields.gerai_face, self.here.id)}{self.here.name}\n{self.address}"
        return f"v={hashlib.sha256(said.encode()).hexdigest()[:12]}"

    @property
    def card(self) -> str:
        """Where its picture for previews of links is."""
        return f"{self.place}/papan.png?{self.sign_query}"

    def icon(self, side: int) -> str:
        """Where its icon is."""
        return f"{self.place}/ikon.png?{self.sign_query}&u={side}"

    def available(self, found: Availability, unit: str) -> str:
        """Whether there is any, in words."""
        return said_available(self.view, found, unit)


def product_path(product_id: bytes, name: str) -> str:
    """The path of a product below its gerai's: words for people, an id for us."""
    words = normal_name(name)[:60].strip("-")
    return f"/{words}-{product_id.hex()}" if words else f"/{product_id.hex()}"


def picture_place(place: str, product_id: bytes, picture: bytes) -> str:
    """Where a product's picture is."""
    return f"{place}/gambar/{product_id.hex()}?v={picture.hex()[:16]}"


def origin_of(call: Call) -> str:
    """The address of this server as it was asked for, "" where that makes no sense."""
    host = _host(call)
    if not _HOST.fullmatch(host):
        return ""
    is_plain = host in _HERE or host.rpartition(":")[0] in _HERE
    return f"{'http' if is_plain else 'https'}://{host}"


def _host(call: Call) -> str:
    return call.headers.get("host", "").lower()


def public_view(call: Call, here: ShopHere | None) -> View:
    """What is known of a request: no cookie is read."""
    query = query_of(call)
    language = query.get("bahasa", "")
    return View(call, language if language in LANGUAGES else call.language, query, {}, shop=here)


def open_front(call: Call) -> Front:
    """The gerai of an address, with its newest address.

    Raises:
        NotFound: nobody has it.
    """
    found = find_gerai(call.services, call.places["name"])
    if found is None:
        raise NotFound()
    now_ms = call.services.now_ms()
    with call.services.store.reading_shop(found.shop_id) as tx:
        heard = last_sync(tx, 0)
        stamp = stamp_of(tx, heard)
        here = shop_here(tx)
    if here is None:
        raise NotFound()
    view = public_view(call, here)
    synced = now_ms if heard == 0 else heard
    return replace(front_of(view, found.name, gerai_fields(here), synced), stamp=stamp)


def front_of(view: View, name: str, fields: GeraiFields, synced_ms: int | None) -> Front:
    """A gerai at this moment."""
    here, now_ms = view.here, view.services.now_ms()
    place = "" if view.call.gerai else f"/toko/{name}"
    return Front(
        view,
        name,
        fields,
        Moment(now_ms, here.today(now_ms), fields.gerai_term_hours * HOUR_MS, synced_ms),
        standing(fields.gerai_hours, fields.gerai_holidays, now_ms, here.zone),
        place,
        place,
        f"v={mark_of(fields.gerai_face, here.id)}",
    )


def render(
    front: Front,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **data: Any,
) -> Reply:
    """A page of a gerai as an answer, marked by what it was made of, packed for who takes that."""
    view, words = front.view, front.view.words
    text = (
        environment()
        .get_template(template)
        .render(
            view=view,
            show=view.show,
            front=front,
            standing=said_standing(view, front.now),
            _=words._,
            ngettext=words.ngettext,
            **data,
        )
    )
    return kept(view, text.encode("utf-8"), status, headers)


def kept(view: View, body: bytes, status: int, given: Mapping[str, str] | None) -> Reply:
    """A public page as an answer: packed, marked by its content, and anybody's to keep for a
    minute; headers `given` go before. What is not to be kept is neither marked nor packed."""
    given = given or {}
    if "no-store" in given.get("cache-control", ""):  # its asker's alone
        return Reply(body, "text/html; charset=utf-8", status, {**_HEADERS, **given})
    mark = hashlib.sha256(body).hexdigest()[:24]
    headers = {**_HEADERS, "cache-control": _PAGE_CACHE, **given}
    # Nothing here is a secret, so that packing tells nobody one.
    packs = "gzip" in view.call.headers.get("accept-encoding", "")
    if packs:
        body, headers["content-encoding"] = gzip.compress(body, mtime=0), "gzip"
    headers["etag"] = f'"{mark}{"-gzip" if packs else ""}"'
    return Reply(body, "text/html; charset=utf-8", status, headers)


def as_known(call: Call, reply: Reply) -> Reply:
    """The answer, without its body for who has it already."""
    asked = call.headers.get("if-none-match", "").replace("W/", "")
    if reply.status != 200 or reply.headers.get("etag", "-") not in re.split(r"\s*,\s*", asked):
        return reply
    headers = {name: value for name, value in reply.headers.items() if name != "content-encoding"}
    return Reply(b"", reply.media_type, 304, headers)


def missing(call: Call, refusal: Refused) -> Reply:
    """A refusal in words, for buyers; nobody keeps it."""
    view = public_view(call, None)
    status = status_of(refusal)
    problem = problem_of(refusal, status, language=view.language, request_id=call.request_id)
    words = view.words
    text = (
        environment()
        .get_template("gerai_missing.html")
        .render(view=view, _=words._, code=refusal.code, message=problem.message)
    )
    headers = {**_HEADERS, **headers_of(problem, refusal.details)}
    return Reply(text.encode(), "text/html; charset=utf-8", status, headers)
