"""The owner's page for signing in: shown at its address, and where a form meets no session."""

from __future__ import annotations

import base64
from typing import Final

from core.errors import Refused
from server.http.routes import Reply
from server.web.rendering import page
from server.web.view import FORM_COOKIE, View, cookie, safe_place

_FORM_HOURS: Final = 12 * 3600


def show_door(
    view: View,
    *,
    status: int,
    error: Refused | None = None,
    email: str = "",
    half: str = "",
    by_recovery: bool = False,
    unsent: str = "",
) -> Reply:
    """The form for signing in; `unsent` is another form that waits behind it (`unsent.carry`).

    `half`: the password was right, and the code is asked for (`CodeNeeded`); `by_recovery`: a
    recovery code was tried.
    """
    kept = view.cookies.get(FORM_COOKIE, "")
    secret = kept if len(kept) == 43 else _secret(view)
    headers = {}
    if secret != kept:
        headers["set-cookie"] = cookie(FORM_COOKIE, secret, max_age_s=_FORM_HOURS)
    if error is not None and "retry_s" in error.details:
        headers["retry-after"] = str(error.details["retry_s"])
    return page(
        view,
        "sign_in_code.html" if half else "sign_in.html",
        status=status,
        headers=headers,
        csrf=secret,
        error=view.said(error) if error else "",
        email=email,
        half=half,
        by_recovery=by_recovery,
        onward=safe_place(view.query.get("lanjut") or view.form.get("lanjut") or "/"),
        unsent=unsent,
    )


def _secret(view: View) -> str:
    return base64.urlsafe_b64encode(view.services.random(32)).rstrip(b"=").decode("ascii")
