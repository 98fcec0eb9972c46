"""The reader's own account: password, codes from a phone, sessions everywhere."""

from __future__ import annotations

import segno
from markupsafe import Markup

from core.errors import Refused
from server.accounts.passwords import WeakPassword
from server.accounts.people import set_password, workplaces
from server.accounts.reading import email_of, has_totp, is_own_password
from server.accounts.sessions import end_all_sessions
from server.accounts.totp import WrongCode, confirm_totp, drop_totp, propose_totp
from server.http.problems import Malformed
from server.http.routes import Reply
from server.rates import HOUR_MS, count_try
from server.web.rendering import page
from server.web.routing import Page
from server.web.view import SESSION_COOKIE, View, cookie, redirect


class NotThisPassword(Refused):
    """The present password, asked for before something dangerous, is not right."""

    code = "not_this_password"


def qr(text: str, label: str) -> Markup:
    """A QR code as an image of strokes, with a name for screen readers."""
    made = segno.make(text, error="m", micro=False)
    drawn = made.svg_inline(scale=6, border=3, dark="#1b1f1d", light="#ffffff", omitsize=True)
    start, _, rest = drawn.partition(" ")
    return Markup('{} role="img" aria-label="{}" {}').format(Markup(start), label, Markup(rest))


def _account(view: View) -> Reply:
    return _show(view)


def _show(view: View, *, status: int = 200, **problems: str) -> Reply:
    return page(
        view,
        "account.html",
        status=status,
        email=email_of(view.services, view.by),
        has_code=has_totp(view.services, view.by),
        places=workplaces(view.services, view.by),
        problems={"old": "", "new": "", "drop": "", **problems},
        done=view.query.get("ya", ""),
    )


def _check_password(view: View) -> None:
    """Ask again for the password: who sits at an open session may not be its owner."""
    with view.services.store.directory() as tx:
        bucket = f"own password {view.by.hex()}"
        count_try(tx, bucket, most=10, window_ms=HOUR_MS, now_ms=view.services.now_ms())
    if not is_own_password(view.services, view.by, view.form.get("sandi", "")):
        raise NotThisPassword()


def _new_password(view: View) -> Reply:
    try:
        _check_password(view)
        set_password(view.services, view.by, view.form.get("baru", ""))
    except NotThisPassword as refusal:
        return _show(view, status=422, old=view.said(refusal))
    except WeakPassword as refusal:
        return _show(view, status=422, new=view.said(refusal))
    return redirect("/masuk", set_cookie=cookie(SESSION_COOKIE, "", max_age_s=0))


def _propose(view: View) -> Reply:
    proposed = propose_totp(view.services, view.by)
    return _code_form(view, proposed.secret, proposed.uri)


def _code_form(view: View, secret: str, uri: str, *, error: Refused | None = None) -> Reply:
    words = view.words
    return page(
        view,
        "totp.html",
        status=422 if error else 200,
        secret=secret,
        uri=uri,
        picture=qr(uri, words._("Kode QR untuk aplikasi di ponsel")),
        error=view.said(error) if error else "",
    )


def _confirm(view: View) -> Reply:
    secret, uri = view.form.get("rahasia", ""), view.form.get("alamat", "")
    if len(secret) != 32 or not secret.isalnum() or not uri.startswith("otpauth://"):
        raise Malformed(why="secret")
    try:
        confirm_totp(view.services, view.by, secret, view.form.get("kode", ""))
    except WrongCode as refusal:
        return _code_form(view, secret, uri, error=refusal)
    return redirect("/akun?ya=kode")


def _drop(view: View) -> Reply:
    try:
        _check_password(view)
    except NotThisPassword as refusal:
        return _show(view, status=422, drop=view.said(refusal))
    drop_totp(view.services, view.by)
    return redirect("/akun?ya=tanpa")


def _everywhere(view: View) -> Reply:
    end_all_sessions(view.services, view.by)
    return redirect("/masuk", set_cookie=cookie(SESSION_COOKIE, "", max_age_s=0))


PAGES = (
    Page("GET", "/akun", "The account", _account, "account"),
    Page("POST", "/akun/sandi", "Another password", _new_password, "account"),
    Page("POST", "/akun/kode", "Propose codes from a phone", _propose, "account"),
    Page("POST", "/akun/kode/pasang", "Put codes in force", _confirm, "account"),
    Page("POST", "/akun/kode/lepas", "Password only", _drop, "account"),
    Page("POST", "/akun/keluar", "Sign out everywhere", _everywhere, "account"),
)
