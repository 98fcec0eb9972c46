"""A buyer's addresses and own data: seen, corrected, taken along, deleted."""

from __future__ import annotations

import json
from typing import Any, Final

from core.errors import Refused
from core.phone import shown_number
from server.buyers.details import (
    change_details,
    change_password,
    check_password,
    details_of,
    renew_code,
    sessions_of,
)
from server.buyers.forgetting import UNUSED_DAYS, delete_account
from server.buyers.keeping import (
    MOST_ADDRESSES,
    addresses_of,
    drop_address,
    keep_address,
)
from server.buyers.liking import liked_by
from server.buyers.refusals import BadBuyer, SignedOut, TooManyAddresses
from server.buyers.sessions import Entered, Known
from server.http.problems import status_of
from server.http.routes import Reply
from server.orders.sweeping import erase_buyer
from server.rates import HOUR_MS, count_try
from server.web.buyer import link, origin_range, show_page
from server.web.mine import own_page, own_route, session_cookie
from server.web.mine_entrance import show_code
from server.web.mine_orders import all_mine, read_mine
from server.web.order_data import data_of_all
from server.web.unsent import NotSentYet
from server.web.view import View, id_in_form, redirect

_MOST_EXPORTS: Final = 10


def _addresses(view: View, known: Known) -> Reply:
    return _show_addresses(view, known)


def _show_addresses(view: View, known: Known, *, error: Refused | None = None) -> Reply:
    found = addresses_of(view.services, known)
    return own_page(
        view, known, "mine_addresses.html", "addresses", status=status_of(error) if error else 200,
        addresses=found, error=view.said(error) if error else "",
        is_full=len(found) >= MOST_ADDRESSES, typed=view.form.get("alamat", ""),
    )  # fmt: skip


def _keep_address(view: View, known: Known) -> Reply:
    try:
        keep_address(view.services, known, view.form.get("alamat", ""))
    except (BadBuyer, TooManyAddresses, NotSentYet) as refusal:
        return _show_addresses(view, known, error=refusal)
    return redirect(link(view, "/saya/alamat", ya="simpan"))


def _drop_address(view: View, known: Known) -> Reply:
    drop_address(view.services, known, id_in_form(view, "alamat"))
    return redirect(link(view, "/saya/alamat", ya="hapus"))


def _account(view: View, known: Known) -> Reply:
    return _show(view, known)


def _show(view: View, known: Known, *, part: str = "", error: Refused | None = None) -> Reply:
    """The account's own page; `part` is the form that `error` is about."""
    mine = details_of(view.services, known)
    return own_page(
        view, known, "mine_account.html", "account", status=status_of(error) if error else 200,
        mine=mine, number=shown_number(mine.phone), used=sessions_of(view.services, known),
        form=view.form, part=part, error=view.said(error) if error else "",
        days=view.services.order_rules.contact_days, years=UNUSED_DAYS // 365,
    )  # fmt: skip


def _correct(view: View, known: Known) -> Reply:
    form = view.form
    try:
        change_details(
            view.services, known, form.get("nama", ""), form.get("telepon", ""),
            form.get("sandi", ""), origin_range(view.call.address),
        )  # fmt: skip
    except SignedOut:
        raise
    except Refused as refusal:
        return _show(view, known, part="data", error=refusal)
    return redirect(link(view, "/saya/akun", ya="data"))


def _password(view: View, known: Known) -> Reply:
    form = view.form
    try:
        entered = change_password(
            view.services, known, form.get("sandi", ""), form.get("baru", ""),
            origin_range(view.call.address),
        )  # fmt: skip
    except SignedOut:
        raise
    except Refused as refusal:
        return _show(view, known, part="sandi", error=refusal)
    kept = session_cookie(entered.token)
    return redirect(link(view, "/saya/akun", ya="sandi"), set_cookie=kept)


def _code(view: View, known: Known) -> Reply:
    try:
        code = renew_code(view.services, known, view.form.get("sandi", ""))
    except SignedOut:
        raise
    except Refused as refusal:
        return _show(view, known, part="kode", error=refusal)
    return show_code(view, Entered("", known, code))


def _export(view: View, known: Known) -> Reply:
    """Everything that is kept of the account, for its buyer."""
    services, now_ms = view.services, view.services.now_ms()
    bucket = f"buyer export {known.buyer_id.hex()}"
    services.store.in_directory(
        lambda tx: count_try(tx, bucket, most=_MOST_EXPORTS, window_ms=HOUR_MS, now_ms=now_ms)
    )
    mine = details_of(services, known)
    data: dict[str, Any] = {
        "name": mine.name,
        "phone": mine.phone,
        "created_ms": mine.created_ms,
        "last_used_ms": mine.seen_ms,
        "addresses": [one.text for one in addresses_of(services, known)],
        "favourites": [
            {"shop": shop.hex(), "product": product.hex()}
            for shop, product in liked_by(services, known)
        ],
        "signed_in": [one._asdict() for one in sessions_of(services, known)],
        "orders": data_of_all(services, all_mine(view, known)),
    }
    headers = {
        "content-disposition": 'attachment; filename="akun-huyula.json"',
        "cache-control": "no-store",
    }
    return Reply(json.dumps(data, ensure_ascii=False).encode(), "application/json", headers=headers)


def _delete(view: View, known: Known) -> Reply:
    """The account and all that it keeps, and its buyer in orders that are over. An order that is
    not is still to be handed to somebody, and money that is owed to be given back to somebody."""
    try:
        check_password(view.services, known, view.form.get("sandi", ""))
    except SignedOut:
        raise
    except Refused as refusal:
        return _show(view, known, part="hapus", error=refusal)
    mine = read_mine(view, all_mine(view, known))
    for one in mine:
        if one.brief.is_settled:
            erase_buyer(view.services, one.found.shop_id, one.found.order_id)
    delete_account(view.services, known)
    return show_page(
        view, "mine_deleted.html", alive=[one for one in mine if not one.brief.is_settled],
        days=view.services.order_rules.contact_days, headers={"set-cookie": session_cookie("")},
    )  # fmt: skip


ROUTES: Final = (
    own_route("GET", "/saya/alamat", "A buyer's addresses", _addresses),
    own_route("POST", "/saya/alamat", "Keep an address", _keep_address, keeps=True),
    own_route("POST", "/saya/alamat/hapus", "Delete an address", _drop_address),
    own_route("GET", "/saya/akun", "A buyer's own data", _account),
    own_route("POST", "/saya/akun/data", "Correct it", _correct),
    own_route("POST", "/saya/akun/sandi", "Another password", _password),
    own_route("POST", "/saya/akun/kode", "Another recovery code", _code),
    own_route("GET", "/saya/data.json", "Everything kept of a buyer", _export),
    own_route("POST", "/saya/hapus", "Delete a buyer's account", _delete),
)
