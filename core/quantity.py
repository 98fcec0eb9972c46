"""Quantities in thousandths of a unit: reading, writing, pricing, splitting into packs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from core.errors import Refused
from core.money import share

QTY = 1000
"""One whole unit."""

MAX_DIGITS = 6
_QUANTITY = re.compile(r"(?P<whole>[0-9]*)(?:[.,](?P<fraction>[0-9]{1,3}))?")

_LOCAL_MARKS = str.maketrans(",.", ".,")


class BadQuantity(Refused):
    """The text is not a quantity; `text` is what was typed."""

    code: ClassVar[str] = "bad_quantity"


class ThousandsMark(BadQuantity):
    """A mark stands where a reader of the language expects one at the thousands: "1.000" may be a
    thousand or one."""


class NoPrice(Refused):
    """Goods without a price cannot be sold by amount of money."""

    code: ClassVar[str] = "no_price"


def parse_quantity(text: str) -> int:
    """Read a typed quantity into thousandths: "2", "0,25", ".25", "1.5", "0.250".

    Comma and dot are both decimal marks here, so "12,500" is twelve and a half. More than six
    digits before the mark are refused: that is a barcode, never a quantity. No sign: what
    goes out or comes back is said by the command, not by the number.

    Raises:
        BadQuantity: no number, more than three decimals, or too many digits.
    """
    found = _QUANTITY.fullmatch(text.strip())
    if found is None or not (found["whole"] or found["fraction"]):
        raise BadQuantity(text=text)
    if len(found["whole"]) > MAX_DIGITS:
        raise BadQuantity(text=text)
    return int(found["whole"] or "0") * QTY + int((found["fraction"] or "").ljust(3, "0"))


def parse_written(text: str, language: str) -> int:
    """Read a quantity that somebody types where pages show marks at the thousands.

    The language's own decimal mark is one always ("1,250" in Indonesian is one and a quarter); the
    other mark is one only where it cannot stand at the thousands ("1.5", "0.250").

    Raises:
        ThousandsMark: it could be either.
        BadQuantity: as of `parse_quantity`.
    """
    mark = "," if language == "en" else "."
    if re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:[{mark}][0-9]{{3}})+", text.strip(), re.ASCII):
        raise ThousandsMark(text=text)
    return parse_quantity(text)


def format_quantity(qty: int, *, decimal: str = ",") -> str:
    """Thousandths for people, without idle zeros: "2", "0,25", "-1,5"."""
    whole, rest = divmod(abs(qty), QTY)
    fraction = f"{rest:03}".rstrip("0")
    sign = "-" if qty < 0 else ""
    return f"{sign}{whole}{decimal}{fraction}" if fraction else f"{sign}{whole}"


def show_quantity(qty: int, language: str) -> str:
    """Thousandths as a reader of a language sees them, thousands marked: "90.000", "-1.250,5".

    Not for fields: what is typed has no marks at the thousands (`parse_quantity`).
    """
    whole, _, rest = format_quantity(abs(qty), decimal=".").partition(".")
    text = f"{int(whole):,}.{rest}" if rest else f"{int(whole):,}"
    if language != "en":
        text = text.translate(_LOCAL_MARKS)
    return f"-{text}" if qty < 0 else text


def decimal_string(qty: int) -> str:
    """Thousandths for machines (JSON, CSV): a decimal point, "0.25", "2"."""
    return format_quantity(qty, decimal=".")


def extend(price: int, qty: int) -> int:
    """Rupiah for `qty` thousandths at `price` a unit, rounded half away from zero."""
    return share(price, qty, QTY)


def quantity_for(amount: int, price: int) -> int:
    """Thousandths that `amount` rupiah buys at `price` a unit, rounded towards zero.

    The caller keeps the amount itself as the line's total: "Rp 5.000 of sugar" costs 5.000.

    Raises:
        NoPrice: the price is not above zero.
    """
    if price <= 0:
        raise NoPrice(amount=amount)
    bought = abs(amount) * QTY // price
    return -bought if amount < 0 else bought


def split_units(base_qty: int, units: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Stock in words of packs: 87 pcs at (dus, 40), (pcs, 1) is 2 dus 7 pcs.

    `base_qty` and the answer are thousandths; `units` are (name, base units it holds), in any
    order, the base unit (factor 1) among them. Of two units of one size the first counts.
    Empty parts are left out, but nothing at all is shown as zero of the base unit.

    Raises:
        ValueError: the base unit is missing or a factor is below 1.
    """
    names: dict[int, str] = {}
    for name, factor in units:
        names.setdefault(factor, name)
    if 1 not in names or min(names) < 1:
        raise ValueError("units need one with factor 1 and none below it")
    sign = -1 if base_qty < 0 else 1
    rest = abs(base_qty)
    parts: list[tuple[str, int]] = []
    for factor in sorted(names.keys() - {1}, reverse=True):
        count, rest = divmod(rest, factor * QTY)
        if count:
            parts.append((names[factor], sign * count * QTY))
    if rest or not parts:
        parts.append((names[1], sign * rest))
    return parts
