"""GS1 element strings: what a GS1-128, DataMatrix or QR on a pack says beside the article.

Application identifiers and their lengths: GS1 General Specifications, section 3.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from core.gtin import is_gtin

GS: Final = "\x1d"
GS1_MARKS: Final = frozenset({"]C1", "]d2", "]Q3", "]e0", "]J1"})
_RUPIAH: Final = "360"
_BRACKETED: Final = re.compile(r"\(([0-9]{2,4})\)([^()]*)")

# First two digits of the identifier -> (digits of the identifier, data length, fixed length).
_RULES: Final[dict[str, tuple[int, int, bool]]] = {
    "00": (2, 18, True),
    **dict.fromkeys(("01", "02", "03"), (2, 14, True)),
    **dict.fromkeys(("11", "12", "13", "15", "16", "17"), (2, 6, True)),
    "20": (2, 2, True),
    **dict.fromkeys(("10", "21", "22"), (2, 20, False)),
    "23": (3, 28, False),
    **dict.fromkeys(("24", "25"), (3, 30, False)),
    **dict.fromkeys(("30", "37"), (2, 8, False)),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), (4, 6, True)),
    "39": (4, 18, False),
    "40": (3, 30, False),
    "41": (3, 13, True),
    "42": (3, 15, False),
    "70": (4, 30, False),
    "71": (3, 20, False),
    **dict.fromkeys(("72", "82"), (4, 70, False)),
    **dict.fromkeys(("80", "81"), (4, 90, False)),
    **{str(n): (2, 90, False) for n in range(90, 100)},
}


@dataclass(frozen=True, slots=True)
class Gs1Code:
    """An article with what its pack tells: weight in thousandths of a kg, price in rupiah."""

    gtin: str
    weight: int | None = None
    price: int | None = None
    batch: str | None = None
    expiry: dt.date | None = None
    serial: str | None = None


def parse_gs1(text: str) -> Gs1Code | None:
    """Read an element string, with brackets or with separators; None where it is not one.

    Without a separator a field of variable length reaches to the end, as the standard has it.
    """
    elements = _bracketed(text) if text.startswith("(") else _raw(text)
    if elements is None or not is_gtin(elements.get("01", "")):
        return None
    try:
        return Gs1Code(
            gtin=elements["01"],
            weight=_weight(elements),
            price=_price(elements),
            batch=elements.get("10"),
            expiry=_expiry(elements),
            serial=elements.get("21"),
        )
    except ValueError:
        return None


def _bracketed(text: str) -> dict[str, str] | None:
    found = _BRACKETED.findall(text)
    if "".join(f"({ai}){value}" for ai, value in found) != text:
        return None
    elements: dict[str, str] = {}
    for ai, value in found:
        if not _keep(elements, ai, value.strip(f" {GS}")):
            return None
    return elements


def _raw(text: str) -> dict[str, str] | None:
    elements: dict[str, str] = {}
    rest = text.lstrip(GS)
    while rest:
        rule = _RULES.get(rest[:2])
        if rule is None:
            return None
        ai, body = rest[: rule[0]], rest[rule[0] :]
        value, rest = (body[: rule[1]], body[rule[1] :]) if rule[2] else _until_gs(body)
        if not _keep(elements, ai, value):
            return None
        rest = rest.removeprefix(GS)
    return elements


def _until_gs(body: str) -> tuple[str, str]:
    value, _, rest = body.partition(GS)
    return value, rest


def _keep(elements: dict[str, str], ai: str, value: str) -> bool:
    """Note an element; False where it is malformed or said twice with two values."""
    rule = _RULES.get(ai[:2])
    if rule is None or len(ai) != rule[0] or not value.isascii() or not value.isprintable():
        return False
    fits = len(value) == rule[1] and value.isdigit() if rule[2] else 0 < len(value) <= rule[1]
    return fits and ai.isdigit() and elements.setdefault(ai, value) == value


def _weight(elements: dict[str, str]) -> int | None:
    """(310n): n decimals of a kilogram; finer than a gram is cut off."""
    for decimals in range(6):
        value = elements.get(f"310{decimals}")
        if value is not None:
            return int(value) * 1000 // int(10**decimals)
    return None


def _price(elements: dict[str, str]) -> int | None:
    """(392n) in the local currency, (393n) with a currency: rupiah, halves up."""
    for decimals in range(10):
        value = elements.get(f"392{decimals}")
        if value is None:
            currency = elements.get(f"393{decimals}", "")
            value = currency[3:] if currency.startswith(_RUPIAH) else None
        if value is not None:
            unit = int(10**decimals)
            return (2 * _digits(value) + unit) // (2 * unit)
    return None


def _digits(value: str) -> int:
    if not value.isdigit() or len(value) > 15:
        raise ValueError("a price is at most 15 digits")
    return int(value)


def _expiry(elements: dict[str, str]) -> dt.date | None:
    """(17), else best before (15); day 00 is the month's last; years are of this century."""
    value = elements.get("17", elements.get("15"))
    if value is None:
        return None
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:])
    if day == 0 and 1 <= month <= 12:
        day = calendar.monthrange(year, month)[1]
    return dt.date(year, month, day)
