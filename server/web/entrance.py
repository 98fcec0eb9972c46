"""Signing in and out, choosing a shop and a language."""

from __future__ import annotations

import base64
from typing import Final

from core.errors import Refused
from server.accounts.office import is_in_office
from server.accounts.people import workplaces
from server.accounts.sessions import LONGEST_MS, end_session
from server.accounts.signing_in import WrongSignIn, sign_in
from server.accounts.totp import CodeNeeded, WrongCode
from server.http.problems import NotFound, status_of
from server.http.routes import Reply
from server.rates import TooManyTries
from server.web.language import LANGUAGES
from server.web.rendering import page
from server.web.routing import Page
from server.web.view import (
    FORM_COOKIE,
    SESSION_COOKIE,
    NotSignedIn,
    View,
    cookie,
    language_cookie,
    redirect,
    safe_place,
)

_FORM_HOURS: Final = 12 * 3600
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
    return _form(view, status=200)


def _form(
    view: View,
    *,
    status: int,
    error: Refused | None = None,
    email: str = "",
    ask_code: bool = False,
) -> Reply:
    kept = view.cookies.get(FORM_COOKIE, "")
    secret = kept if len(kept) == 43 else _secret(view)
    headers = {}
    if secret != kept:
        headers["set-cookie"] = cookie(FORM_COOKIE, secret, max_age_s=_FORM_HOURS)
    if error is not None and "retry_s" in error.details:
        headers["retry-after"] = str(error.details["retry_s"])
    return page(
        view,
        "sign_in.html",
        status=status,
        headers=headers,
        csrf=secret,
        error=view.said(error) if error else "",
        email=email,
        ask_code=ask_code,
        onward=safe_place(view.query.get("lanjut") or view.form.get("lanjut") or "/"),
    )


def _secret(view: View) -> str:
    return base64.urlsafe_b64encode(view.services.random(32)).rstrip(b"=").decode("ascii")


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
        return _form(view, status=status_of(refusal), error=refusal, email=email, ask_code=asks)
    if view.token:
        end_session(view.services, view.token)
    kept = cookie(SESSION_COOKIE, signed.token, max_age_s=LONGEST_MS // 1000)
    return redirect(safe_place(view.form.get("lanjut", "/")), set_cookie=kept)


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
