"""What a product may be: normal forms of what people write, and the rules that it must keep.

Counter and owner's pages ask here, so that both take and refuse the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from core.cart import MAX_PRICE
from core.facts.catalog import BarcodeRecord, ProductRecord, UnitRecord
from core.gtin import normal_form
from core.halal import is_halal, tidy_halal
from core.online import kept_offline
from core.tax import TAX_CLASSES
from core.text import clean_name
from core.units import is_measured, normal_unit

MAX_FACTOR: Final = 1_000_000
MAX_QUANTITY: Final = 999_999_999
"""Thousandths; the counter takes six digits before the mark."""
MOST_LETTERS: Final = 200
USUAL_UNIT: Final = "pcs"
_HASH_BYTES: Final = 32
_TEXTS: Final = ("code", "category", "brand")


class Fault(NamedTuple):
    """A rule that a record breaks. `at` and `part` name the line of a list and the field in it."""

    why: str
    field: str
    at: int = -1
    part: str = ""


def tidy(record: ProductRecord) -> ProductRecord:
    """The record with blanks, units and barcodes in their normal forms; lists keep their order."""
    unit = normal_unit(record.unit) or USUAL_UNIT
    return msgspec.structs.replace(
        record,
        code=clean_name(record.code),
        name=clean_name(record.name),
        category=clean_name(record.category),
        brand=clean_name(record.brand),
        unit=unit,
        fractional=record.fractional or is_measured(unit),
        units=tuple(
            UnitRecord(normal_unit(item.unit), item.factor, item.price) for item in record.units
        ),
        barcodes=_tidy_barcodes(record.barcodes, unit),
        halal=tidy_halal(record.halal),
    )


def _tidy_barcodes(codes: Sequence[BarcodeRecord], unit: str) -> tuple[BarcodeRecord, ...]:
    unique: dict[str, BarcodeRecord] = {}
    for item in codes:
        code = normal_form(item.code)
        if code:
            unique[code] = BarcodeRecord(code, normal_unit(item.unit) or unit)
    return tuple(unique[code] for code in sorted(unique))


def in_order(record: ProductRecord) -> ProductRecord:
    """The record with its units by content and its tiers by quantity, as they are kept."""
    return msgspec.structs.replace(
        record,
        units=tuple(sorted(record.units, key=lambda unit: unit.factor)),
        tiers=tuple(sorted(record.tiers, key=lambda tier: tier.min_qty)),
    )


def faults(record: ProductRecord) -> list[Fault]:
    """The rules that a tidy record breaks, the gravest first; empty where it may be kept."""
    return [*_own_faults(record), *_unit_faults(record), *_tier_faults(record), *_rest(record)]


def _own_faults(record: ProductRecord) -> Iterator[Fault]:
    if not record.name:
        yield Fault("name_empty", "name")
    if len(record.name) > MOST_LETTERS:
        yield Fault("name_long", "name")
    for name in _TEXTS:
        if len(getattr(record, name)) > MOST_LETTERS:
            yield Fault("text_long", name)
    if not _is_price(record.price):
        yield Fault("price_range", "price")
    if not _is_price(record.cost or 0):
        yield Fault("cost_range", "cost")


def _unit_faults(record: ProductRecord) -> Iterator[Fault]:
    seen = {record.unit}
    if len(record.unit) > MOST_LETTERS:
        yield Fault("text_long", "unit")
    for at, unit in enumerate(record.units):
        if not unit.unit:
            yield Fault("unit_empty", "units", at, "unit")
        elif unit.unit in seen:
            yield Fault("unit_twice", "units", at, "unit")
        elif len(unit.unit) > MOST_LETTERS:
            yield Fault("text_long", "units", at, "unit")
        seen.add(unit.unit)
        if not 1 <= unit.factor <= MAX_FACTOR:
            yield Fault("factor_range", "units", at, "factor")
        if not _is_price(unit.price or 0):
            yield Fault("price_range", "units", at, "price")


def _tier_faults(record: ProductRecord) -> Iterator[Fault]:
    seen: set[int] = set()
    for at, tier in enumerate(record.tiers):
        if tier.min_qty <= 0 or tier.min_qty in seen:
            yield Fault("tier_range", "tiers", at, "min_qty")
        seen.add(tier.min_qty)
        if not _is_price(tier.price):
            yield Fault("price_range", "tiers", at, "price")


def _rest(record: ProductRecord) -> Iterator[Fault]:
    names = {record.unit, *(unit.unit for unit in record.units)}
    if record.tax_class not in TAX_CLASSES:
        yield Fault("tax_class", "tax_class")
    for at, code in enumerate(record.barcodes):
        if len(code.code) > MOST_LETTERS:
            yield Fault("text_long", "barcodes", at, "code")
        if code.unit not in names:
            yield Fault("barcode_unit", "barcodes", at, "unit")
    if not 0 <= record.min_stock <= MAX_QUANTITY:
        yield Fault("stock_range", "min_stock")
    if len(record.picture) not in (0, _HASH_BYTES):
        yield Fault("picture", "picture")
    if not is_halal(record.halal):
        yield Fault("halal", "halal")
    why = kept_offline(record.category, record.name) if record.online else ""
    if why:
        yield Fault(f"online_{why}", "online")


def _is_price(amount: int) -> bool:
    return 0 <= amount <= MAX_PRICE
