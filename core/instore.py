"""In-store EAN-13 numbers (prefixes 02 and 20-29) that carry a weight or a price.

The number itself does not say how it is divided, and no national rule was found for Indonesia:
the division is a setting of the shop (GS1 General Specifications, section 2.1.12).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from core.errors import Refused
from core.gtin import check_digit

Value = Literal["weight", "price"]
PriceCheckRule = Literal["gs1", "plain", "either"]

_PREFIXES: Final = frozenset({"02", *(str(n) for n in range(20, 30))})
_TWO_MINUS: Final = "0246891357"
_THREE: Final = "0369258147"
_FIVE_PLUS: Final = "0516273849"
_FIVE_MINUS: Final = "0594837261"


class BadCheckDigit(Refused):
    """The label was misread or misprinted: its check digit is wrong. Details: `barcode`."""

    code = "bad_check_digit"


class BadLayout(Refused):
    """A layout that no 13-digit label can have. Details: `prefix`."""

    code = "bad_layout"


@dataclass(frozen=True, slots=True)
class InStoreLayout:
    """How the labels of one prefix are divided: prefix, item, [price check], value, check.

    `unit` is what one step of the value is worth: thousandths of a kilogram for a weight (1 for
    grams), rupiah for a price (5 digits of rupiah stop at 99,999, so 10 and 100 are usual).

    Raises:
        BadLayout: the digits do not add up to 13, or the prefix is not an in-store one.
    """

    prefix: str
    item_digits: int = 5
    value: Value = "weight"
    value_digits: int = 5
    unit: int = 1
    has_price_check: bool = False
    price_check_rule: PriceCheckRule = "either"

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        total = 2 + self.item_digits + self.has_price_check + self.value_digits + 1
        fits = total == 13 and self.item_digits > 0 and self.value_digits > 0 and self.unit > 0
        checkable = not self.has_price_check or self.value_digits in (4, 5)
        if self.prefix not in _PREFIXES or not fits or not checkable:
            raise BadLayout(prefix=self.prefix)


@dataclass(frozen=True, slots=True)
class InStoreCode:
    """A label from a scale: the item's number, and thousandths of a kilogram or rupiah."""

    item: str
    weight: int | None = None
    price: int | None = None


DEFAULT_LAYOUTS: Final[tuple[InStoreLayout, ...]] = (
    InStoreLayout("20", value="weight"),
    InStoreLayout("21", value="price"),
)


def price_check_digit(value: str) -> str:
    """The GS1 price check digit for four or five digits (General Specifications, section 7.9).

    Raises:
        ValueError: there are not four or five digits.
    """
    digits = [int(d) for d in value]
    if len(digits) == 4:
        return str(3 * _products((_TWO_MINUS, _TWO_MINUS, _THREE, _FIVE_MINUS), digits) % 10)
    if len(digits) == 5:
        tables = (_FIVE_PLUS, _TWO_MINUS, _FIVE_MINUS, _FIVE_PLUS, _TWO_MINUS)
        return str(_FIVE_MINUS.index(str(-_products(tables, digits) % 10)))
    raise ValueError("a price check digit is made of four or five digits")


def _products(tables: Sequence[str], digits: Sequence[int]) -> int:
    return sum(int(table[digit]) for table, digit in zip(tables, digits, strict=True))


def read_label(digits: str, layouts: Sequence[InStoreLayout]) -> list[InStoreCode]:
    """Read an in-store label by every layout of its prefix; empty where there is none.

    Raises:
        BadCheckDigit: it is such a label, but the label's or every price's check digit is wrong.
    """
    if len(digits) not in (12, 13) or not (digits.isascii() and digits.isdigit()):
        return []
    label = digits.zfill(13)
    fitting = [layout for layout in layouts if label.startswith(layout.prefix)]
    if not fitting:
        return []
    readings = [_read(label, layout) for layout in fitting if _price_check_fits(label, layout)]
    if check_digit(label[:-1]) != label[-1] or not readings:
        raise BadCheckDigit(barcode=digits)
    return list(dict.fromkeys(readings))


def _read(label: str, layout: InStoreLayout) -> InStoreCode:
    item = label[2 : 2 + layout.item_digits]
    amount = int(_value(label, layout)) * layout.unit
    if layout.value == "weight":
        return InStoreCode(item, weight=amount)
    return InStoreCode(item, price=amount)


def _value(label: str, layout: InStoreLayout) -> str:
    return label[-1 - layout.value_digits : -1]


def _price_check_fits(label: str, layout: InStoreLayout) -> bool:
    if not layout.has_price_check:
        return True
    given, value = label[2 + layout.item_digits], _value(label, layout)
    by_gs1 = layout.price_check_rule != "plain" and given == price_check_digit(value)
    by_plain = layout.price_check_rule != "gs1" and given == check_digit(value)
    return by_gs1 or by_plain
