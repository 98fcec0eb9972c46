"""Reading single cells: text, barcodes, quantities."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from core.barcode import is_gtin, normal_form
from core.errors import Refused
from core.gs1 import parse_gs1
from core.quantity import parse_quantity
from core.text import clean_name
from core.units import normal_unit
from pos.importing.model import CellValue

MAX_QUANTITY = 1_000_000_000
"""Thousandths: more than a million of something is a barcode or a price in the wrong column."""

CLEAR_WORDS = frozenset(["hapus", "clear", "kosongkan"])
NONE_WORDS = frozenset(
    ["", "-", "--", "---", "none", "null", "nil", "n/a", "#n/a", "na", "kosong", "tidak ada",
     "tdk ada", "belum ada", "(kosong)", ".", "x", "0"]
)  # fmt: skip
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,3})", re.IGNORECASE)
_CUT_OFF = re.compile(r"…|\.{2,}$|#{3,}|\*{2,}")
_SEVERAL = re.compile(r"[;,/|\s]+")
_TRAILING_ZERO_DECIMALS = re.compile(r"[.,]0+$")
_DOTTED_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_QUANTITY_UNIT = re.compile(r"(-?[\d.,]+)\s*([^\W\d_][^\d]*)?")
_ROUNDED = "0000000"
"""What 8.99271E+12 leaves at the end; six zeros may be real where the check digit fits."""
_STEPS_OF_MADE_UP = frozenset([-1, 1, 9, -9, 8, -8])
_MAX_BARCODE = 80


def text_of(cell: CellValue) -> str:
    """Give a cell as clean text: entities resolved, blanks tidied, 7.0 as "7"; "" for a blank."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        plain = cell.isascii() and cell.isprintable() and "&" not in cell
        return " ".join(cell.split()) if plain else clean_name(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def says_clear(cell: CellValue, dash_clears: bool) -> bool:
    """Say whether the cell asks for a field to be emptied: "hapus", or "-" where that is chosen."""
    if not isinstance(cell, str):
        return False
    word = cell.strip().lower()
    return word in CLEAR_WORDS or (dash_clears and word == "-")


def says_nothing(cell: CellValue) -> bool:
    """Say whether the cell is blank or one of the many ways to write "none"."""
    if cell is None or cell == 0:
        return True
    return isinstance(cell, str) and cell.strip().lower() in NONE_WORDS


class BarcodeReading(NamedTuple):
    """The barcodes of a cell in normal form; `refused` and `warned` are reason codes."""

    barcodes: tuple[str, ...] = ()
    refused: str | None = None
    warned: str | None = None


NO_BARCODE = BarcodeReading()
LOST_DIGITS = BarcodeReading(refused="barcode_lost_digits")


def looks_like_barcode(cell: CellValue) -> bool:
    """Say whether a cell of a column headed just "Kode" is more likely scanned than invented."""
    if isinstance(cell, bool) or cell is None:
        return False
    if isinstance(cell, int | float):
        return cell >= 1_000_000
    text = cell.strip()
    return (text.isdigit() and 7 <= len(text) <= 14) or _SCIENTIFIC.fullmatch(text) is not None


def zeros_survived(cells: Iterable[CellValue]) -> bool:
    """Say whether some text of the column begins with 0, so that no text has lost its zeros."""
    return any(isinstance(cell, str) and cell.lstrip("' ")[:1] == "0" for cell in cells)


def read_barcodes(cell: CellValue, restore_text: bool) -> BarcodeReading:
    """Read a barcode cell: numbers, texts, several at once, none at all.

    `restore_text`: leading zeros may be put back on texts too, not on numbers alone; they are put
    back only where the check digit then fits (GS1 General Specifications, section 7.9).
    """
    if says_nothing(cell):
        return NO_BARCODE
    if isinstance(cell, int | float):
        if isinstance(cell, bool) or cell != int(cell) or cell < 0:
            return BarcodeReading(warned="barcode_unreadable")
        return _one(str(int(cell)), restore=True) if cell < 1e15 else LOST_DIGITS
    text = str(cell).strip().lstrip("'`,").strip()
    if text.isdigit():
        return _one(text, restore_text)
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific:
        return _from_scientific(*scientific.groups(""))
    if _CUT_OFF.search(text):
        return LOST_DIGITS
    text = _TRAILING_ZERO_DECIMALS.sub("", text)
    joined = re.sub(r"(?<=\d)[\s-](?=\d)", "", text)
    parts = [part for part in _SEVERAL.split(text) if part]
    if len(parts) > 1 and all(part.isdigit() and len(part) >= 7 for part in parts):
        return _several(parts, restore_text)
    return _one(joined, restore_text)


def _from_scientific(first: str, rest: str, power: str) -> BarcodeReading:
    """8.992761002015E+12 still has all its digits; 8.99E+12 does not, and nobody can tell them."""
    digits = first + rest
    return _one(digits, restore=True) if len(digits) == int(power) + 1 else LOST_DIGITS


def _several(parts: list[str], restore: bool) -> BarcodeReading:
    readings = [_one(part, restore) for part in parts]
    if any(reading.refused for reading in readings):
        return LOST_DIGITS
    barcodes = dict.fromkeys(code for reading in readings for code in reading.barcodes)
    warned = next((reading.warned for reading in readings if reading.warned), None)
    return BarcodeReading(tuple(barcodes), None, warned)


def _one(text: str, restore: bool) -> BarcodeReading:
    if text.startswith("01") and len(text) > 16 and is_gtin(text[2:16]):
        # The article of an element string; the rest, often without separators, is of one pack.
        return BarcodeReading((text[2:16],))
    if not (text.isdigit() and text.isascii()):
        return _text_code(text)
    if is_placeholder(text):
        return BarcodeReading(warned="barcode_placeholder")
    if len(text) >= 12 and text.endswith(_ROUNDED):
        return LOST_DIGITS
    if is_gtin(text):
        return BarcodeReading((text.zfill(14),))
    whole = _with_zeros(text) if restore else None
    if whole is not None:
        return BarcodeReading((whole.zfill(14),))
    if len(text) >= 12 and text.endswith(_ROUNDED[1:]):
        return LOST_DIGITS
    return _whole(text, "barcode_check_digit" if len(text) in (8, 12, 13) else None)


def _text_code(text: str) -> BarcodeReading:
    """Read a code with letters; of GS1 element strings the article alone, where it is in them."""
    if text.startswith("("):
        article = parse_gs1(text)
        if article is not None:
            return BarcodeReading((normal_form(article.gtin),))
        return _whole(text, "barcode_of_one_batch")
    return _whole(text, None)


def _whole(text: str, warned: str | None) -> BarcodeReading:
    normal = normal_form(text)
    if not normal or len(normal) > _MAX_BARCODE:
        return BarcodeReading(warned="barcode_unreadable")
    return BarcodeReading((normal,), None, warned)


def _with_zeros(digits: str) -> str | None:
    """Put back the zeros that a spreadsheet dropped, where that makes a valid code."""
    for length in (8, 12):
        if length - 3 < len(digits) < length and is_gtin(digits.zfill(length)):
            return digits.zfill(length)
    return None


def is_placeholder(digits: str) -> bool:
    """Say whether a number was made up to fill the field: 0000000000, 123456789123, 1111.

    All digits alike, or running up or down all through (from 9 on to 0 or 1). Other invented
    numbers are kept: they tell one product of the shop from another.
    """
    if len(set(digits)) == 1:
        return len(digits) > 3
    if len(digits) < 6 or int(digits[1]) - int(digits[0]) not in _STEPS_OF_MADE_UP:
        return False
    return all(int(b) - int(a) in _STEPS_OF_MADE_UP for a, b in pairwise(digits))


class QuantityReading(NamedTuple):
    """Thousandths of `unit` (None: the base unit), or a reason code, or neither for a blank."""

    thousandths: int | None = None
    unit: str | None = None
    reason: str | None = None


@lru_cache(maxsize=1 << 14, typed=True)
def read_quantity(cell: CellValue, measured: bool) -> QuantityReading:
    """Read a stock cell: `12,5`, `2 dus`, 40.0. Reasons: `unreadable`, `negative`, `unsure`.

    A dot before exactly three digits is a thousands mark for what is counted; for what is weighed
    or measured it may be either, so it is taken as a decimal mark and marked `unsure`. A comma is
    a decimal mark. `unsure` is also a fraction of what is counted.
    """
    if cell is None or isinstance(cell, bool):
        return QuantityReading()
    if isinstance(cell, int | float):
        if abs(cell) > MAX_QUANTITY:
            return QuantityReading(reason="unreadable")
        return _quantity(round(cell * 1000), None, None)
    text = cell.strip()
    if text.lower() in NONE_WORDS and text != "0":
        return QuantityReading()
    found = _QUANTITY_UNIT.fullmatch(text)
    if found is None:
        return QuantityReading(reason="unreadable")
    number, word = found.groups()
    unit = normal_unit(word) if word else None
    negative, number = number.startswith("-"), number.lstrip("-")
    dotted = _DOTTED_THOUSANDS.fullmatch(number) is not None
    if dotted and (not measured or number.count(".") > 1):
        number, dotted = number.replace(".", ""), False
    try:
        thousandths = parse_quantity(number)
    except Refused:
        return QuantityReading(reason="unreadable")
    unsure = dotted or (not measured and unit is None and thousandths % 1000 != 0)
    return _quantity(-thousandths if negative else thousandths, unit, "unsure" if unsure else None)


def _quantity(thousandths: int, unit: str | None, reason: str | None) -> QuantityReading:
    if thousandths < 0:
        return QuantityReading(reason="negative")
    if thousandths > MAX_QUANTITY:
        return QuantityReading(reason="unreadable")
    return QuantityReading(thousandths, unit, reason)


def never_counted(thousandths: int) -> bool:
    """Say whether a stock is 9999 or longer nines: what shops type where nobody counted."""
    whole, rest = divmod(thousandths, 1000)
    digits = str(whole)
    return rest == 0 and len(digits) >= 4 and set(digits) == {"9"}
