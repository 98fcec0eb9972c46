"""The door of a buyer's account as a page: for who is not signed in, with where to go on to."""

from __future__ import annotations

from typing import Final

from core.errors import Refused
from server.buyers.forgetting import UNUSED_DAYS
from server.http.problems import status_of
from server.http.routes import Reply
from server.web.buyer import show_page
from server.web.view import View, safe_place

SIGN_IN: Final = "mine_sign_in.html"
RECOVER: Final = "mine_recover.html"
_HOME: Final = "/saya"


def onward_of(view: View) -> str:
    """Where to go on to: a path of ours, without a query, since the language is put there."""
    asked = view.query.get("lanjut") or view.form.get("lanjut") or _HOME
    place = safe_place(asked).partition("?")[0]
    return _HOME if place == "/" else place


def show_door(
    view: View, template: str = SIGN_IN, *, error: Refused | None = None, unsent: str = ""
) -> Reply:
    """A form that lets in; `unsent` is another form that waits behind it (`unsent.carry`)."""
    headers = {}
    if error is not None and "retry_s" in error.details:
        headers["retry-after"] = str(error.details["retry_s"])
    return show_page(
        view, template, status=status_of(error) if error else 200, headers=headers,
        error=view.said(error) if error else "", onward=onward_of(view), form=view.form,
        years=UNUSED_DAYS // 365, unsent=unsent,
    )  # fmt: skip
