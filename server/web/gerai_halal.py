"""The owner's page of what is said of categories: all of them, by name, a page at a time."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from server.http.problems import Malformed
from server.http.routes import Reply
from server.shops.editing import BadField
from server.storefront.goods import MOST_CATEGORIES, Categories, online_categories
from server.storefront.seller import (
    MARKS,
    HalalGoods,
    Mark,
    halal_valid,
    mark_goods,
    seller_fields,
)
from server.web import forms
from server.web.language import N_
from server.web.rendering import page
from server.web.routing import Page
from server.web.view import View, redirect

MARK_WORDS: Final[dict[Mark, str]] = {
    "": N_("Tidak disebut"),
    "ada": N_("Tercantum di sertifikat halal toko"),
    "tidak_halal": N_("Tidak halal"),
}
_LONGEST: Final = 80
_Goods = tuple[HalalGoods, ...]


def _asked(view: View) -> dict[str, str]:
    """Which part of the categories is asked for, as its address says it."""
    return {
        "cari": view.query.get("cari", "")[:_LONGEST],
        "sesudah": view.query.get("sesudah", "")[:200],
        "ditandai": "1" if view.query.get("ditandai") == "1" else "",
    }


def _found(view: View, asked: dict[str, str], marked: _Goods) -> Categories:
    """Those that are sold online; of those that are marked also what is not sold any more."""
    if asked["ditandai"]:
        names = sorted(one.category for one in marked if one.category > asked["sesudah"])
        more = len(names) > MOST_CATEGORIES
        return Categories(names[:MOST_CATEGORIES], names[MOST_CATEGORIES - 1] if more else "")
    with view.services.store.reading_shop(view.here.id) as tx:
        return online_categories(tx, text=asked["cari"], after=asked["sesudah"])


def _show(view: View) -> Reply:
    goods = seller_fields(view.here).seller_halal_goods
    return _form(view, goods, _by_name(goods), {})


def _form(view: View, seen: _Goods, marks: dict[str, Mark], problems: dict[str, str]) -> Reply:
    fields, asked = seller_fields(view.here), _asked(view)
    return page(
        view,
        "gerai_halal.html",
        status=422 if problems else 200,
        found=_found(view, asked, fields.seller_halal_goods),
        asked=asked,
        marks=marks,
        marked=len(fields.seller_halal_goods),
        has=halal_valid(fields, view.here.today(view.services.now_ms())),
        words=list(MARK_WORDS.items()),
        problems=problems,
        seen=msgspec.json.encode(seen).decode(),
        saved=view.query.get("ya") == "1",
    )


def _save(view: View) -> Reply:
    """Each mark that was chosen otherwise than it was seen is put among those that stand now: the
    other pages of the categories may have been saved since this one was opened."""
    try:
        seen = msgspec.json.decode(view.form.get("seen", ""), type=_Goods)
    except msgspec.MsgspecError as error:
        raise Malformed(why=str(error)) from error
    chosen: dict[str, Any] = {
        view.form[f"kategori-{at}"]: view.form.get(f"tanda-{at}", "")
        for at in range(MOST_CATEGORIES)
        if view.form.get(f"kategori-{at}")
    }
    if any(mark not in MARKS for mark in chosen.values()):
        raise Malformed(why="tanda")
    was, now = _by_name(seen), _by_name(seller_fields(view.here).seller_halal_goods)
    changed = {
        name: mark
        for name, mark in chosen.items()
        if mark not in (was.get(name, ""), now.get(name, ""))
    }
    before = now | {name: was.get(name, "") for name in changed}
    try:
        mark_goods(
            view.services, view.here.id, _goods(before), _goods(now | changed), view.by,
            form=view.sent_once(),
        )  # fmt: skip
    except BadField as refusal:
        return _form(view, seen, was | chosen, forms.problem(view.words, refusal))
    asked = _asked(view)
    # Whoever goes on has marked this page: nothing that was chosen is left behind.
    asked["sesudah"] = view.form.get("sesudah", "")[:200] or asked["sesudah"]
    return redirect(view.place("/penjual/halal", **asked, ya="1"))


def _by_name(goods: _Goods) -> dict[str, Mark]:
    return {one.category: one.mark for one in goods}


def _goods(marks: dict[str, Mark]) -> _Goods:
    return tuple(HalalGoods(name, mark) for name, mark in sorted(marks.items()) if mark)


PAGES: Final = (
    Page("GET", "/kelola/{shop}/penjual/halal", "What is said of categories", _show, "owner"),
    Page("POST", "/kelola/{shop}/penjual/halal", "Change it", _save, "owner"),
)
