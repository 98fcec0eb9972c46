"""The buyer's page of an order, behind a key that nobody guesses."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import json
from dataclasses import replace
from typing import Final, NamedTuple

import segno

from core.errors import Refused
from core.orders.codes import scanned_text
from core.orders.reviews import BadStars
from core.orders.rules import possible
from core.orders.standing import ENDS
from core.phone import shown_number
from core.qris import with_amount
from server.db.errors import as_refusal
from server.http.problems import NotFound
from server.http.routes import Call, Reply, Route
from server.orders.keys import digits_of, read_key
from server.orders.reading import Order, Place, find_order, read_order
from server.orders.reviewing import read_review
from server.orders.stepping import take_steps
from server.orders.sweeping import erase_buyer
from server.orders.talking import say
from server.orders.terms import accounts_of
from server.shops.reading import shop_here
from server.storefront.addresses import name_of
from server.storefront.districts import districts
from server.storefront.settings import gerai_fields
from server.sync.waking import forget, register
from server.web.again import gone_of, order_again
from server.web.buyer import buyer_view, check_csrf, link, route, show_page
from server.web.gerai_front import origin_of
from server.web.gerai_seller import said_of
from server.web.mine_orders import account_card
from server.web.order_data import data_of
from server.web.order_door import count_miss, form_secret
from server.web.order_pay import Waits, begin, may_pay, waits_of
from server.web.order_review import review_card, take_review
from server.web.order_words import (
    BUYER_BUTTONS,
    GRAVE,
    HAPPENED,
    PAY_WAYS,
    TAKES_REASON,
    said_next,
    said_state,
    said_way,
)
from server.web.typed import NOTHING_TYPED, Typed, typed_in
from server.web.view import View, redirect

WAIT_S: Final = 25.0
LOOK_S: Final = 5.0
"""What another process wrote is noticed within this time at the latest."""

_QR_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class Seen(NamedTuple):
    """An order as its page was asked for; the view knows its shop."""

    view: View
    key: bytes
    place: Place
    order: Order

    @property
    def path(self) -> str:
        """The page's address."""
        return f"/pesanan/{self.key.hex()}"

    @property
    def csrf(self) -> str:
        """What its forms bring back; who knows it knows the key."""
        return form_secret(self.key)

    @property
    def mark(self) -> str:
        """Changes whenever the page has something new to say."""
        order = self.order
        said = (order.story.told, len(order.messages), order.contact is None)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _open(view: View) -> Seen:
    """The order of the key in the address.

    Raises:
        NotFound: there is none.
    """
    key = read_key(view.call.places["key"])
    place = find_order(view.services, key) if key else None
    if key is None or place is None:
        count_miss(view)
        raise NotFound()
    seen = _seen(view, key, place)
    if seen is None:
        raise NotFound()
    return seen


def _seen(view: View, key: bytes, place: Place) -> Seen | None:
    with view.services.store.reading_shop(place.shop_id) as tx:
        here, order = shop_here(tx), read_order(tx, place.order_id)
    if here is None or order is None:
        return None
    return Seen(replace(view, shop=here), key, place, order)


def _page(seen: Seen, *, status: int = 200, typed: Typed = NOTHING_TYPED) -> Reply:
    view, order = seen.view, seen.order
    at, placed = order.story.standing, order.placed
    fields = gerai_fields(view.here)
    over = order.passed(view.services.now_ms())
    can = {step.name for step in possible(at, "buyer", passed=over)}
    buttons = [(name, text) for name, text in BUYER_BUTTONS.items() if name in can]
    wants_money = at.pay_way == "to_shop" and at.owed > 0 and at.order in (
        "accepted", "preparing", "ready",
    )  # fmt: skip
    review = review_card(view, order)
    forms: set[str] = {name for name, _ in buttons if name in TAKES_REASON}
    forms |= {"say"} if order.contact else set()
    forms |= {"ulasan"} if review["can_review"] else set()
    pays_online, waits = may_pay(order), Waits()
    if pays_online:
        with view.services.store.reading_shop(view.here.id) as tx:
            waits = waits_of(tx, order.order_id)
    return show_page(
        view, "order.html", status=status, seen=seen, order=order, placed=placed, at=at,
        fields=fields, name=name_of(view.services, view.here.id), typed=typed,
        area=districts().get(placed.area, ""), digits=digits_of(seen.key),
        is_over=at.order in ENDS, state=said_state(order), way=said_way(view, order),
        pays=PAY_WAYS[at.pay_way],
        next=said_next(view, order), buttons=buttons, takes_reason=TAKES_REASON, grave=GRAVE,
        steps=steps_told(order), wants_money=wants_money,
        accounts=accounts_of(view.here) if wants_money else (),
        has_qris=wants_money and bool(view.here.setting("qris_code", str, "")),
        pays_online=pays_online, waits=waits,
        days=view.services.order_rules.contact_days, forms=forms,
        number=shown_number(order.contact.phone) if order.contact else "", **review,
        again=view.query.get("lagi", ""), **account_card(view, seen.key),
        gone=gone_of(view, view.here.id, order.story.lines) if at.order in ENDS else (),
        **said_of(view.here, view.here.today(view.services.now_ms())),
    )  # fmt: skip


def steps_told(order: Order) -> list[tuple[int, str, str, str]]:
    """What happened: when (UTC ms), who, what in words, and the reason given."""
    return [
        (one.at_ms, one.who, HAPPENED[told.name], one.reason)
        for one in order.happened
        for told in one.told
        if not told.why
    ]


def _show(view: View) -> Reply:
    return _page(_open(view))


def _code(view: View) -> Reply:
    """The picture that the counter scans."""
    seen = _open(view)
    return _picture(scanned_text(seen.order.order_id, digits_of(seen.key)))


def _qris(view: View) -> Reply:
    """The shop's own QRIS, with the amount where the shop lets it be put in."""
    seen = _open(view)
    here, owed = seen.view.here, seen.order.story.standing.owed
    text = here.setting("qris_code", str, "")
    if not text or not owed:
        raise NotFound()
    if here.setting("qris_with_amount", bool, False):
        with contextlib.suppress(Refused):
            text = with_amount(text, owed)
    return _picture(text)


def _picture(text: str) -> Reply:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=6, border=4, dark="#000", light="#fff"
    )
    headers = {
        "content-security-policy": _QR_POLICY,
        "cache-control": "no-store",
        "referrer-policy": "same-origin",
    }
    return Reply(out.getvalue(), "image/svg+xml", headers=headers)


def _seen_total(view: View) -> int | None:
    """What the proposal cost that the buyer saw, where the form says so."""
    text = view.form.get("tawaran", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _act(view: View) -> Reply:
    seen = _open(view)
    check_csrf(view, seen.csrf)
    name = view.form.get("langkah", "")
    if name not in BUYER_BUTTONS:
        raise NotFound()
    try:
        take_steps(
            view.services, seen.place.shop_id, seen.place.order_id, "buyer",
            [name], reason=view.form.get("alasan", ""), seen=_seen_total(view),
        )  # fmt: skip
    except Refused as error:
        return _page(_open(view), status=422, typed=typed_in(view, name, error, "alasan"))
    return redirect(link(view, seen.path))


def _pay(view: View) -> Reply:
    """Ask the shop's provider; the page then leads there (a form may not lead elsewhere)."""
    seen = _open(view)
    check_csrf(view, seen.csrf)
    order, origin = seen.order, origin_of(view.call)
    if not may_pay(order):
        return redirect(link(view, seen.path))
    try:
        begin(view.services, seen.place.shop_id, order.order_id, order, origin,
              origin + seen.path)  # fmt: skip
    except Refused as error:
        return _page(_open(view), status=422, typed=typed_in(view, "bayar", error, ""))
    return redirect(link(view, seen.path) + "#bayar")


def _message(view: View) -> Reply:
    seen = _open(view)
    check_csrf(view, seen.csrf)
    try:
        say(view.services, seen.place.shop_id, seen.place.order_id, "buyer",
            view.form.get("pesan", ""))  # fmt: skip
    except Refused as error:
        return _page(_open(view), status=422, typed=typed_in(view, "say", error, "pesan"))
    return redirect(link(view, f"{seen.path}") + "#pesan")


def _review(view: View) -> Reply:
    seen = _open(view)
    check_csrf(view, seen.csrf)
    try:
        take_review(view, seen.place)
    except Refused as error:
        typed = typed_in(view, "ulasan", error, "kata", {BadStars.code: "bintang"})
        return _page(_open(view), status=422, typed=typed)
    return redirect(link(view, seen.path) + "#ulasan")


def _again(view: View) -> Reply:
    seen = _open(view)
    check_csrf(view, seen.csrf)
    return order_again(view, seen.place.shop_id, seen.order.story.lines, seen.path)


def _forget(view: View) -> Reply:
    seen = _open(view)
    check_csrf(view, seen.csrf)
    if seen.order.story.standing.order in ENDS:
        erase_buyer(view.services, seen.place.shop_id, seen.place.order_id)
    return redirect(link(view, seen.path))


def _export(view: View) -> Reply:
    """Everything that is kept of the buyer, for the buyer."""
    seen = _open(view)
    headers = {
        "content-disposition": f'attachment; filename="pesanan-{seen.order.placed.number}.json"',
        "cache-control": "no-store",
    }
    with seen.view.services.store.reading_shop(seen.place.shop_id) as tx:
        review = read_review(tx, seen.order.order_id)
    data = data_of(seen.view.here.name, seen.order, review)
    body = json.dumps(data, ensure_ascii=False).encode()
    return Reply(body, "application/json", headers=headers)


async def _wait(call: Call) -> Reply:
    """The long poll: 200 as soon as the page has news, 204 where there are none for a while."""
    try:
        view = buyer_view(call)
        seen: Seen = await call.run(_open, view)
        known, loop, news = view.query.get("tanda", ""), asyncio.get_running_loop(), asyncio.Event()

        def ring() -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(news.set)

        register(seen.place.shop_id, ring)
        try:
            return await _until_news(call, view, known, news)
        finally:
            forget(seen.place.shop_id, ring)
    except Exception as error:
        refusal = error if isinstance(error, Refused) else as_refusal(error)
        if refusal is None:
            raise
        return Reply(b"", "text/plain", 404, {"cache-control": "no-store"})


async def _until_news(call: Call, view: View, known: str, news: asyncio.Event) -> Reply:
    until = asyncio.get_running_loop().time() + WAIT_S
    while True:
        news.clear()
        seen: Seen = await call.run(_open, view)
        if seen.mark != known:
            return Reply(seen.mark.encode(), "text/plain", headers={"cache-control": "no-store"})
        left = until - asyncio.get_running_loop().time()
        if left <= 0 or call.stopping.is_set():
            return Reply(status=204, headers={"cache-control": "no-store"})
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(news.wait(), min(left, LOOK_S))


ROUTES: Final = (
    route("GET", "/pesanan/{key}", "An order", _show),
    route("GET", "/pesanan/{key}/kode.svg", "Its picture for the counter", _code),
    route("GET", "/pesanan/{key}/qris.svg", "The shop's QRIS", _qris),
    route("GET", "/pesanan/{key}/data.json", "What is kept of its buyer", _export),
    route("POST", "/pesanan/{key}/langkah", "A step of the buyer", _act),
    route("POST", "/pesanan/{key}/bayar", "Pay online", _pay),
    route("POST", "/pesanan/{key}/pesan", "A message of the buyer", _message),
    route("POST", "/pesanan/{key}/ulasan", "A review of the buyer", _review),
    route("POST", "/pesanan/{key}/lagi", "Order the same again", _again),
    route("POST", "/pesanan/{key}/hapus", "Forget the buyer", _forget),
    Route("GET", "/pesanan/{key}/tunggu", "Wait for news", _wait, is_published=False),
)
