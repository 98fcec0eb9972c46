"""Pages of a buyer: without an account, kept by nobody, and their forms known as ours."""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from core.errors import Refused
from server.accounts.sessions import WrongCsrf
from server.db.errors import as_refusal
from server.http.problems import Internal, headers_of, problem_of, status_of
from server.http.routes import Call, Reply, Route
from server.web.gerai_front import origin_of
from server.web.language import LANGUAGES
from server.web.rendering import page
from server.web.view import View, open_view

_log = logging.getLogger("huyula.web")
_HEADERS: Final = {"cache-control": "no-store", "referrer-policy": "same-origin"}
Handler = Callable[[View], Reply]


def buyer_view(call: Call) -> View:
    """A request in the language that its address or form says, else the browser's."""
    view = open_view(call)
    said = view.query.get("bahasa", "") or view.form.get("bahasa", "")
    return replace(view, language=said) if said in LANGUAGES else view


def link(view: View, path: str, **query: str) -> str:
    """An address that keeps the language."""
    said = view.query.get("bahasa", "") or view.form.get("bahasa", "")
    if said in LANGUAGES:
        query["bahasa"] = said
    return path + (f"?{urlencode(query)}" if query else "")


def show_page(view: View, template: str, *, status: int = 200, **data: Any) -> Reply:
    """A buyer's page as an answer."""
    headers = {**_HEADERS, **data.pop("headers", {})}
    return page(
        view, template, status=status, headers=headers,
        link=lambda path, **query: link(view, path, **query), **data,
    )  # fmt: skip


def check_origin(view: View) -> None:
    """Pass a form that a page of this address sent.

    The pages of a gerai hold no secret that a form could bring back, since everybody gets the
    same. Browsers say where a form comes from; one that says nothing is refused.

    Raises:
        WrongCsrf: it came from elsewhere.
    """
    headers = view.call.headers
    site = headers.get("sec-fetch-site", "")
    if site:
        if site != "same-origin":
            raise WrongCsrf()
        return
    given = headers.get("origin", "")
    ours = origin_of(view.call)
    if not ours or given.partition("://")[2] != ours.partition("://")[2]:
        raise WrongCsrf()


def check_csrf(view: View, wanted: str) -> None:
    """Pass a form that brings back what its page was given.

    Raises:
        WrongCsrf: it does not.
    """
    check_origin(view)
    if not wanted or not hmac.compare_digest(wanted.encode(), view.form.get("csrf", "").encode()):
        raise WrongCsrf()


def origin_range(address: str) -> str:
    """The range that an address is of: what a household or a mobile network's exit shares."""
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{one}/{24 if one.version == 4 else 64}", strict=False))


def route(method: str, path: str, summary: str, make: Handler) -> Route:
    """A buyer's page as a route; what goes wrong is a page, too."""

    def handler(call: Call) -> Reply:
        view = View(call, call.language, {}, {})
        try:
            view = buyer_view(call)
            return make(view)
        except Exception as error:
            refusal = error if isinstance(error, Refused) else as_refusal(error)
            if refusal is None:
                _log.error("fault", exc_info=error, extra={"request_id": call.request_id})
                refusal = Internal()
            return refused(view, refusal)

    return Route(method, path, summary, handler, is_published=False)


def refused(view: View, refusal: Refused) -> Reply:
    """A refusal in words."""
    status = status_of(refusal)
    problem = problem_of(refusal, status, language=view.language, request_id=view.call.request_id)
    return show_page(
        view, "buyer_refused.html", status=status, headers=headers_of(problem, refusal.details),
        code=refusal.code, message=problem.message,
    )  # fmt: skip
