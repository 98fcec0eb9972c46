"""A product's record from what a form holds, without widgets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from core.facts.catalog import BarcodeRecord, ProductRecord, TierRecord, UnitRecord
from core.units import normal_unit
from pos.catalog.products import BadProduct

NEW = ProductRecord(b"", "", "", "", "", "pcs", 0)


class Written(NamedTuple):
    """What stands in the form. Rupiah; thousandths; None where a field is empty."""

    name: str
    code: str
    category: str
    brand: str
    unit: str
    price: int | None
    cost: int | None
    tax_class: str
    min_stock: int | None
    favourite: bool
    barcodes: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, int | None, int | None]]
    tiers: Sequence[tuple[int | None, int | None]]
    picture: bytes = b""
    online: bool = False
    halal: str = ""


def record_of(old: ProductRecord, written: Written, *, with_cost: bool) -> ProductRecord:
    """The product as the form says; without `with_cost` its cost stays what it was.

    Raises:
        BadProduct: a price is missing, a unit's factor is not whole, a tier is half written.
    """
    if written.price is None:
        raise BadProduct(why="price_range")
    base = normal_unit(written.unit) or "pcs"
    return msgspec.structs.replace(
        old,
        code=written.code,
        name=written.name,
        category=written.category,
        brand=written.brand,
        unit=base,
        price=written.price,
        cost=written.cost if with_cost else old.cost,
        tax_class=written.tax_class,
        min_stock=written.min_stock or 0,
        favourite=written.favourite,
        barcodes=tuple(
            BarcodeRecord(code, unit.strip() or base) for code, unit in written.barcodes
        ),
        units=tuple(_unit(*one) for one in written.units),
        tiers=tuple(_tier(*one) for one in written.tiers),
        picture=written.picture,
        online=written.online,
        halal=written.halal,
    )


def _unit(name: str, factor: int | None, price: int | None) -> UnitRecord:
    if factor is None or factor % 1000:
        raise BadProduct(why="factor_range")
    return UnitRecord(name, factor // 1000, price)


def _tier(min_qty: int | None, price: int | None) -> TierRecord:
    if min_qty is None or price is None:
        raise BadProduct(why="tier_range")
    return TierRecord(min_qty, price)
