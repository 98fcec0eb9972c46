"""QRIS: the shop's own sticker read, and shown again with an amount.

EMVCo merchant-presented mode: fields of a two-digit id, a two-digit length in characters and a
value; 00 first, 63 (the CRC) last. A code is never repaired: a wrong CRC means another photograph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.errors import Refused

Fields = tuple[tuple[str, str], ...]

_REPOSITORY: Final = "ID.CO.QRIS.WWW"
_NMID: Final = re.compile(r"ID[0-9]{13}", re.ASCII)
_AMOUNT: Final = re.compile(r"([0-9]{1,13})(?:\.(0{0,2}))?", re.ASCII)
_BILL: Final = re.compile(r"[ -~]{1,25}")
_AMOUNT_FIELDS: Final = frozenset({"54", "55", "56", "57"})
_AMOUNT_LIMIT: Final = 10**13


class NotQris(Refused):
    """The text is not built as a QRIS is."""

    code = "not_qris"


class QrisCrc(Refused):
    """The check at the end is wrong: misread, or edited by hand."""

    code = "qris_crc"


class QrisCurrency(Refused):
    """The code asks for another currency than rupiah. Details: `currency`."""

    code = "qris_currency"


class QrisCountry(Refused):
    """The merchant is not in Indonesia. Details: `country`."""

    code = "qris_country"


class QrisDynamic(Refused):
    """The code serves one payment only; a sticker's code is static."""

    code = "qris_dynamic"


class QrisHasAmount(Refused):
    """The code has an amount or a tip in it. Details: `amount`, as written."""

    code = "qris_has_amount"


class QrisAmount(Refused):
    """The amount is not whole rupiah above zero in 13 digits. Details: `amount`."""

    code = "qris_amount"


class QrisBill(Refused):
    """The bill number is not 1 to 25 plain characters. Details: `bill`."""

    code = "qris_bill"


@dataclass(frozen=True, slots=True)
class Qris:
    """A code as read: its fields in order, without the CRC, and what they say.

    `nmid` and `criteria` are empty where the code does not tell; `amount` is rupiah.
    """

    fields: Fields
    merchant_name: str
    city: str
    nmid: str
    criteria: str
    static: bool
    amount: int | None

    @property
    def national(self) -> bool:
        """Whether every app can pay it: it has a number in the national merchant repository."""
        return self.nmid != ""

    @property
    def text(self) -> str:
        """The code as a string, with its CRC."""
        return _write(self.fields)


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, not reflected, no final xor."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def parse(text: str) -> Qris:
    """Read any QRIS, static or dynamic.

    Raises:
        NotQris: the fields do not add up.
        QrisCrc: they do, but the CRC is wrong.
        QrisCurrency, QrisCountry: it is not for rupiah in Indonesia.
        QrisAmount: the amount in it is not whole rupiah.
    """
    text = text.strip(" \t\r\n")
    if not text.startswith("000201"):
        raise NotQris
    fields = _split(text)
    _check_crc(text, fields)
    return _understand(fields[:-1])


def read_sticker(text: str) -> Qris:
    """Read the shop's own sticker: static, without an amount.

    Raises:
        QrisDynamic, QrisHasAmount: it dies after one payment; and what `parse` raises.
    """
    qris = parse(text)
    _must_be_reusable(qris)
    return qris


def with_amount(q: Qris | str, amount: int, bill: str | None = None) -> str:
    """Make a sticker's code one for `amount` rupiah, with a bill number where one is given.

    Same merchant, same account; nobody reports that the money came, so a sale is paid only when
    a person has seen it. Fees and tips are dropped: the merchant bears the fee.

    Raises:
        QrisAmount, QrisBill: they do not fit; and what `read_sticker` raises.
    """
    qris = parse(q) if isinstance(q, str) else q
    _must_be_reusable(qris)
    if not 0 < amount < _AMOUNT_LIMIT:
        raise QrisAmount(amount=amount)
    if bill is not None and not _BILL.fullmatch(bill):
        raise QrisBill(bill=bill)
    return _write(_with_bill(_priced(qris.fields, amount), bill))


def _split(text: str) -> Fields:
    """Part a template into its fields; a field may occur once."""
    fields: dict[str, str] = {}
    at = 0
    while at < len(text):
        head = text[at : at + 4]
        if len(head) < 4 or not (head.isascii() and head.isdigit()) or head[:2] in fields:
            raise NotQris
        end = at + 4 + int(head[2:])
        if end > len(text):
            raise NotQris
        fields[head[:2]] = text[at + 4 : end]
        at = end
    return tuple(fields.items())


def _check_crc(text: str, fields: Fields) -> None:
    last, crc = fields[-1]
    if last != "63" or len(crc) != 4:
        raise NotQris
    if crc.upper() != f"{crc16(_bytes(text[:-4])):04X}":
        raise QrisCrc


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotQris from error


def _understand(fields: Fields) -> Qris:
    values = dict(fields)
    if values.get("01", "11") not in ("11", "12") or not values.get("59"):
        raise NotQris
    if values.get("53") != "360":
        raise QrisCurrency(currency=values.get("53", ""))
    if values.get("58") != "ID":
        raise QrisCountry(country=values.get("58", ""))
    nmid, criteria = _merchant(values)
    return Qris(
        fields=fields,
        merchant_name=values["59"],
        city=values.get("60", ""),
        nmid=nmid,
        criteria=criteria,
        static=values.get("01", "11") == "11",
        amount=_amount(values["54"]) if "54" in values else None,
    )


def _merchant(values: dict[str, str]) -> tuple[str, str]:
    """NMID and criteria from the national repository; criteria else from an acquirer's part."""
    national = dict(_split(values.get("51", "")))
    nmid = national.get("02", "") if national.get("00") == _REPOSITORY else ""
    if nmid and not _NMID.fullmatch(nmid):
        nmid = ""
    if national.get("03"):
        return nmid, national["03"]
    acquirers = (values[key] for key in sorted(values) if "26" <= key <= "45")
    return nmid, next(filter(None, map(_acquirer_criteria, acquirers)), "")


def _acquirer_criteria(value: str) -> str:
    """An acquirer's part belongs to the acquirer: one that cannot be read says nothing."""
    try:
        return dict(_split(value)).get("03", "")
    except NotQris:
        return ""


def _amount(text: str) -> int:
    found = _AMOUNT.fullmatch(text)
    if found is None or len(text) > 13 or int(found[1]) == 0:
        raise QrisAmount(amount=text)
    return int(found[1])


def _must_be_reusable(qris: Qris) -> None:
    if not qris.static:
        raise QrisDynamic
    for key, value in qris.fields:
        if key in _AMOUNT_FIELDS:
            raise QrisHasAmount(amount=value)


def _priced(fields: Fields, amount: int) -> Fields:
    priced: list[tuple[str, str]] = [("00", "01"), ("01", "12")]
    for key, value in fields:
        if key in ("00", "01") or key in _AMOUNT_FIELDS:
            continue
        priced.append((key, value))
        if key == "53":
            priced.append(("54", str(amount)))
    return tuple(priced)


def _with_bill(fields: Fields, bill: str | None) -> Fields:
    if bill is None:
        return fields
    values = dict(fields)
    extra = dict(_split(values.get("62", "")))
    extra.pop("01", None)
    inside = _join((("01", bill), *extra.items()))
    if len(inside) > 99:
        raise QrisBill(bill=bill)
    values["62"] = inside
    known = [key for key, _ in fields]
    order = known if "62" in known else sorted([*known, "62"])
    return tuple((key, values[key]) for key in order)


def _join(fields: Fields) -> str:
    return "".join(f"{key}{len(value):02d}{value}" for key, value in fields)


def _write(fields: Fields) -> str:
    text = _join(fields) + "6304"
    return text + f"{crc16(text.encode()):04X}"
