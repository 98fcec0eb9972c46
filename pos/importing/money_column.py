"""Reading prices: one decision for a whole column, then one reading for each of its cells.

`12.500` alone could be twelve and a half; what the other cells of the column show decides. In
rupiah, which has no decimals, a mark before exactly three digits is a thousands mark unless the
column proves otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import NamedTuple

from pos.importing.model import CellValue

MAX_RUPIAH = 100_000_000_000
"""A price above this is a barcode in the wrong column."""

_MONEY = re.compile(
    r"(?P<sign>-?)\s*(?:rp|idr)?\.?\s*(?P<minus>-?)\s*(?P<number>[.,]?\d[\d.,' ]*?)"
    r"\s*(?:[.,]\s*-+|-)?\s*(?P<times>rb|ribu|k|jt|juta)?\.?\s*(?:rupiah|idr|[/@]\s*[a-z].*)?"
)
_TIMES = {"rb": 1_000, "ribu": 1_000, "k": 1_000, "jt": 1_000_000, "juta": 1_000_000}
_NOTHING = frozenset(["", "-", "--", "---", "none", "null", "nil", "n/a", "kosong", "rp", "rp-"])


class MoneyReading(NamedTuple):
    """What a cell says: rupiah or nothing, and a reason code where a person should look.

    Reasons: `money_unreadable`, `money_negative`, `money_too_large` (each without a value),
    `money_rounded`, `money_unsure` (each with one).
    """

    rupiah: int | None
    reason: str | None = None


NOTHING = MoneyReading(None)


class _Shape(NamedTuple):
    """A number taken apart: digits before and after its last mark, and what the marks may be."""

    left: str
    mark: str
    right: str
    thousands: str
    several: bool
    times: int
    negative: bool


class MoneyColumn:
    """The reading of one column, decided from all of its cells."""

    def __init__(self, cells: Iterable[CellValue]) -> None:
        """Look at every cell once; the same value is looked at once only."""
        different = set(cells)
        shapes = [
            shape
            for cell in different
            if isinstance(cell, str) and (shape := _shape(cell)) is not None
        ]
        self._three_decimals = _marks_before_three_decimals(shapes)
        self._readings: dict[CellValue, MoneyReading] = {}
        self._thousands_lost = False
        self._thousands_lost = self._lost_its_thousands(different, shapes)

    def read(self, cell: CellValue) -> MoneyReading:
        """Read one cell as whole rupiah."""
        if cell is None:
            return NOTHING
        known = self._readings.get(cell)
        if known is None:
            known = self._readings[cell] = self._read(cell)
        return known

    def _read(self, cell: CellValue) -> MoneyReading:
        if isinstance(cell, str) and cell.strip().lower() in _NOTHING:
            return NOTHING
        value = self._value(cell)
        if value is None:
            return MoneyReading(None, "money_unreadable")
        if value < 0:
            return MoneyReading(None, "money_negative")
        unsure = False
        if self._thousands_lost and 0 < value < 1000 and not _multiplied(cell):
            unsure = value >= 100 and value == int(value)
            value = value if unsure else value * 1000
        whole = int(value.to_integral_value(ROUND_HALF_UP))
        if whole > MAX_RUPIAH:
            return MoneyReading(None, "money_too_large")
        if unsure:
            return MoneyReading(whole, "money_unsure")
        return MoneyReading(whole, "money_rounded" if whole != value else None)

    def _value(self, cell: CellValue) -> Decimal | None:
        if isinstance(cell, bool) or cell is None:
            return None
        if isinstance(cell, int | float):
            return Decimal(repr(cell))
        shape = _shape(cell)
        return None if shape is None else self._number(shape)

    def _number(self, shape: _Shape) -> Decimal:
        if shape.several or (
            shape.mark
            and len(shape.right) == 3
            and not shape.thousands
            and shape.mark not in self._three_decimals
            and shape.left.lstrip("0")
        ):
            text = shape.left + shape.right
        else:
            text = f"{shape.left or '0'}.{shape.right or '0'}"
        value = Decimal(text) * shape.times
        return -value if shape.negative else value

    def _lost_its_thousands(self, cells: set[CellValue], shapes: list[_Shape]) -> bool:
        """Say whether a program took the dot of `12.500` for a decimal point and left 12.5.

        So it is where every amount is under 1,000, most are under 100, and some have a fraction:
        no shop sells for two and a half rupiah.
        """
        values = [
            Decimal(repr(cell))
            for cell in cells
            if isinstance(cell, int | float) and not isinstance(cell, bool)
        ]
        if any(shape.times > 1 for shape in shapes):
            return False
        values += map(self._number, shapes)
        values = [value for value in values if value > 0]
        return (
            len(values) > 1
            and max(values) < 1000
            and median(values) < 100
            and any(value != int(value) for value in values)
            and all(value * 1000 == int(value * 1000) for value in values)
        )


def _multiplied(cell: CellValue) -> bool:
    shape = _shape(cell) if isinstance(cell, str) else None
    return shape is not None and shape.times > 1


def _shape(text: str) -> _Shape | None:
    """Take a money text apart; None where it is no amount."""
    if len(text) > 40:
        return None
    lowered = text.strip().lower().replace("\xa0", " ")
    bracketed = lowered.startswith("(") and lowered.endswith(")")
    found = _MONEY.fullmatch(lowered[1:-1].strip() if bracketed else lowered)
    if found is None or not found["number"].isascii():
        return None
    number = re.sub("[ ']", "", found["number"]).rstrip(".,")
    negative = bracketed or bool(found["sign"] or found["minus"])
    parts = _parts(number)
    times = _TIMES.get(found["times"] or "", 1)
    return None if parts is None else _Shape(*parts, times, negative)


def _parts(number: str) -> tuple[str, str, str, str, bool] | None:
    """Split at the last mark: left, mark, right, the thousands mark on the left, several alike."""
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return number, "", "", "", False
    mark = number[last]
    other = "," if mark == "." else "."
    left, right = number[:last], number[last + 1 :]
    if mark in left:
        # 1.250.000: thousands throughout, or nonsense.
        groups = number.split(mark)
        if other in number or any(len(group) != 3 for group in groups[1:]):
            return None
        return "".join(groups[:-1]), mark, right, "", True
    if other in left:
        groups = left.split(other)
        if any(len(group) != 3 for group in groups[1:]):
            return None
        return "".join(groups), mark, right, other, False
    return left, mark, right, "", False


def _marks_before_three_decimals(shapes: list[_Shape]) -> frozenset[str]:
    """Find a mark that stands before three decimals (2300.000) and never between thousands."""
    decimals = {
        s.mark
        for s in shapes
        if s.mark and not s.several and len(s.right) == 3 and len(s.left) > 3 and not s.thousands
    }
    thousands = {s.mark for s in shapes if s.several} | {s.thousands for s in shapes}
    return frozenset(decimals - thousands)
