"""The shop's settings that the web lets its owner change, and the menu of all pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from server.http.routes import Reply
from server.shops.editing import BadField
from server.shops.settings import ZONES, ShopFields, change_shop, shop_fields
from server.web import forms
from server.web.rendering import page
from server.web.routing import Page
from server.web.view import View, redirect

_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])", re.ASCII)


def _minutes(form: Mapping[str, str], name: str) -> int:
    found = _CLOCK.fullmatch(form.get(name, "").strip())
    if found is None:
        raise BadField(name, "time")
    return int(found[1]) * 60 + int(found[2])


def _lines(form: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in form.get(name, "").splitlines() if line.strip())


_READERS: Final[Mapping[str, forms.Reader]] = {
    "shop_name": forms.text,
    "address": forms.text,
    "phone": forms.text,
    "receipt_footer": _lines,
    "zone": forms.text,
    "day_close_minutes": _minutes,
    "default_credit_limit": forms.amount,
}


def _settings(view: View) -> Reply:
    fields = shop_fields(view.here)
    typed: dict[str, Any] = {
        "shop_name": fields.shop_name,
        "address": fields.address,
        "phone": fields.phone,
        "receipt_footer": "\n".join(fields.receipt_footer),
        "zone": fields.zone,
        "day_close_minutes": view.show.value("day_close_minutes", str(fields.day_close_minutes)),
        "default_credit_limit": view.show.bare(fields.default_credit_limit),
    }
    return _form(view, typed, {}, forms.pack_seen(fields))


def _form(view: View, typed: Mapping[str, str], problems: Mapping[str, str], seen: str) -> Reply:
    return page(
        view,
        "settings.html",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        seen=seen,
        zones=ZONES,
        saved=view.query.get("ya") == "1",
    )


def _save(view: View) -> Reply:
    seen = forms.unpack_seen(view.form, ShopFields)
    values, problems = forms.read_fields(view.words, view.form, _READERS)
    if not problems:
        try:
            change_shop(
                view.services,
                view.here.id,
                seen,
                ShopFields(**values),
                view.by,
                form=view.sent_once(),
            )
            return redirect(view.place("/pengaturan", ya="1"))
        except BadField as refusal:
            problems = forms.problem(view.words, refusal)
    typed = {name: view.form.get(name, "") for name in _READERS}
    return _form(view, typed, problems, view.form.get("seen", ""))


def _menu(view: View) -> Reply:
    return page(view, "menu.html")


PAGES = (
    Page("GET", "/kelola/{shop}/lainnya", "All pages", _menu),
    Page("GET", "/kelola/{shop}/pengaturan", "The shop's settings", _settings, "owner"),
    Page("POST", "/kelola/{shop}/pengaturan", "Change them", _save, "owner", keeps=True),
)
