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
    ask: str = "",
    unsent: str = "",
) -> Reply:
    """The form for signing in; `ask`: the field of the code that is missing or wrong; `unsent` is
    another form that waits behind it (`unsent.carry`)."""
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
        ask=ask,
        onward=safe_place(view.query.get("lanjut") or view.form.get("lanjut") or "/"),
        unsent=unsent,
    )


def _secret(view: View) -> str:
    return base64.urlsafe_b64encode(view.services.random(32)).rstrip(b"=").decode("ascii")
