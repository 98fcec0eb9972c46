"""The owner's page of payouts: what is still at the provider, what arrived, by the day."""

from __future__ import annotations

from typing import Final

from core.errors import Refused
from server.http.problems import NotFound
from server.http.routes import Reply
from server.payments import payout_asides
from server.payments.accounts import Known, accounts_of
from server.payments.payout_lines import (
    MOST_REASON,
    bring_back,
    match_lines,
    provider_day,
    record_line,
    set_aside,
)
from server.payments.payout_reading import at_account, payouts, waiting
from server.payments.payouts import (
    MOST_REFERENCE,
    Arrived,
    PayoutDoubtful,
    calendar_day,
    made_id,
    record,
    take_back,
    usual_account,
)
from server.shops.editing import BadField
from server.web import forms
from server.web.language import N_
from server.web.payments import ENVIRONMENTS
from server.web.rendering import page
from server.web.routing import Page
from server.web.today import parse_day, shifted
from server.web.view import View, id_in_form, redirect

SHOWN_DAYS: Final = 31
_SAID: Final = {
    "catat": N_("Pencairan dicatat."),
    "tarik": N_("Pencairan ditarik kembali; uangnya tercatat di penyedia lagi."),
    "sisih": N_("Pencairan disisihkan: tidak dicatat, dan tidak menunggu lagi."),
    "kembali": N_("Pencairan yang disisihkan sudah dikembalikan."),
}


def _payouts(view: View, *, status: int = 200, error: str = "", doubtful: bool = False) -> Reply:
    last = calendar_day(view.here.zone, view.services.now_ms())
    first = shifted(last, 1 - SHOWN_DAYS)
    with view.services.store.reading_shop(view.here.id, snapshot=True) as tx:
        accounts = accounts_of(tx)
        # The one in use first; a sandbox that was never paid through says nothing.
        accounts.sort(key=lambda one: (not one.is_active, -one.changed_ms))
        stands = [at_account(tx, one.provider, one.environment, first, last) for one in accounts]
        recorded, waits = payouts(tx), waiting(tx)
        asides, set_asides = payout_asides.newest(tx), payout_asides.count(tx)
    said = _SAID.get(view.query.get("kabar", ""), "")
    return page(
        view, "payouts.html", status=status, error=error, doubtful=doubtful,
        said=view.words._(said) if said else "", accounts=accounts, environments=ENVIRONMENTS,
        stands=[one for at, one in enumerate(stands) if not at or one.there or one.days],
        recorded=recorded, waits=waits, today=last, days=SHOWN_DAYS,
        asides=asides, set_asides=set_asides, day_of=provider_day, most_reason=MOST_REASON,
        most_reference=MOST_REFERENCE, typed=view.form if error else {},
    )  # fmt: skip


def _act(view: View) -> Reply:
    what = view.form.get("apa", "")
    try:
        _done(view, what)
    except BadField as error:
        said = " ".join(forms.problem(view.words, error).values())
        return _payouts(view, status=422, error=said)
    except NotFound:
        raise
    except Refused as error:
        doubtful = isinstance(error, PayoutDoubtful)
        return _payouts(view, status=422, error=view.said(error), doubtful=doubtful)
    return redirect(view.place("/pembayaran/pencairan", kabar=what))


def _done(view: View, what: str) -> None:
    services, shop_id = view.services, view.here.id
    match what:
        case "catat" if "baris" in view.form:
            record_line(services, shop_id, id_in_form(view, "baris"), view.by)
        case "catat":
            sure = forms.ticked(view.form, "yakin")
            made = record(services, shop_id, _arrived(view), view.by, sure=sure)
            match_lines(services, shop_id, made)
        case "tarik":
            take_back(services, shop_id, id_in_form(view, "pencairan"), view.by)
        case "sisih":
            reason = view.form.get("alasan", "")
            set_aside(services, shop_id, id_in_form(view, "baris"), reason, view.by)
        case "kembali":
            bring_back(services, shop_id, id_in_form(view, "baris"), view.by)
        case _:
            raise NotFound()


def _arrived(view: View) -> Arrived:
    form = view.form
    day, until = parse_day(form.get("tanggal", "")), form.get("sampai", "").strip()
    if day is None or (until and parse_day(until) is None):
        raise BadField("tanggal" if day is None else "sampai", "day")
    account = _account(view)
    return Arrived(
        made_id(view.here.id, b"form", view.sent_once().encode()),
        forms.amount(form, "jumlah"), day, until, form.get("nomor", ""),
        account.environment if account else "production",
    )  # fmt: skip


def _account(view: View) -> Known | None:
    """The merchant account that the form names, or the usual one."""
    with view.services.store.reading_shop(view.here.id) as tx:
        accounts = accounts_of(tx)
    named = [one for one in accounts if one.environment == view.form.get("lingkungan", "")]
    return usual_account(named or accounts)


PAGES: Final = (
    Page("GET", "/kelola/{shop}/pembayaran/pencairan", "Payouts", _payouts, reach="manager"),
    Page("POST", "/kelola/{shop}/pembayaran/pencairan", "Record or take back", _act, reach="owner",
         keeps=True),
)  # fmt: skip
