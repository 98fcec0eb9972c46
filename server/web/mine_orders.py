""" "Pesanan saya": a buyer's orders of all shops; an order's page put into the account, or out."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from server.buyers.keeping import drop_order, keep_orders, keeps_order, orders_of
from server.buyers.sessions import Known
from server.http.problems import NotFound
from server.http.routes import Reply
from server.orders.keys import read_key
from server.orders.reading import Brief, Found, brief_orders, find_order, find_orders
from server.shops.reading import shop_here
from server.web.buyer import link
from server.web.mine import known_buyer, own_page, own_route
from server.web.order_door import count_miss, form_secret
from server.web.order_words import state_said
from server.web.showing import Show
from server.web.view import View, redirect

PAGE: Final = 20


class Mine(NamedTuple):
    """One of the buyer's orders, in a list; times as its shop's clock shows them."""

    found: Found
    shop: str
    brief: Brief
    show: Show

    @property
    def path(self) -> str:
        """The order's page."""
        return f"/pesanan/{self.found.key.hex()}"

    @property
    def csrf(self) -> str:
        """What a form that goes there brings along."""
        return form_secret(self.found.key)

    @property
    def state(self) -> str:
        """How it stands, to be translated."""
        return state_said(self.brief.state, self.brief.way, fee_open=self.brief.fee_open)


def all_mine(view: View, known: Known) -> list[Found]:
    """The orders of the account, the newest first; some may never have been placed."""
    return find_orders(view.services, [one.key for one in orders_of(view.services, known)])


def read_mine(view: View, found: list[Found]) -> list[Mine]:
    """Some of them as they stand now, in the same order."""
    read: dict[bytes, Mine] = {}
    for shop_id in dict.fromkeys(one.shop_id for one in found):
        own = [one for one in found if one.shop_id == shop_id]
        with view.services.store.reading_shop(shop_id) as tx:
            here = shop_here(tx)
            briefs = brief_orders(tx, [one.order_id for one in own])
        if here is not None:
            show = Show(view.words, here.zone, view.services.now_ms())
            for one in own:
                if one.order_id in briefs:
                    read[one.key] = Mine(one, here.name, briefs[one.order_id], show)
    return [read[one.key] for one in found if one.key in read]


def account_card(view: View, key: bytes) -> dict[str, Any]:
    """What an order's page says about the account of who reads it."""
    known = known_buyer(view)
    kept = known is not None and keeps_order(view.services, known, key)
    return {"account_csrf": known.csrf if known else "", "in_account": kept}


def _orders(view: View, known: Known) -> Reply:
    given = view.query.get("dari", "")
    start = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0
    found = all_mine(view, known)
    shown = read_mine(view, found[start : start + PAGE])
    onward = start + PAGE if start + PAGE < len(found) else 0
    return own_page(view, known, "mine_orders.html", "orders", mine=shown, onward=onward)


def _keep(view: View, known: Known) -> Reply:
    key = _key(view)
    if find_order(view.services, key) is None:
        count_miss(view)
        raise NotFound()
    keep_orders(view.services, known, [key])
    return redirect(link(view, f"/pesanan/{key.hex()}") + "#akun")


def _drop(view: View, known: Known) -> Reply:
    key = _key(view)
    drop_order(view.services, known, key)
    return redirect(link(view, f"/pesanan/{key.hex()}") + "#akun")


def _key(view: View) -> bytes:
    key = read_key(view.form.get("kunci", ""))
    if key is None:
        raise NotFound()
    return key


ROUTES: Final = (
    own_route("GET", "/saya", "A buyer's orders", _orders),
    own_route("POST", "/saya/pesanan/simpan", "Put an order into the account", _keep),
    own_route("POST", "/saya/pesanan/lepas", "Take it out", _drop),
)
