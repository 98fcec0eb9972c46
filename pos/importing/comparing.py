"""What a row would change in a product that the shop already has."""

from __future__ import annotations

from core.text import fold
from core.units import normal_unit
from pos.importing.model import (
    Change,
    ChangeValue,
    ExistingProduct,
    ImportedTier,
    ImportedUnit,
    ImportRow,
    Reason,
)


def changes_of(item: ImportRow, old: ExistingProduct, code_is_free: bool) -> tuple[Change, ...]:
    """List the fields in which the file differs from the shop. Never the stock.

    Barcodes, units and tiers are added to those that are there; what the file does not name
    stays. `code_is_free` is False where another product carries the code of the row.
    """
    unit_before, unit_now = normal_unit(old.unit), item.unit or normal_unit(old.unit)
    found: list[tuple[str, ChangeValue, ChangeValue]] = [
        ("name", old.name, item.name),
        ("code", old.code, item.code if item.code and code_is_free else old.code),
        (
            "category",
            old.category,
            _word(item, "category", item.category, old.category),
        ),
        ("brand", old.brand, _word(item, "brand", item.brand, old.brand)),
        ("unit", unit_before, unit_now),
        ("price", old.price, old.price if item.price is None else item.price),
        ("cost", old.cost, _number(item, "cost", item.cost, old.cost)),
        (
            "min_stock",
            old.min_stock,
            _number(item, "min_stock", item.min_stock, old.min_stock),
        ),
        ("barcodes", old.barcodes, _barcodes(item, old)),
        ("units", old.units, _units(item.units, old.units)),
        ("tiers", old.tiers, _tiers(item.tiers, old.tiers)),
    ]
    return tuple(Change(field, before, now) for field, before, now in found if before != now)


def _word(item: ImportRow, field: str, new: str | None, old: str | None) -> str | None:
    if field in item.cleared:
        return None
    if new is None or (old is not None and fold(new) == fold(old)):
        return old
    return new


def _number(item: ImportRow, field: str, new: int | None, old: int | None) -> int | None:
    if field in item.cleared:
        return None
    return old if new is None else new


def _barcodes(item: ImportRow, old: ExistingProduct) -> tuple[str, ...]:
    if "barcodes" in item.cleared:
        return ()
    of_units = {unit.barcode for unit in old.units}
    added = [code for code in item.barcodes if code not in old.barcodes and code not in of_units]
    return (*old.barcodes, *added)


def _units(
    new: tuple[ImportedUnit, ...], old: tuple[ImportedUnit, ...]
) -> tuple[ImportedUnit, ...]:
    """Lay the units of the file over those of the shop; a price or barcode not given stays."""
    if not new:
        return old
    merged = {normal_unit(unit.unit): unit for unit in old}
    for unit in new:
        before = merged.get(unit.unit)
        merged[unit.unit] = unit if before is None else _over(unit, before)
    return tuple(merged.values())


def _over(unit: ImportedUnit, before: ImportedUnit) -> ImportedUnit:
    price = before.price if unit.price is None else unit.price
    return ImportedUnit(before.unit, unit.factor, price, unit.barcode or before.barcode)


def _tiers(
    new: tuple[ImportedTier, ...], old: tuple[ImportedTier, ...]
) -> tuple[ImportedTier, ...]:
    if not new:
        return old
    merged = {tier.quantity: tier for tier in (*old, *new)}
    return old if set(merged.values()) == set(old) else tuple(merged[key] for key in sorted(merged))


def cautions_of(item: ImportRow, old: ExistingProduct, changes: tuple[Change, ...]) -> list[Reason]:
    """Name the changes that a person should look at: prices that fall, units that mean less."""
    cautions: list[Reason] = []
    for change in changes:
        if change.field == "price" and isinstance(change.new, int) and change.new * 2 < old.price:
            cautions.append(Reason("price_halved", {"old": old.price, "new": change.new}))
        elif change.field == "unit":
            cautions.append(Reason("unit_changed", {"old": old.unit, "new": str(change.new)}))
        elif change.field == "units":
            cautions += _factors_changed(item.units, old.units)
    return cautions


def _factors_changed(new: tuple[ImportedUnit, ...], old: tuple[ImportedUnit, ...]) -> list[Reason]:
    before = {normal_unit(unit.unit): unit.factor for unit in old}
    return [
        Reason("factor_changed", {"unit": u.unit, "old": before[u.unit], "new": u.factor})
        for u in new
        if before.get(u.unit, u.factor) != u.factor
    ]
