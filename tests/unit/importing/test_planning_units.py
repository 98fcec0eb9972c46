"""Planning an import: further units, tiers, and how they meet what the shop has."""

from __future__ import annotations

import pytest

from core.barcode import normal_form
from pos.importing.model import (
    CellValue,
    ImportedTier,
    ImportedUnit,
)
from tests.unit.importing.shop import Shop, codes, planned, product

HEAD = ("Barcode", "Kode", "Nama", "Satuan", "Harga Beli", "Harga Jual", "Stok", "Kategori")
INDOMIE = "089686010015"
AGAR = "8992705012100"
BIMOLI = "8992628022156"


def goods(
    name: str | None,
    *,
    barcode: CellValue = None,
    code: CellValue = None,
    unit: CellValue = "pcs",
    cost: CellValue = None,
    price: CellValue = 5_000.0,
    stock: CellValue = None,
    category: CellValue = None,
) -> tuple[CellValue, ...]:
    return (barcode, code, name, unit, cost, price, stock, category)


UNITS = ("Nama", "Satuan", "Harga", "Satuan 2", "Isi", "Harga Dus", "Barcode Dus", "Stok")


def test_a_buying_unit_with_factor_price_and_barcode() -> None:
    [row] = planned(UNITS, ("Mie", "pcs", 3000.0, "Karton", 40.0, 110000.0, AGAR, "2 dus")).rows
    assert row.item is not None
    assert row.item.units == (ImportedUnit("dus", 40, 110_000, normal_form(AGAR)),)
    assert row.item.stock == 80_000


@pytest.mark.parametrize(
    ("unit", "second", "factor", "reason"),
    [
        ("pcs", "dus", None, ["unit_without_factor"]),
        ("pcs", "dus", 0.0, ["unit_without_factor"]),
        ("pcs", "dus", 1.0, ["unit_without_factor"]),
        ("pcs", "dus", "2,5", ["unit_without_factor"]),
        ("pcs", "pcs", 25.0, ["unit_same"]),
        ("pcs", "pcs", 0.0, []),
        ("strip", "pcs", 10.0, ["unit_smaller"]),
    ],
)
def test_a_further_unit_that_cannot_be(
    unit: str, second: str, factor: CellValue, reason: list[str]
) -> None:
    [row] = planned(UNITS, ("A", unit, 3000.0, second, factor, None, None, None)).rows
    assert row.action == "new" and row.item is not None
    assert (row.item.units, codes(row)) == ((), reason)


def test_units_of_the_shop_are_kept_and_added_to() -> None:
    old = product(
        "Mie", price=3_000, units=(ImportedUnit("pak", 5), ImportedUnit("dus", 40, 1, "D"))
    )
    [row] = planned(UNITS, ("Mie", None, None, "dus", 48.0, 2.0, None, None), shop=Shop(old)).rows
    [change] = row.changes
    assert change.new == (ImportedUnit("pak", 5), ImportedUnit("dus", 48, 2, "D"))
    assert codes(row) == ["factor_changed"]


def test_a_barcode_of_a_unit_used_twice_in_the_file() -> None:
    first = ("Mie", "pcs", 3000.0, "dus", 40.0, None, AGAR, None)
    second = ("Teh", "pcs", 3000.0, "dus", 40.0, None, AGAR, None)
    assert codes(planned(UNITS, first, second).rows[1]) == ["duplicate_in_file"]


TIERS = ("Nama", "Harga", "Harga Grosir", "Min Grosir")


@pytest.mark.parametrize(
    ("wholesale", "quantity", "tiers", "reason"),
    [
        (2_800.0, 10.0, (ImportedTier(10_000, 2_800),), []),
        (None, None, (), []),
        (2_800.0, None, (), ["wholesale_no_quantity"]),
        (3_000.0, 10.0, (), ["wholesale_not_lower"]),
        ("?", 10.0, (), ["wholesale_unreadable"]),
    ],
)
def test_the_wholesale_price(
    wholesale: CellValue, quantity: CellValue, tiers: tuple[ImportedTier, ...], reason: list[str]
) -> None:
    rows = (TIERS, ("A", 3_000.0, wholesale, quantity), ("B", 9_000.0, 8_000.0, 3.0))
    row = planned(*rows).rows[0]
    assert row.item is not None
    assert (row.item.tiers, codes(row)) == (tiers, reason)
