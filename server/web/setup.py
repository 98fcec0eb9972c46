"""The page on which codes from a phone are set up: shown at its address, where an account of the
office that has none asks for the office, and after signing in with a recovery code."""

from __future__ import annotations

from server.accounts.office import lacks_codes
from server.accounts.people import workplaces
from server.accounts.recovery import codes_left
from server.accounts.setting_up import Proposal, look
from server.http.routes import Reply
from server.web.qr import qr
from server.web.rendering import page
from server.web.unsent import carried
from server.web.view import View, redirect, safe_place


def onward_of(view: View) -> str:
    """Where the reader was going when the codes came first."""
    return safe_place(view.query.get("lanjut") or view.form.get("lanjut") or "/")


def show_setup(
    view: View,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    error: str = "",
    field: str = "",
    unsent: str = "",
    by_recovery: bool = False,
) -> Reply:
    """The page as far as the session is; where all is done the account's own. `field`: the one
    that the error is about, if any; `unsent`: a form that waits behind it (`unsent.carry`)."""
    found = look(view.services, view.token)
    if found == "done":
        return redirect("/akun")
    proposal = found if isinstance(found, Proposal) else None
    label = view.words._("Kode QR untuk aplikasi di ponsel")
    return page(
        view,
        "totp.html",
        status=status,
        headers=headers,
        proposal=proposal,
        picture=qr(proposal.uri, label) if proposal else "",
        problems={field: error} if field else {},
        error="" if field else error,
        must=lacks_codes(view.services, view.by),
        places=workplaces(view.services, view.by),
        left=codes_left(view.services, view.by) if by_recovery else None,
        onward=onward_of(view),
        unsent=unsent,
        waiting=carried(view, view.by),
    )
