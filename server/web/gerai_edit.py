"""The owner's page of the gerai: address, words, hours, areas, face; looked at, then saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import msgspec

from core.phone import shown_number
from server.http.problems import Malformed, NotFound
from server.http.routes import Reply
from server.shops.editing import BadField
from server.storefront.addresses import BadName, claim, free_name, name_of
from server.storefront.districts import districts
from server.storefront.face import FONTS, LAYOUTS, OWN, SETS, Face, parse_colour, readable
from server.storefront.goods import last_sync
from server.storefront.hours import Holiday, Week, format_spans, parse_spans
from server.storefront.names import LONGEST, SHORTEST, normal_name
from server.storefront.settings import (
    FEE_LATER,
    MOST_HOLIDAYS,
    Area,
    CourierWay,
    GeraiFields,
    change_gerai,
    checked,
    gerai_fields,
    read_seen,
)
from server.web import forms
from server.web.gerai import shown
from server.web.gerai_face import pattern_reply, query_of, style_reply
from server.web.gerai_front import front_of
from server.web.gerai_seller import count_missing
from server.web.gerai_words import DAYS
from server.web.language import N_
from server.web.rendering import page
from server.web.routing import Page
from server.web.unsent import NotSentYet
from server.web.view import View, redirect

_NAMES: Final = {
    "short": N_("Paling sedikit {least} huruf."),
    "long": N_("Paling banyak {most} huruf."),
    "letters": N_("Hanya huruf a-z, angka, dan tanda hubung."),
    "hyphens": N_("Tanda hubung hanya di antara kata, satu saja."),
    "id_like": N_("Alamat ini tidak dapat dipakai. Pilihlah yang lain."),
    "reserved": N_("Nama lembaga, bank, atau halaman Huyula tidak dapat dipakai."),
    "taken": N_("Alamat ini sudah dipakai gerai lain. Pilihlah yang lain."),
}
SET_WORDS: Final = {
    "hijau": N_("Hijau"),
    "emas": N_("Kuning emas"),
    "merah": N_("Merah"),
    "ungu": N_("Ungu"),
    "coklat": N_("Cokelat"),
    "hitam": N_("Hitam"),
    OWN: N_("Warna sendiri"),
}
LAYOUT_WORDS: Final = {"grid": N_("Petak dengan gambar"), "list": N_("Daftar")}
FONT_WORDS: Final = {"jelas": N_("Jelas"), "bundar": N_("Bundar"), "anggun": N_("Anggun")}


def _edit(view: View) -> Reply:
    fields = gerai_fields(view.here)
    name = name_of(view.services, view.here.id)
    typed = _typed_of(view, fields)
    typed["name"] = name or free_name(view.services, view.here.name)
    return _form(view, typed, {}, forms.pack_seen(fields), name)


def _typed_of(view: View, fields: GeraiFields) -> dict[str, str]:
    face = fields.gerai_face
    typed = {
        "open": "1" if fields.gerai_open else "",
        "story": fields.gerai_story,
        "whatsapp": shown_number(fields.gerai_whatsapp) if fields.gerai_whatsapp else "",
        "map": fields.gerai_map,
        "collect": "1" if fields.gerai_collect else "",
        "term": str(fields.gerai_term_hours),
        "district": fields.gerai_district,
        "colours": face.colours,
        "main": face.main or SETS["hijau"][0],
        "thread": face.thread or SETS["hijau"][1],
        "layout": face.layout,
        "font": face.font,
    }
    for number, spans in enumerate(fields.gerai_hours):
        typed[f"day-{number}"] = format_spans(spans)
    for at, one in enumerate(fields.gerai_holidays):
        typed[f"holiday-{at}-first"], typed[f"holiday-{at}-last"] = one.first, one.last
        typed[f"holiday-{at}-sentence"] = one.sentence
    for area in fields.gerai_areas:
        typed[f"area-{area.code}"] = view.show.bare(area.fee)
    courier = fields.gerai_courier
    typed["courier"] = courier.names
    typed["courier-fee"] = view.show.bare(courier.fee) if courier.fee != FEE_LATER else ""
    return typed


def _names_of_fields() -> list[str]:
    holidays = [
        f"holiday-{at}-{part}"
        for at in range(MOST_HOLIDAYS)
        for part in ("first", "last", "sentence")
    ]
    return [
        "name", "open", "story", "whatsapp", "map", "collect", "term", "district", "colours",
        "main", "thread", "layout", "font", "courier", "courier-fee",
        *(f"day-{number}" for number in range(7)), *holidays,
        *(f"area-{code}" for code in districts()),
    ]  # fmt: skip


def _form(
    view: View,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    seen: str,
    name: str,
) -> Reply:
    main = parse_colour(typed.get("main", "")) if typed.get("colours") == OWN else None
    used = readable(main) if main else None
    with view.services.store.reading_shop(view.here.id) as tx:
        synced = last_sync(tx, view.services.now_ms())
    return page(
        view,
        "gerai_edit.html",
        status=422 if problems else 200,
        typed={one: typed.get(one, "") for one in _names_of_fields()},
        problems=problems,
        seen=seen,
        name=name,
        days=DAYS,
        districts=districts(),
        places=[("", N_("Dibaca dari alamat toko")), *districts().items()],
        holidays=range(_holidays_shown(typed)),
        sets=[(one, SET_WORDS[one]) for one in (*SETS, OWN)],
        layouts=[(one, LAYOUT_WORDS[one]) for one in LAYOUTS],
        fonts=[(one, FONT_WORDS[one]) for one in FONTS],
        darkened=used if used and used.changed else None,
        synced=synced,
        has_areas=any(typed.get(f"area-{code}") for code in districts()),
        saved=view.query.get("ya") == "1",
        home=view.services.hosts.home_of(name),
        unsaid=count_missing(view.here, view.here.today(view.services.now_ms())),
    )


def _holidays_shown(typed: Mapping[str, str]) -> int:
    """Those that are written and one more."""
    written = [at for at in range(MOST_HOLIDAYS) if typed.get(f"holiday-{at}-first")]
    return min(MOST_HOLIDAYS, max(written, default=-1) + 2)


class Reading:
    """Reads the form; what cannot be read is said beside its field."""

    def __init__(self, view: View) -> None:
        """Read all of it; `fields` counts where `problems` is empty."""
        self._view = view
        self._form = view.form
        self.problems: dict[str, str] = {}
        face = Face(*(self._text(one) for one in ("colours", "main", "thread", "layout", "font")))
        self.name = normal_name(self._text("name"))
        self.fields = GeraiFields(
            gerai_open=forms.ticked(self._form, "open"),
            gerai_story=self._text("story"),
            gerai_whatsapp=self._text("whatsapp"),
            gerai_map=self._text("map"),
            gerai_hours=self._week(),
            gerai_holidays=self._holidays(),
            gerai_collect=forms.ticked(self._form, "collect"),
            gerai_areas=self._areas(),
            gerai_face=face if face.colours == OWN else face._replace(main="", thread=""),
            gerai_term_hours=self._whole("term"),
            gerai_district=self._text("district"),
            gerai_courier=self._courier(),
        )

    def say(self, refusal: BadField) -> None:
        """Note what is wrong; the first of a field is said."""
        said = forms.problem(self._view.words, refusal)
        for name, text in said.items():
            self.problems.setdefault(name.removeprefix("gerai_"), text)

    def say_name(self, refusal: BadName) -> None:
        """Note what is wrong with the address."""
        rule = _NAMES[refusal.details["why"]]
        said = self._view.words._(rule)
        self.problems["name"] = said.format(least=SHORTEST, most=LONGEST)

    def _text(self, name: str) -> str:
        return self._form.get(name, "")

    def _whole(self, name: str) -> int:
        text = self._text(name).strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0

    def _week(self) -> Week:
        week = []
        for number in range(7):
            spans = parse_spans(self._text(f"day-{number}"))
            if spans is None:
                self.say(BadField(f"day-{number}", "hours"))
            week.append(spans or ())
        return tuple(week)

    def _holidays(self) -> tuple[Holiday, ...]:
        found = []
        for at in range(MOST_HOLIDAYS):
            first, last, sentence = (
                self._text(f"holiday-{at}-{part}").strip() for part in ("first", "last", "sentence")
            )
            if first or last:
                found.append(Holiday(first or last, last or first, sentence))
        return tuple(found)

    def _areas(self) -> tuple[Area, ...]:
        found = []
        for code in districts():
            try:
                fee = forms.amount_or_none(self._form, f"area-{code}")
            except BadField as refusal:
                self.say(refusal)
                continue
            if fee is not None:
                found.append(Area(code, fee))
        return tuple(found)

    def _courier(self) -> CourierWay:
        try:
            fee = forms.amount_or_none(self._form, "courier-fee")
        except BadField as refusal:
            self.say(refusal)
            fee = None
        return CourierWay(self._text("courier"), FEE_LATER if fee is None else fee)

    def check(self) -> GeraiFields:
        """The settings in their one form, where nothing is wrong."""
        try:
            return checked(self.fields)
        except BadField as refusal:
            self.say(refusal)
            return self.fields


def _save(view: View) -> Reply:
    try:
        seen = read_seen(view.form.get("seen", ""))
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Malformed(why=str(error)) from error
    name, action = name_of(view.services, view.here.id), view.form.get("lakukan", "")
    reading = Reading(view)
    cleaned = reading.check()
    if action != "ubah" and not reading.problems:
        try:
            if action == "lihat":
                return _preview(view, cleaned, reading.name)
            claim(view.services, view.here.id, reading.name)
            change_gerai(view.services, view.here.id, seen, cleaned, view.by, form=view.sent_once())
            return redirect(view.place("/gerai", ya="1"))
        except BadName as refusal:
            reading.say_name(refusal)
        except NotSentYet as refusal:
            reading.say(refusal)
    problems = {} if action == "ubah" else reading.problems
    return _form(view, view.form, problems, view.form["seen"], name)


def _preview(view: View, fields: GeraiFields, name: str) -> Reply:
    """The first page as it would be, with the form inside it, so that nothing typed is lost."""
    with view.services.store.reading_shop(view.here.id) as tx:
        synced = last_sync(tx, view.services.now_ms())
    front = replace(
        front_of(replace(view, query={}), name, fields, synced),
        face_place=view.place("/gerai"),
        face_query=query_of(fields.gerai_face),
        is_preview=True,
    )
    kept = [
        (one, view.form[one])
        for one in ("csrf", "formulir", "seen", *_names_of_fields())
        if view.form.get(one)
    ]
    return shown(front, headers={"cache-control": "no-store", "vary": "cookie"}, typed=kept)


def _face_of(view: View) -> Face:
    given = view.query.get
    return Face(
        given("warna", ""), given("utama", ""), given("benang", ""), font=given("huruf", "")
    )


def _style(view: View) -> Reply:
    face = _face_of(view)
    return style_reply(face, view.place("/gerai"), query_of(face), lasts=True, shared=False)


def _pattern(view: View) -> Reply:
    name = view.call.places["name"]
    if name not in ("kain", "tepi"):
        raise NotFound()
    return pattern_reply(_face_of(view), view.here.id, name, lasts=True, shared=False)


PAGES = (
    Page("GET", "/kelola/{shop}/gerai", "The gerai's settings", _edit, "owner"),
    Page("POST", "/kelola/{shop}/gerai", "Look at them, or save them", _save, "owner", keeps=True),
)
FILES = (
    Page("GET", "/kelola/{shop}/gerai/wajah.css", "Colours that are tried", _style),
    Page("GET", "/kelola/{shop}/gerai/{name}.svg", "Their pattern", _pattern),
)
