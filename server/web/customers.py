"""Customers and their kasbon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.accounts.reading import emails_of
from server.customers.changing import change_customer
from server.customers.reading import (
    CustomerFields,
    CustomerRow,
    customers,
    debt_moves,
    debt_sums,
    one_customer,
    shares_of,
)
from server.http.problems import NotFound
from server.http.routes import Reply
from server.shops.editing import BadField
from server.shops.history import history
from server.shops.merged import merged_of
from server.web import forms
from server.web.rendering import page
from server.web.routing import Page
from server.web.view import View, redirect

_LONGEST_QUERY: Final = 80
_READERS: Final[Mapping[str, forms.Reader]] = {
    "name": forms.text,
    "phone": forms.text,
    "member_no": forms.text,
    "credit_limit": forms.amount,
    "balance_limit": forms.amount,
    "note": forms.text,
    "active": forms.ticked,
}


def _customers(view: View) -> Reply:
    text = view.query.get("cari", "")[:_LONGEST_QUERY]
    owing = view.query.get("utang") == "1"
    archived = view.query.get("arsip") == "1"
    skip = min(view.number("lewati"), 1_000_000)
    with view.services.store.reading_shop(view.here.id) as tx:
        found = customers(tx, text, owing=owing, archived=archived, skip=skip)
        sums = debt_sums(tx)
    return page(
        view, "customers.html", found=found, sums=sums, text=text, owing=owing, archived=archived
    )


def _customer(view: View) -> Reply:
    key = view.id_of("customer")
    with view.services.store.reading_shop(view.here.id) as tx:
        found = one_customer(tx, key)
        if found is None:
            raise NotFound()
        moves, shares = debt_moves(tx, key), shares_of(tx, key)
        changes = history(tx, "customer", key)
        merged = merged_of(tx, "customer", key)
    return page(
        view,
        "customer.html",
        row=found[0],
        fields=found[1],
        moves=moves,
        shares=shares,
        changes=changes,
        merged=merged,
        accounts=emails_of(view.services, {one.by for one in changes}),
        saved=view.query.get("ya") == "1",
    )


def _read(view: View) -> tuple[CustomerRow, CustomerFields]:
    with view.services.store.reading_shop(view.here.id) as tx:
        found = one_customer(tx, view.id_of("customer"))
    if found is None:
        raise NotFound()
    return found


def _edit_form(view: View) -> Reply:
    other = _instead(view)
    if other is not None:
        return other
    row, fields = _read(view)
    typed = {
        "name": fields.name,
        "phone": fields.phone,
        "member_no": fields.member_no,
        "credit_limit": view.show.bare(fields.credit_limit),
        "balance_limit": view.show.bare(fields.balance_limit),
        "note": fields.note,
        "active": "1" if fields.active else "",
    }
    return _form(view, row, typed, {}, forms.pack_seen(fields))


def _form(
    view: View, row: CustomerRow, typed: Mapping[str, str], problems: Mapping[str, str], seen: str
) -> Reply:
    return page(
        view,
        "customer_edit.html",
        status=422 if problems else 200,
        row=row,
        typed=typed,
        problems=problems,
        seen=seen,
    )


def _instead(view: View) -> Reply | None:
    """Who was merged into another is changed there."""
    with view.services.store.reading_shop(view.here.id) as tx:
        into = merged_of(tx, "customer", view.id_of("customer")).into
    return None if into is None else redirect(view.place(f"/pelanggan/{into.id.hex()}"))


def _save(view: View) -> Reply:
    other = _instead(view)
    if other is not None:
        return other
    row, _ = _read(view)
    seen = forms.unpack_seen(view.form, CustomerFields)
    values, problems = forms.read_fields(view.words, view.form, _READERS)
    if not problems:
        try:
            wanted = CustomerFields(**values)
            change_customer(
                view.services,
                view.here.id,
                row.customer_id,
                seen,
                wanted,
                view.by,
                form=view.sent_once(),
            )
            return redirect(view.place(f"/pelanggan/{row.customer_id.hex()}", ya="1"))
        except BadField as refusal:
            problems = forms.problem(view.words, refusal)
    typed = {name: view.form.get(name, "") for name in _READERS}
    return _form(view, row, typed, problems, view.form.get("seen", ""))


PAGES = (
    Page("GET", "/kelola/{shop}/pelanggan", "Customers", _customers),
    Page("GET", "/kelola/{shop}/pelanggan/{customer}", "One customer", _customer),
    Page("GET", "/kelola/{shop}/pelanggan/{customer}/ubah", "Change", _edit_form, "manager"),
    Page(
        "POST", "/kelola/{shop}/pelanggan/{customer}/ubah", "Change", _save, "manager", keeps=True
    ),
)
