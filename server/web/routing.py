"""From a table of pages to routes: session, shop and role are checked before a page is run.

An id of another shop is as unknown as one that does not exist: both are 404.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from core.errors import Refused
from server.accounts.office import CodesFirst, demand_office
from server.accounts.people import NotAllowed
from server.accounts.sessions import find_session
from server.db.errors import as_refusal
from server.db.transaction import ShopTx
from server.db.types import parse_id
from server.http.problems import STATUS, Internal, NotFound
from server.http.router import language_of, refuse, request_id_of, send_reply
from server.http.routes import Call, Reply, Route
from server.http.running import inline
from server.orders.reading import count_unanswered
from server.services import Services
from server.shops.history import count_conflicts
from server.shops.reading import role_here, shop_here
from server.sync.judging import count_waiting
from server.web.door import show_door
from server.web.rendering import refused
from server.web.setup import show_setup
from server.web.unsent import BACK, carry, reopened
from server.web.view import (
    SESSION_COOKIE,
    NotSignedIn,
    View,
    check_form,
    open_view,
    redirect,
)

_log = logging.getLogger("huyula.web")
Reach = Literal["all", "account", "office", "viewer", "manager", "owner"]


@dataclass(frozen=True)
class Page:
    """A page or the target of a form. `reach`: whom it is for; the last three name the least
    role in the shop that its path names as `{shop}`. To others the office's pages do not exist.
    `keeps`: a form of words, without secrets and files, that is shown filled in again where its
    session had ended; the handler says a `BadField` of no field above the form."""

    method: Literal["GET", "POST"]
    path: str
    summary: str
    handler: Callable[[View], Reply]
    reach: Reach = "viewer"
    keeps: bool = False


def route_of(page: Page) -> Route:
    """A page as a route of the server's one table."""

    def handler(call: Call) -> Reply:
        return answer(page, call)

    return Route(page.method, page.path, page.summary, handler, is_published=False)


def answer(page: Page, call: Call) -> Reply:
    """Run a page; what goes wrong is a page, too."""
    view = View(call, call.language, {}, {})
    try:
        view = _recognised(open_view(call))
        try:
            view = _let_in(page, view)
        except CodesFirst as first:
            return _codes_first(page, view, first)
        if page.method == "POST":
            check_form(view)
        return page.handler(reopened(view) if page.keeps and BACK in view.form else view)
    except NotSignedIn:
        unsent = carry(view) if page.keeps else ""
        if unsent:
            return show_door(view, status=STATUS[NotSignedIn.code], unsent=unsent)
        return redirect(f"/masuk?lanjut={quote(_asked_for(call), safe='')}")
    except Exception as error:
        refusal = error if isinstance(error, Refused) else as_refusal(error)
        if refusal is None:
            _log.error("fault", exc_info=error, extra={"request_id": call.request_id})
            refusal = Internal()
        return refused(view, refusal)


def _asked_for(call: Call) -> str:
    if call.method == "POST":
        return "/"
    return f"{call.path}?{call.query_text}" if call.query_text else call.path


def _codes_first(page: Page, view: View, refusal: CodesFirst) -> Reply:
    """Lead an account of the office to its codes; what it was sending is not done, and its words
    wait behind the page."""
    if view.call.method != "POST":
        return redirect(f"/akun/kode?lanjut={quote(_asked_for(view.call), safe='')}")
    unsent = carry(view) if page.keeps else ""
    return show_setup(view, status=STATUS[refusal.code], error=view.said(refusal), unsent=unsent)


def _recognised(view: View) -> View:
    token = view.cookies.get(SESSION_COOKIE, "")
    session = find_session(view.services, token)
    return replace(view, session=session, token=token if session else "")


def _let_in(page: Page, view: View) -> View:
    if page.reach == "all":
        return view
    if view.session is None:
        raise NotSignedIn()
    if page.reach == "account":
        return view
    if page.reach == "office":
        demand_office(view.services, view.by)
        return view
    view = _in_shop(view)
    if not view.may(page.reach):
        raise NotAllowed(least=page.reach)
    return view


def _in_shop(view: View) -> View:
    try:
        shop_id = parse_id(view.call.places["shop"])
    except ValueError:
        raise NotFound() from None
    with view.services.store.reading_shop(shop_id) as tx:
        role = role_here(tx, view.by)
        if role is None:
            raise NotFound()
        here = replace(view, shop=shop_here(tx), role=role)
        return replace(here, counts=_counts(tx, here))


def _counts(tx: ShopTx, view: View) -> dict[str, int]:
    """What the menu says waits for the owner, of what its reader may see."""
    hidden = "" if view.may_see("cost") else "cost"
    return {
        "entries": count_waiting(tx),
        "conflicts": count_conflicts(tx, hidden=hidden),
        "orders": count_unanswered(tx) if view.may("manager") else 0,
    }


class NothingHere:
    """Answers what no route matches: with a page, to programs in JSON."""

    def __init__(self, services: Services) -> None:
        """The page needs nothing but a clock."""
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"].startswith("/api/") or scope["method"] not in ("GET", "HEAD"):
            await send_reply(refuse(NotFound(), scope), send)
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        call = Call(
            services=self._services,
            request_id=request_id_of(scope),
            method="GET",
            path=scope["path"],
            query_text="",
            headers=headers,
            address="",
            language=language_of(headers),
            raw=b"",
            data=None,
            query=None,
            places={},
            run=inline,
            opening=inline,
            stopping=threading.Event(),
        )
        await send_reply(refused(open_view(call), NotFound()), send)
