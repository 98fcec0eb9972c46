"""The door of a buyer's account: making one, signing in, the recovery code, signing out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from core.errors import Refused
from server.buyers.entering import NewBuyer, recover, register, sign_in
from server.buyers.forgetting import UNUSED_DAYS
from server.buyers.sessions import Entered, Known, end, end_all
from server.http.problems import status_of
from server.http.routes import Reply
from server.web.buyer import check_origin, link, origin_range, route, show_page
from server.web.forms import ticked
from server.web.mine import known_buyer, own_route, session_cookie, token_of
from server.web.view import View, redirect, safe_place

_HOME: Final = "/saya"
Enter = Callable[[View], Entered]


def _onward(view: View) -> str:
    """Where to go on to: a path of ours, without a query, since the language is put there."""
    asked = view.query.get("lanjut") or view.form.get("lanjut") or _HOME
    place = safe_place(asked).partition("?")[0]
    return _HOME if place == "/" else place


def _door(view: View, template: str, *, error: Refused | None = None) -> Reply:
    headers = {}
    if error is not None and "retry_s" in error.details:
        headers["retry-after"] = str(error.details["retry_s"])
    return show_page(
        view, template, status=status_of(error) if error else 200, headers=headers,
        error=view.said(error) if error else "", onward=_onward(view), form=view.form,
        years=UNUSED_DAYS // 365,
    )  # fmt: skip


def _shown(template: str) -> Callable[[View], Reply]:
    def show(view: View) -> Reply:
        if known_buyer(view) is not None:
            return redirect(link(view, _HOME))
        return _door(view, template)

    return show


def _entering(template: str, enter: Enter) -> Callable[[View], Reply]:
    """Whoever comes in gets a session that was never known before; that of before ends."""

    def come_in(view: View) -> Reply:
        check_origin(view)
        try:
            entered = enter(view)
        except Refused as refusal:
            return _door(view, template, error=refusal)
        if token_of(view):
            end(view.services, token_of(view))
        if entered.code:
            return show_code(view, entered)
        return redirect(link(view, _onward(view)), set_cookie=session_cookie(entered.token))

    return come_in


def show_code(view: View, entered: Entered) -> Reply:
    """The recovery code, this once; where a session begins, with its cookie."""
    headers = {"set-cookie": session_cookie(entered.token)} if entered.token else {}
    return show_page(
        view, "mine_code.html", code=entered.code, onward=_onward(view), headers=headers
    )


def _register(view: View) -> Entered:
    form = view.form
    new = NewBuyer(
        form.get("nama", ""), form.get("telepon", ""), form.get("sandi", ""),
        ticked(form, "setuju"),
    )  # fmt: skip
    return register(view.services, new, origin_range(view.call.address))


def _sign_in(view: View) -> Entered:
    form = view.form
    origin = origin_range(view.call.address)
    return sign_in(view.services, form.get("telepon", ""), form.get("sandi", ""), origin)


def _recover(view: View) -> Entered:
    form = view.form
    origin = origin_range(view.call.address)
    return recover(view.services, form.get("kode", ""), form.get("baru", ""), origin)


def _sign_out(view: View, known: Known) -> Reply:
    end(view.services, token_of(view))
    return redirect(link(view, "/saya/masuk"), set_cookie=session_cookie(""))


def _everywhere(view: View, known: Known) -> Reply:
    end_all(view.services, known.buyer_id)
    return redirect(link(view, "/saya/masuk"), set_cookie=session_cookie(""))


ROUTES: Final = (
    route("GET", "/saya/masuk", "A buyer signs in", _shown("mine_sign_in.html")),
    route("POST", "/saya/masuk", "A buyer signs in", _entering("mine_sign_in.html", _sign_in)),
    route("GET", "/saya/daftar", "A buyer's account is made", _shown("mine_register.html")),
    route("POST", "/saya/daftar", "Make it", _entering("mine_register.html", _register)),
    route("GET", "/saya/pulih", "With the recovery code", _shown("mine_recover.html")),
    route("POST", "/saya/pulih", "With it", _entering("mine_recover.html", _recover)),
    own_route("POST", "/saya/keluar", "A buyer signs out", _sign_out),
    own_route("POST", "/saya/keluar-semua", "Of every browser", _everywhere),
)
