"""The reader's own account: password, codes, sessions everywhere."""

from __future__ import annotations

from typing import Final

from core.errors import Refused
from server.accounts.codes import CodeNeeded, WrongCode
from server.accounts.office import is_in_office
from server.accounts.passwords import WeakPassword
from server.accounts.people import set_password
from server.accounts.reading import NotThisPassword, check_own_password, email_of, has_totp
from server.accounts.recovery import FEW_LEFT, HOW_MANY, codes_left
from server.accounts.sessions import end_all_sessions
from server.http.routes import Reply
from server.web.rendering import page
from server.web.routing import Page
from server.web.view import SESSION_COOKIE, View, cookie, redirect

_FIELDS: Final = {
    NotThisPassword.code: "sandi",
    WeakPassword.code: "baru",
    CodeNeeded.code: "kode",
    WrongCode.code: "kode",
}


def _account(view: View) -> Reply:
    return show_account(view)


def show_account(view: View, form: str = "", refusal: Refused | None = None) -> Reply:
    """The page; `form` was refused, and `refusal` is said at the field that it is about."""
    field = _FIELDS.get(refusal.code, "") if refusal else ""
    return page(
        view,
        "account.html",
        status=422 if refusal else 200,
        email=email_of(view.services, view.by),
        has_code=has_totp(view.services, view.by),
        in_office=is_in_office(view.services, view.by),
        left=codes_left(view.services, view.by),
        most=HOW_MANY,
        few=FEW_LEFT,
        refused=form,
        at=f"{form}-{field}",
        said=view.said(refusal) if refusal else "",
        done=view.query.get("ya", ""),
    )


def _new_password(view: View) -> Reply:
    try:
        check_own_password(view.services, view.by, view.form.get("sandi", ""))
        set_password(view.services, view.by, view.form.get("baru", ""))
    except (NotThisPassword, WeakPassword) as refusal:
        return show_account(view, "sandi", refusal)
    return redirect("/masuk", set_cookie=cookie(SESSION_COOKIE, "", max_age_s=0))


def _everywhere(view: View) -> Reply:
    end_all_sessions(view.services, view.by)
    return redirect("/masuk", set_cookie=cookie(SESSION_COOKIE, "", max_age_s=0))


PAGES = (
    Page("GET", "/akun", "The account", _account, "account"),
    Page("POST", "/akun/sandi", "Another password", _new_password, "account"),
    Page("POST", "/akun/keluar", "Sign out everywhere", _everywhere, "account"),
)
