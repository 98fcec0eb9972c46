"""Pages of a buyer's own account: who asks, and the way to the door for who is not signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from server.buyers.refusals import SignedOut
from server.buyers.sessions import LONGEST_MS, Known, find
from server.http.routes import Reply, Route
from server.web.buyer import check_csrf, link, route, show_page
from server.web.mine_door import show_door
from server.web.unsent import BACK, carry, reopened
from server.web.view import View, cookie, mark_of, redirect

COOKIE: Final = "__Host-huyula-pembeli"
_LONGEST_TOKEN: Final = 100
_BUYER: Final = "buyer"
OwnHandler = Callable[[View, Known], Reply]


def token_of(view: View) -> str:
    """What the browser says of its session, if anything."""
    return view.cookies.get(COOKIE, "")[:_LONGEST_TOKEN]


def known_buyer(view: View) -> Known | None:
    """The buyer who is signed in, looked up once a request."""
    if _BUYER not in view.found:
        view.found[_BUYER] = find(view.services, token_of(view))
    known: Known | None = view.found[_BUYER]
    return known


def session_cookie(token: str) -> str:
    """The header that begins a session in the browser, or ends it with an empty token."""
    return cookie(COOKIE, token, max_age_s=LONGEST_MS // 1000 if token else 0)


def own_route(
    method: str, path: str, summary: str, make: OwnHandler, *, keeps: bool = False
) -> Route:
    """A page that only its buyer sees; forms bring the session's own secret.

    `keeps`: a form of words that is shown filled in again where its session had ended (`unsent`).
    """

    def handler(view: View) -> Reply:
        known = known_buyer(view)
        if known is None:
            return _to_the_door(view, carry(view) if keeps else "")
        if method == "POST":
            check_csrf(view, known.csrf)
        try:
            return make(reopened(view) if keeps and BACK in view.form else view, known)
        except SignedOut:
            return _to_the_door(view, carry(view) if keeps else "")

    return route(method, path, summary, handler)


def own_page(
    view: View, known: Known, template: str, here: str, *, status: int = 200, **data: Any
) -> Reply:
    """A page of the account; `here` is its place in the account's menu."""
    return show_page(
        view, template, status=status, here=here, csrf=known.csrf, whose=mark_of(known.buyer_id),
        done=view.query.get("ya", ""), **data,
    )  # fmt: skip


def _to_the_door(view: View, unsent: str) -> Reply:
    if unsent:
        return show_door(view, unsent=unsent)
    onward = view.call.path if view.call.method == "GET" else "/saya"
    place = f"{link(view, '/saya/masuk')}"
    return redirect(f"{place}{'&' if '?' in place else '?'}lanjut={quote(onward, safe='')}")
