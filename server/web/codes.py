"""Codes from a phone and recovery codes of the reader's own account: setting up, another phone,
new recovery codes, and doing without."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from server.accounts.codes import (
    CodeNeeded,
    NothingProposed,
    OfficeKeepsCodes,
    WrongCode,
    drop_codes,
    renew_recovery,
)
from server.accounts.reading import NotThisPassword, check_own_password, has_totp
from server.accounts.setting_up import confirm, propose
from server.http.routes import Reply
from server.web.account import show_account
from server.web.rendering import page
from server.web.routing import Page
from server.web.setup import onward_of, show_setup
from server.web.unsent import FIELD, carried
from server.web.view import View, redirect

MOST_CODE: Final = 40
"""So many letters of a code are read: a recovery code has 19, with blanks some more."""


def code_of(view: View, name: str = "kode") -> str:
    """A code of either kind, as it was typed."""
    return view.form.get(name, "")[:MOST_CODE]


def _setup(view: View) -> Reply:
    return show_setup(view, by_recovery="pulih" in view.query)


def _propose(view: View) -> Reply:
    """Another secret, to who knows the password, and where codes are in force one of them."""
    has_codes = has_totp(view.services, view.by)
    try:
        check_own_password(view.services, view.by, view.form.get("sandi", ""))
        propose(view.services, view.token, view.by, code_of(view))
    except (NotThisPassword, CodeNeeded, WrongCode) as refusal:
        if has_codes:
            return show_account(view, "ganti", refusal)
        return show_setup(
            view, status=422, error=view.said(refusal), field="sandi",
            unsent=view.form.get(FIELD, ""),
        )  # fmt: skip
    if view.form.get(FIELD):
        return show_setup(view, unsent=view.form[FIELD])
    return redirect(f"/akun/kode?lanjut={quote(onward_of(view), safe='')}")


def _confirm(view: View) -> Reply:
    try:
        codes = confirm(view.services, view.token, view.by, code_of(view))
    except (WrongCode, NothingProposed) as refusal:
        field = "kode" if isinstance(refusal, WrongCode) else ""
        return show_setup(
            view, status=422, error=view.said(refusal), field=field,
            unsent=view.form.get(FIELD, ""),
        )  # fmt: skip
    return _show_codes(view, codes, onward_of(view), is_set_up=True)


def _show_codes(view: View, codes: list[str], onward: str, *, is_set_up: bool) -> Reply:
    """Once: the answer to the form, so that no address shows them again."""
    return page(
        view, "recovery_codes.html", codes=codes, onward=onward, is_set_up=is_set_up,
        unsent=carried(view, view.by),
    )  # fmt: skip


def _renew(view: View) -> Reply:
    try:
        check_own_password(view.services, view.by, view.form.get("sandi", ""))
        codes = renew_recovery(view.services, view.by, code_of(view))
    except (NotThisPassword, CodeNeeded, WrongCode) as refusal:
        return show_account(view, "pemulihan", refusal)
    except NothingProposed:
        return redirect("/akun/kode")
    return _show_codes(view, codes, "/akun", is_set_up=False)


def _drop(view: View) -> Reply:
    try:
        check_own_password(view.services, view.by, view.form.get("sandi", ""))
        drop_codes(view.services, view.by)
    except (NotThisPassword, OfficeKeepsCodes) as refusal:
        return show_account(view, "lepas", refusal)
    return redirect("/akun?ya=tanpa")


PAGES: Final = (
    Page("GET", "/akun/kode", "Set up codes from a phone", _setup, "account"),
    Page("POST", "/akun/kode", "Propose codes for a phone", _propose, "account"),
    Page("POST", "/akun/kode/pasang", "Put codes in force", _confirm, "account"),
    Page("POST", "/akun/kode/lepas", "Password only", _drop, "account"),
    Page("POST", "/akun/pemulihan", "New recovery codes", _renew, "account"),
)
