"""The door of a buyer's account: making one, signing in, the recovery code, signing out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from core.errors import Refused
from server.buyers.entering import NewBuyer, recover, register, sign_in
from server.buyers.sessions import Entered, Known, end, end_all
from server.http.routes import Reply
from server.web.buyer import check_origin, link, origin_range, route, show_page
from server.web.forms import ticked
from server.web.mine import known_buyer, own_route, session_cookie, token_of
from server.web.mine_door import RECOVER, SIGN_IN, onward_of, show_door
from server.web.unsent import FIELD, Unsent, carried
from server.web.view import View, mark_of, redirect

_HOME: Final = "/saya"
Enter = Callable[[View], Entered]


def _shown(template: str) -> Callable[[View], Reply]:
    def show(view: View) -> Reply:
        if known_buyer(view) is not None:
            return redirect(link(view, _HOME))
        return show_door(view, template)

    return show


def _entering(template: str, enter: Enter) -> Callable[[View], Reply]:
    """Whoever comes in gets a session that was never known before; that of before ends."""

    def come_in(view: View) -> Reply:
        check_origin(view)
        try:
            entered = enter(view)
        except Refused as refusal:
            return show_door(view, template, error=refusal, unsent=view.form.get(FIELD, ""))
        if token_of(view):
            end(view.services, token_of(view))
        unsent = carried(view, entered.known.buyer_id)
        if entered.code:
            return show_code(view, entered, unsent)
        if unsent is not None:
            return show_page(
                view, "mine_unsent.html", unsent=unsent, csrf=entered.known.csrf,
                whose=mark_of(entered.known.buyer_id),
                onward=onward_of(view), headers={"set-cookie": session_cookie(entered.token)},
            )  # fmt: skip
        return redirect(link(view, onward_of(view)), set_cookie=session_cookie(entered.token))

    return come_in


def show_code(view: View, entered: Entered, unsent: Unsent | None = None) -> Reply:
    """The recovery code, this once; where a session begins, with its cookie. From there on to what
    was typed and is `unsent`, if anything."""
    headers = {"set-cookie": session_cookie(entered.token)} if entered.token else {}
    return show_page(
        view, "mine_code.html", code=entered.code, onward=onward_of(view), headers=headers,
        unsent=unsent, csrf=entered.known.csrf, whose=mark_of(entered.known.buyer_id),
    )  # fmt: skip


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


def _recovering(view: View) -> Reply:
    """With the code; from the door without one, for which a form waits that is not lost so."""
    if "kode" in view.form:
        return _entering(RECOVER, _recover)(view)
    check_origin(view)
    return show_door(view, RECOVER, unsent=view.form.get(FIELD, ""))


def _sign_out(view: View, known: Known) -> Reply:
    end(view.services, token_of(view))
    return redirect(link(view, "/saya/masuk"), set_cookie=session_cookie(""))


def _everywhere(view: View, known: Known) -> Reply:
    end_all(view.services, known.buyer_id)
    return redirect(link(view, "/saya/masuk"), set_cookie=session_cookie(""))


ROUTES: Final = (
    route("GET", "/saya/masuk", "A buyer signs in", _shown(SIGN_IN)),
    route("POST", "/saya/masuk", "A buyer signs in", _entering(SIGN_IN, _sign_in)),
    route("GET", "/saya/daftar", "A buyer's account is made", _shown("mine_register.html")),
    route("POST", "/saya/daftar", "Make it", _entering("mine_register.html", _register)),
    route("GET", "/saya/pulih", "With the recovery code", _shown(RECOVER)),
    route("POST", "/saya/pulih", "With it", _recovering),
    own_route("POST", "/saya/keluar", "A buyer signs out", _sign_out),
    own_route("POST", "/saya/keluar-semua", "Of every browser", _everywhere),
)
