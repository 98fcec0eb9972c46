"""Signing in and out, choosing a shop and a language."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from server.accounts.office import is_in_office
from server.accounts.people import workplaces
from server.accounts.sessions import LONGEST_MS, end_session
from server.accounts.signing_in import WrongSignIn, sign_in
from server.accounts.totp import CodeNeeded, WrongCode
from server.http.problems import NotFound, status_of
from server.http.routes import Reply
from server.rates import TooManyTries
from server.web.door import show_door
from server.web.language import LANGUAGES
from server.web.rendering import page
from server.web.routing import Page
from server.web.unsent import FIELD, carried
from server.web.view import (
    SESSION_COOKIE,
    NotSignedIn,
    View,
    cookie,
    language_cookie,
    redirect,
    safe_place,
)

_LONGEST_TEXT: Final = 300


def _root(view: View) -> Reply:
    if view.session is None:
        return redirect("/masuk")
    places = workplaces(view.services, view.session.account_id)
    if not places and is_in_office(view.services, view.session.account_id):
        return redirect("/dinas")
    if len(places) == 1:
        return redirect(f"/kelola/{places[0].shop_id.hex()}")
    return redirect("/kelola")


def _shops(view: View) -> Reply:
    return page(
        view, "shops.html", places=workplaces(view.services, view.by),
        in_office=is_in_office(view.services, view.by),
    )  # fmt: skip


def _sign_in_form(view: View) -> Reply:
    if view.session is not None:
        return redirect("/")
    return show_door(view, status=200)


def _sign_in(view: View) -> Reply:
    email = view.form.get("email", "")[:_LONGEST_TEXT]
    code = view.form.get("kode", "")[:20]
    try:
        signed = sign_in(
            view.services,
            email,
            view.form.get("sandi", ""),
            code=code,
            address=view.call.address,
        )
    except (WrongSignIn, CodeNeeded, WrongCode, TooManyTries) as refusal:
        asks = isinstance(refusal, CodeNeeded | WrongCode)
        return show_door(
            view, status=status_of(refusal), error=refusal, email=email, ask_code=asks,
            unsent=view.form.get(FIELD, ""),
        )  # fmt: skip
    if view.token:
        end_session(view.services, view.token)
    kept = cookie(SESSION_COOKIE, signed.token, max_age_s=LONGEST_MS // 1000)
    onward = safe_place(view.form.get("lanjut", "/"))
    unsent = carried(view, signed.session.account_id)
    if unsent is not None:
        inside = replace(view, session=signed.session, token=signed.token)
        headers = {"set-cookie": kept}
        return page(inside, "unsent.html", headers=headers, unsent=unsent, onward=onward)
    return redirect(onward, set_cookie=kept)


def _sign_out(view: View) -> Reply:
    if view.session is None:
        raise NotSignedIn()
    end_session(view.services, view.token)
    return redirect("/masuk", set_cookie=cookie(SESSION_COOKIE, "", max_age_s=0))


def _language(view: View) -> Reply:
    chosen = view.call.places["language"]
    if chosen not in LANGUAGES:
        raise NotFound()
    back = safe_place(view.query.get("kembali", "/"))
    return redirect(back, set_cookie=language_cookie(chosen))


PAGES = (
    Page("GET", "/", "To the shop, or to sign in", _root, "all"),
    Page("GET", "/masuk", "Sign in", _sign_in_form, "all"),
    Page("POST", "/masuk", "Sign in", _sign_in, "all"),
    Page("POST", "/keluar", "Sign out", _sign_out, "all"),
    Page("GET", "/bahasa/{language}", "Choose a language", _language, "all"),
    Page("GET", "/kelola", "The account's shops", _shops, "account"),
)
