"""Signing in and out, choosing a shop and a language."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import quote

from server.accounts.codes import CodeNeeded, WrongCode
from server.accounts.office import is_in_office, lacks_codes
from server.accounts.people import workplaces
from server.accounts.sessions import LONGEST_MS, end_session
from server.accounts.signing_in import SignedIn, SignInAgain, WrongSignIn, give_code, sign_in
from server.http.problems import NotFound, status_of
from server.http.routes import Reply
from server.rates import TooManyTries
from server.web.codes import code_of
from server.web.door import show_door
from server.web.language import LANGUAGES
from server.web.rendering import page
from server.web.routing import Page
from server.web.setup import onward_of, show_setup
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
    unsent = view.form.get(FIELD, "")
    try:
        signed = sign_in(
            view.services, email, view.form.get("sandi", ""), address=view.call.address
        )
    except CodeNeeded as needed:
        return show_door(view, status=200, email=email, half=needed.half, unsent=unsent)
    except (WrongSignIn, TooManyTries) as refusal:
        return show_door(view, status=status_of(refusal), error=refusal, email=email, unsent=unsent)
    return _go_on(view, signed)


def _give_code(view: View) -> Reply:
    """The second step, for who has codes."""
    email, half = view.form.get("email", "")[:_LONGEST_TEXT], view.form.get("setengah", "")
    unsent, spare = view.form.get(FIELD, ""), code_of(view, "pulih")
    by_recovery = bool(spare.strip())
    try:
        signed = give_code(
            view.services, half, spare if by_recovery else code_of(view), address=view.call.address
        )
    except SignInAgain as refusal:
        return show_door(view, status=status_of(refusal), error=refusal, email=email, unsent=unsent)
    except (CodeNeeded, WrongCode, TooManyTries) as refusal:
        return show_door(
            view, status=status_of(refusal), error=refusal, email=email, half=half,
            by_recovery=by_recovery, unsent=unsent,
        )  # fmt: skip
    return _go_on(view, signed)


def _go_on(view: View, signed: SignedIn) -> Reply:
    """To where the reader was going; first to the codes if the office demands them, or to another
    phone's if a recovery code was used."""
    if view.token:
        end_session(view.services, view.token)
    kept = cookie(SESSION_COOKIE, signed.token, max_age_s=LONGEST_MS // 1000)
    inside, headers = (
        replace(view, session=signed.session, token=signed.token),
        {"set-cookie": kept},
    )
    onward, unsent = onward_of(view), carried(view, inside.by)
    if signed.by_recovery or lacks_codes(view.services, inside.by):
        if unsent is not None:
            return show_setup(
                inside, headers=headers, unsent=view.form[FIELD], by_recovery=signed.by_recovery
            )
        how = "pulih=1&" if signed.by_recovery else ""
        return redirect(f"/akun/kode?{how}lanjut={quote(onward, safe='')}", set_cookie=kept)
    if unsent is not None:
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
    Page("POST", "/masuk/kode", "Sign in: the code", _give_code, "all"),
    Page("POST", "/keluar", "Sign out", _sign_out, "all"),
    Page("GET", "/bahasa/{language}", "Choose a language", _language, "all"),
    Page("GET", "/kelola", "The account's shops", _shops, "account"),
)
