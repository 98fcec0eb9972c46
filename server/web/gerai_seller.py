"""The owner's page of what the law wants a shop to say of itself, and how its gerai says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.phone import shown_number
from server.catalog.reading import ProductFields
from server.http.routes import Reply
from server.orders.terms import HOUR_MS, terms_of
from server.shops.editing import BadField
from server.shops.reading import ShopHere
from server.storefront.seller import (
    CONSUMERS,
    HALAL_STATES,
    HalalState,
    Missing,
    Said,
    SellerFields,
    change_seller,
    halal_said,
    halal_valid,
    missing,
    refuses_returns,
    seller_fields,
)
from server.storefront.settings import gerai_fields
from server.web import forms
from server.web.language import N_
from server.web.rendering import page
from server.web.routing import Page
from server.web.view import View, redirect

STATES: Final[dict[HalalState, str]] = {
    "": N_("Belum diisi"),
    "tidak_perlu": N_("Tidak menjual makanan, minuman, atau daging"),
    "belum": N_("Belum bersertifikat halal"),
    "proses": N_("Sertifikat halal sedang diurus"),
    "ada": N_("Bersertifikat halal"),
    "tidak_halal": N_("Yang dijual tidak halal"),
}
MISSING: Final[dict[Missing, str]] = {
    "owner": N_("Nama penanggung jawab: pembeli berhak tahu dari siapa ia membeli."),
    "address": N_("Alamat toko, di Pengaturan toko: ke mana barang dikembalikan."),
    "contact": N_("Satu cara dihubungi: WhatsApp di halaman Gerai online, telepon, atau surel."),
    "nib": N_("NIB: gratis di oss.go.id dengan KTP. Kalau perlu bantuan, tanyakan kepada Dinas."),
    "halal": N_("Status halal: wajib dijawab kalau Anda menjual makanan atau minuman."),
    "halal_over": N_("Sertifikat halal sudah lewat tanggalnya, jadi tidak ditampilkan lagi."),
    "returns": N_("Cara tukar dan pengembalian, dengan kata-kata Anda sendiri."),
}
_PLAIN: Final = ("owner", "email", "nib", "returns", "halal", "halal_number", "halal_until")


def said_of(here: ShopHere, today: str) -> dict[str, Any]:
    """What a gerai and an order's page say of the seller: what is not known is empty."""
    fields, gerai, terms = seller_fields(here), gerai_fields(here), terms_of(here)
    hours: dict[str, int] = {
        "inspect": terms.inspect_ms // HOUR_MS, "answer": terms.answer_ms // HOUR_MS,
    }  # fmt: skip
    return {
        "seller": fields,
        "seller_address": here.setting("address", str, ""),
        "seller_phone": here.setting("phone", str, ""),
        "seller_whatsapp": gerai.gerai_whatsapp,
        "seller_number": shown_number(gerai.gerai_whatsapp) if gerai.gerai_whatsapp else "",
        "seller_halal": halal_valid(fields, today),
        "seller_hours": hours,
        "consumers": CONSUMERS,
        "consumers_number": shown_number(CONSUMERS.whatsapp),
    }


def seller_data(fields: SellerFields) -> dict[str, Any]:
    """What search engines read of the seller."""
    nib = {"@type": "PropertyValue", "propertyID": "NIB", "value": fields.seller_nib}
    found = {
        "email": fields.seller_email,
        "founder": {"@type": "Person", "name": fields.seller_owner} if fields.seller_owner else "",
        "identifier": nib if fields.seller_nib else "",
    }
    return {name: value for name, value in found.items() if value}


def product_halal(here: ShopHere, goods: ProductFields, today: str) -> Said:
    """What a product's page says of its goods."""
    return halal_said(seller_fields(here), goods.category, goods.halal, today)


def count_missing(here: ShopHere, today: str) -> int:
    """How much the shop does not say yet."""
    whatsapp = gerai_fields(here).gerai_whatsapp
    return len(missing(seller_fields(here), here, whatsapp=whatsapp, today=today))


def _show(view: View) -> Reply:
    fields = seller_fields(view.here)
    typed = {name: getattr(fields, f"seller_{name}") for name in _PLAIN}
    typed["permits"] = "\n".join(fields.seller_permits)
    return _form(view, typed, {}, forms.pack_seen(fields))


def _form(
    view: View,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    seen: str,
) -> Reply:
    here, today = view.here, view.here.today(view.services.now_ms())
    whatsapp = gerai_fields(here).gerai_whatsapp
    lacks = missing(seller_fields(here), here, whatsapp=whatsapp, today=today)
    return page(
        view,
        "gerai_seller.html",
        status=422 if problems else 200,
        typed={name: typed.get(name, "") for name in (*_PLAIN, "permits")},
        marked=len(seller_fields(here).seller_halal_goods),
        problems=problems,
        seen=seen,
        lacks=[MISSING[one] for one in lacks],
        states=[(one, STATES[one]) for one in HALAL_STATES],
        refuses=refuses_returns(typed.get("returns", "")),
        saved=view.query.get("ya") == "1",
    )


def _save(view: View) -> Reply:
    seen = forms.unpack_seen(view.form, SellerFields)
    plain: dict[str, Any] = {f"seller_{name}": view.form.get(name, "") for name in _PLAIN}
    permits = tuple(view.form.get("permits", "").splitlines())
    wanted = SellerFields(
        **plain, seller_permits=permits, seller_halal_goods=seen.seller_halal_goods
    )
    try:
        change_seller(
            view.services, view.here.id, seen, wanted, view.by, form=view.sent_once()
        )  # fmt: skip
    except BadField as refusal:
        said = forms.problem(view.words, refusal)
        problems = {name.removeprefix("seller_"): text for name, text in said.items()}
        return _form(view, view.form, problems, view.form.get("seen", ""))
    return redirect(view.place("/penjual", ya="1"))


PAGES: Final = (
    Page("GET", "/kelola/{shop}/penjual", "What the shop says of itself", _show, "owner"),
    Page("POST", "/kelola/{shop}/penjual", "Change it", _save, "owner", keeps=True),
)
