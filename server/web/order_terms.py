"""How a shop takes orders: who accepts, how they are paid, and how long each side has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from server.http.problems import Malformed
from server.http.routes import Reply
from server.orders.terms import LENGTHS, PAY_AHEAD, PAY_HERE, length_of
from server.shops.editing import BadField, change_document
from server.shops.reading import ShopHere
from server.web.forms import problem, ticked
from server.web.language import N_
from server.web.rendering import page
from server.web.routing import Page
from server.web.unsent import NotSentYet
from server.web.view import View, redirect

TICKS: Final = {
    "gerai_auto_accept": (False, N_("Terima langsung kalau stoknya pasti ada")),
    PAY_HERE: (True, N_("Bayar saat menerima barang, tunai atau QRIS")),
    PAY_AHEAD: (True, N_("Bayar dulu ke rekening atau QRIS toko")),
}
TEXTS: Final = {
    "gerai_accept_minutes": N_("Toko menjawab pesanan (menit, selama buka)"),
    "gerai_agree_minutes": N_("Pembeli menjawab tawaran (menit)"),
    "gerai_pay_minutes": N_("Pembeli membayar di muka (menit)"),
    "gerai_collect_hours": N_("Pembeli mengambil barang yang siap (jam)"),
    "gerai_inspect_hours": N_("Pembeli boleh mengeluh sesudah menerima (jam)"),
    "gerai_answer_hours": N_("Toko menjawab keluhan (jam)"),
    "gerai_settle_hours": N_("Pembeli menyetujui jawaban toko (jam)"),
    "gerai_travel_hours": N_("Kurir di jalan, sebelum waktu mengeluh dihitung (jam)"),
}


def _now(here: ShopHere) -> dict[str, Any]:
    ticks = {name: here.setting(name, bool, usual) for name, (usual, _) in TICKS.items()}
    return {**ticks, **{name: length_of(here, name) for name in LENGTHS}}


def _form(
    view: View,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    seen: str,
    *,
    saved: bool = False,
) -> Reply:
    return page(
        view, "order_terms.html", status=422 if problems else 200, typed=typed, ticks=TICKS,
        texts=TEXTS, limits=LENGTHS, problems=problems, seen=seen, saved=saved,
    )  # fmt: skip


def _show(view: View) -> Reply:
    now = _now(view.here)
    typed = {
        name: ("1" if value else "") if isinstance(value, bool) else str(value)
        for name, value in now.items()
    }
    seen = msgspec.json.encode(now).decode()
    return _form(view, typed, {}, seen, saved=view.query.get("ya") == "1")


def _seen(text: str) -> dict[str, Any]:
    """What the form showed before anything was changed in it.

    Raises:
        Malformed: it is not what the form gave.
    """
    try:
        found = msgspec.json.decode(text, type=dict[str, bool | int])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Malformed(why="seen") from error
    if found.keys() != TICKS.keys() | LENGTHS.keys():
        raise Malformed(why="seen")
    return found


def _save(view: View) -> Reply:
    seen = _seen(view.form.get("seen", ""))
    wanted: dict[str, Any] = {name: ticked(view.form, name) for name in TICKS}
    problems: dict[str, str] = {}
    for name, (_, least, most) in LENGTHS.items():
        text = view.form.get(name, "").strip()
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
        if not least <= value <= most:
            problems |= problem(view.words, BadField(name, "range", least=least, most=most))
        wanted[name] = value
    if problems:
        return _form(view, view.form, problems, view.form["seen"])
    try:
        change_document(
            view.services, view.here.id, "setting", b"", seen, wanted, view.by,
            form=view.sent_once(),
        )  # fmt: skip
    except NotSentYet as refusal:
        return _form(view, view.form, problem(view.words, refusal), view.form["seen"])
    return redirect(view.place("/aturan-pesanan", ya="1"))


PAGES: Final = (
    Page("GET", "/kelola/{shop}/aturan-pesanan", "How orders are taken", _show, reach="owner"),
    Page("POST", "/kelola/{shop}/aturan-pesanan", "Change it", _save, reach="owner", keeps=True),
)
