"""What a scanned text can mean: an article, a scale's label, a pack's GS1 data, our receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from core.gs1 import GS, GS1_MARKS, Gs1Code, parse_gs1
from core.gtin import check_digit, display_form, is_gtin, normal_form, split_aim
from core.ids import parse_receipt, receipt_number
from core.instore import (
    DEFAULT_LAYOUTS,
    BadCheckDigit,
    BadLayout,
    InStoreCode,
    InStoreLayout,
    price_check_digit,
    read_label,
)

__all__ = [
    "DEFAULT_LAYOUTS",
    "BadCheckDigit",
    "BadLayout",
    "Gs1Code",
    "InStoreCode",
    "InStoreLayout",
    "PlainCode",
    "Reading",
    "ReceiptCode",
    "check_digit",
    "display_form",
    "is_gtin",
    "normal_form",
    "price_check_digit",
    "read_code",
]


@dataclass(frozen=True, slots=True)
class PlainCode:
    """A code to compare whole, in its normal form."""

    code: str


@dataclass(frozen=True, slots=True)
class ReceiptCode:
    """The number on one of our receipts."""

    number: str


Reading: TypeAlias = PlainCode | InStoreCode | Gs1Code | ReceiptCode


def read_code(text: str, layouts: Sequence[InStoreLayout] = DEFAULT_LAYOUTS) -> list[Reading]:
    """All that a scanned or typed text can mean, the likeliest first.

    The whole code comes first, because a shop's own barcode wins over any reading of its parts;
    the caller takes the first reading that it knows. Codes are compared whole, never by a part.

    Raises:
        BadCheckDigit: an in-store label with a wrong check digit.
    """
    mark, code = split_aim(text)
    plain = normal_form(code)
    if not plain:
        return []
    readings: list[Reading] = [PlainCode(plain)]
    gs1 = _gs1(mark, code)
    receipt = parse_receipt(code)
    if gs1 is not None:
        readings.append(gs1)
    elif mark not in GS1_MARKS:
        readings += read_label(code.replace(" ", ""), layouts)
    if receipt is not None:
        readings.append(ReceiptCode(receipt_number(*receipt)))
    return readings


def _gs1(mark: str, code: str) -> Gs1Code | None:
    """Take a text for an element string only where something says so: mark, bracket, length."""
    if mark and mark not in GS1_MARKS:
        return None
    telling = bool(mark) or code[:1] in ("(", GS) or (code.startswith("01") and len(code) >= 16)
    return parse_gs1(code) if telling else None
