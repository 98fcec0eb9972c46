"""Whole rupiah: dividing without loss, rounding for cash, reading and writing amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, Literal

from core.errors import Refused

RoundingMode = Literal["down", "nearest", "up"]

MAX_DIGITS = 13
_LONGEST_TEXT = 40
_MULTIPLIERS = {"k": 1_000, "rb": 1_000, "ribu": 1_000, "jt": 1_000_000, "juta": 1_000_000}
# A mark before exactly three digits groups thousands: rupiah have no decimals that circulate.
_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<mark>[., ])[0-9]{3}(?:(?P=mark)[0-9]{3})*)"
    r"(?:(?!(?P=mark))[.,]0{1,2})?"
)
_PLAIN = re.compile(r"(?P<whole>[0-9]+)(?:[.,]0{1,2})?")
_SHORT_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<mark>[. ])[0-9]{3}(?:(?P=mark)[0-9]{3})*)"
    r"(?:,(?P<fraction>[0-9]{1,6}))?"
)
_SHORT_PLAIN = re.compile(r"(?P<whole>[0-9]+)(?:[.,](?P<fraction>[0-9]{1,6}))?")
_AROUND = re.compile(
    r"(?P<minus>[-\u2212]?) ?(?:(?:rp|idr)\.? ?)?(?P<minus2>[-\u2212]?) ?"
    r"(?P<body>[0-9][0-9., ]*?) ?(?:(?P<short>k|rb|ribu|jt|juta)\.?|[.,] ?[-=\u2013]+)?"
)


class BadAmount(Refused):
    """The text is not an amount of rupiah; `text` is what was typed."""

    code: ClassVar[str] = "bad_amount"


class AmountTooLarge(BadAmount):
    """The amount has more than `digits` digits; `text` is what was typed."""

    code: ClassVar[str] = "amount_too_large"


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` rupiah by weights (>= 0) so that the parts sum to it exactly.

    Largest remainder, ties to the lower index; a negative total mirrors the positive one.
    Where all weights are zero, the first part takes the whole.

    Raises:
        ValueError: a negative weight, or something to split and nobody to take it.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    if total < 0:
        return [-part for part in allocate(-total, weights)]
    if not weights:
        if total:
            raise ValueError("nobody to allocate to")
        return []
    whole = sum(weights)
    if whole == 0:
        return [total, *([0] * (len(weights) - 1))]
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: -(total * weights[at] % whole))
    for at in by_remainder[: total - sum(parts)]:
        parts[at] += 1
    return parts


def share(total: int, part: int, whole: int) -> int:
    """`total` x `part` / `whole`, rounded half away from zero.

    Raises:
        ZeroDivisionError: `whole` is zero.
    """
    product = total * part
    rounded = (2 * abs(product) + abs(whole)) // (2 * abs(whole))
    return rounded if (product < 0) == (whole < 0) else -rounded


def percent(amount: int, basis_points: int) -> int:
    """Hundredths of a percent of an amount of rupiah, rounded half away from zero."""
    return share(amount, basis_points, 10_000)


def round_cash(amount: int, step: int, mode: RoundingMode) -> int:
    """Round rupiah to what circulates as cash; a step of 0 or 1 changes nothing.

    "nearest" goes down on a tie, to the buyer's favour. A refund (negative) mirrors the sale,
    so that the drawer returns to where it was. Source: Permendag 35/M-DAG/PER/7/2013.
    """
    if step <= 1:
        return amount
    if amount < 0:
        return -round_cash(-amount, step, mode)
    rest = amount % step
    up = rest > 0 if mode == "up" else mode == "nearest" and 2 * rest > step
    return amount - rest + (step if up else 0)


def format_rupiah(amount: int, *, symbol: bool = True) -> str:
    """Rupiah as Indonesians write them: "Rp 72.500", "-Rp 72.500", bare "72.500"."""
    digits = f"{abs(amount):,}".replace(",", ".")
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp {digits}" if symbol else f"{sign}{digits}"


def parse_rupiah(text: str) -> int:
    """Read what people type for rupiah: "12500", "Rp 12.500,-", "12,500.00", "12,5rb", "1,2jt".

    A dot or comma before exactly three digits is a thousands mark; with a short form (k, rb,
    ribu, jt, juta) a comma is a decimal mark. What is not a whole rupiah is refused, not rounded.

    Raises:
        BadAmount: the text is no amount, or not a whole one.
        AmountTooLarge: more than 13 digits.
    """
    shown = " ".join(text.split()).lower()
    around = _AROUND.fullmatch(shown) if len(shown) <= _LONGEST_TEXT else None
    if around is None or (around["minus"] and around["minus2"]):
        raise BadAmount(text=text)
    read = _read_short if around["short"] else _read_whole
    amount = read(around["body"], _MULTIPLIERS.get(around["short"], 1))
    if amount is None:
        raise BadAmount(text=text)
    if amount >= 10**MAX_DIGITS:
        raise AmountTooLarge(text=text, digits=MAX_DIGITS)
    return -amount if around["minus"] or around["minus2"] else amount


def _digits(text: str) -> int:
    return int(re.sub("[., ]", "", text))


def _read_whole(body: str, _multiplier: int) -> int | None:
    found = _GROUPED.fullmatch(body) or _PLAIN.fullmatch(body)
    return _digits(found["whole"]) if found else None


def _read_short(body: str, multiplier: int) -> int | None:
    found = _SHORT_GROUPED.fullmatch(body) or _SHORT_PLAIN.fullmatch(body)
    if found is None:
        return None
    fraction = found["fraction"] or ""
    amount, lost = divmod(_digits(found["whole"] + fraction) * multiplier, 10 ** len(fraction))
    return None if lost else amount
