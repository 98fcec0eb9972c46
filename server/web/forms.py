"""What people type into fields, as values; what cannot be read is named with its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from core.money import AmountTooLarge, BadAmount, parse_rupiah
from core.quantity import BadQuantity, ThousandsMark, parse_written
from server.http.problems import Malformed
from server.shops.editing import BadField
from server.web.language import N_, Words

_PROBLEMS = {
    "empty": N_("Isilah kolom ini."),
    "not_sent_yet": N_(
        "Anda sudah masuk lagi, dan yang Anda tulis belum terkirim. Periksalah, lalu kirim."
    ),
    "long": N_("Paling banyak {most} huruf."),
    "amount": N_("Tulislah jumlah rupiah, misalnya 12.500."),
    "quantity": N_("Tulislah jumlah, misalnya 2 atau 0,5."),
    "quantity_marks": N_("Tulislah tanpa tanda ribuan, misalnya 1000; untuk pecahan 1,5."),
    "time": N_("Tulislah jam, misalnya 02.00."),
    "choice": N_("Pilihlah salah satu."),
    "hours": N_("Tulislah seperti 08.00-17.00, atau kosongkan kalau tutup."),
    "range": N_("Tulislah bilangan antara {least} dan {most}."),
    "hours_range": N_("Antara 1 dan {most} jam."),
    "whatsapp": N_("Tulislah nomor ponsel Indonesia, misalnya 0812-4400-1234."),
    "map": N_("Tempelkan tautan https dari Google Maps atau OpenStreetMap."),
    "holiday": N_("Tulislah kedua tanggalnya, yang awal lebih dulu."),
    "email": N_("Tulislah alamat surel, misalnya toko@contoh.id."),
    "nib": N_("NIB terdiri dari 13 angka."),
    "permit": N_(
        "Satu nomor sebaris: P-IRT (15 angka) atau BPOM, misalnya P-IRT 2063201010012-26 "
        "atau BPOM MD 204520001001."
    ),
    "marks": N_(
        "Paling banyak {most} kategori dapat ditandai. Tandai yang lain di formulir barangnya."
    ),
    "lines": N_("Paling banyak {most} baris."),
    "halal": N_("Salin nomornya dari sertifikat, misalnya ID75110000012341024."),
    "day": N_("Pilihlah tanggalnya."),
    "colour": N_("Tulislah warna dengan enam angka heksa, misalnya #0b5d52."),
}


def problem(words: Words, refusal: BadField) -> dict[str, str]:
    """A field's problem as a sentence, by the field's name."""
    rule = _PROBLEMS[refusal.details["why"]]
    return {refusal.field: words._(rule, **refusal.details)}


def amount(form: Mapping[str, str], name: str) -> int:
    """Whole rupiah.

    Raises:
        BadField: it is no amount.
    """
    try:
        return parse_rupiah(form.get(name, "").strip() or "0")
    except (BadAmount, AmountTooLarge):
        raise BadField(name, "amount") from None


def amount_or_none(form: Mapping[str, str], name: str) -> int | None:
    """Whole rupiah, None for an empty field.

    Raises:
        BadField: it is no amount.
    """
    return amount(form, name) if form.get(name, "").strip() else None


def quantity(form: Mapping[str, str], name: str, language: str = "id") -> int:
    """Thousandths, as a reader of a language writes them.

    Raises:
        BadField: it is no quantity.
    """
    try:
        return parse_written(form.get(name, "").strip() or "0", language)
    except ThousandsMark:
        raise BadField(name, "quantity_marks") from None
    except BadQuantity:
        raise BadField(name, "quantity") from None


def text(form: Mapping[str, str], name: str) -> str:
    """A text as it was typed."""
    return form.get(name, "")


def ticked(form: Mapping[str, str], name: str) -> bool:
    """Whether a box is ticked."""
    return form.get(name, "") == "1"


Reader = Callable[[Mapping[str, str], str], Any]


def read_fields(
    words: Words, form: Mapping[str, str], readers: Mapping[str, Reader]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Every field's value, and the sentences about those that cannot be read."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, read in readers.items():
        try:
            values[name] = read(form, name)
        except BadField as refusal:
            problems.update(problem(words, refusal))
    return values, problems


def pack_seen(fields: Any) -> str:
    """What the form's reader saw, to travel with the form: what a change replaces."""
    return msgspec.json.encode(fields._asdict()).decode()


def unpack_seen(form: Mapping[str, str], kind: Any) -> Any:
    """What the form's reader saw.

    Raises:
        Malformed: the form was not made here.
    """
    try:
        given = msgspec.json.decode(form.get("seen", ""), type=dict[str, Any])
        return msgspec.convert([given[name] for name in kind._fields], kind)
    except (msgspec.DecodeError, msgspec.ValidationError, KeyError, RecursionError) as error:
        raise Malformed(why=str(error)) from error
