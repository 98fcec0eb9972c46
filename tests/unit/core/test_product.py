"""What a product may be, for counter and web alike."""

from __future__ import annotations

import msgspec
import pytest

from core.facts.catalog import BarcodeRecord, ProductRecord, TierRecord, UnitRecord
from core.product import Fault, faults, in_order, tidy

GOOD = ProductRecord(
    b"id", " A1 ", "  Mi   goreng ", "Mi", "", "Bks.", 3_500, 2_900,
    units=(UnitRecord("Karton", 40, 130_000), UnitRecord("pack", 5)),
    barcodes=(BarcodeRecord("8998866200318", "karton"), BarcodeRecord("8998866200301", "")),
    tiers=(TierRecord(20_000, 3_200), TierRecord(10_000, 3_300)),
)  # fmt: skip


def test_what_people_write_is_brought_into_its_normal_form() -> None:
    record = tidy(GOOD)
    assert (record.code, record.name, record.unit) == ("A1", "Mi goreng", "bungkus")
    assert [unit.unit for unit in record.units] == ["dus", "pak"]
    assert record.barcodes == (
        BarcodeRecord("08998866200301", "bungkus"),
        BarcodeRecord("08998866200318", "dus"),
    )
    assert faults(record) == []
    kept = in_order(record)
    assert [unit.factor for unit in kept.units] == [5, 40]
    assert [tier.min_qty for tier in kept.tiers] == [10_000, 20_000]
    assert tidy(kept) == kept and in_order(kept) == kept


def test_goods_without_a_unit_are_pieces_and_measured_ones_may_be_parted() -> None:
    assert tidy(msgspec.structs.replace(GOOD, unit=" ")).unit == "pcs"
    assert tidy(msgspec.structs.replace(GOOD, unit="kilo")).fractional
    assert not tidy(GOOD).fractional


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": " "}, Fault("name_empty", "name")),
        ({"name": "a" * 201}, Fault("name_long", "name")),
        ({"brand": "a" * 201}, Fault("text_long", "brand")),
        ({"online": True, "category": "Rokok"}, Fault("online_tobacco", "online")),
        ({"online": True, "category": "obat keras (K)"}, Fault("online_medicine", "online")),
        ({"online": True, "category": "Minuman beralkohol"}, Fault("online_alcohol", "online")),
        ({"price": -1}, Fault("price_range", "price")),
        ({"price": 10_000_000_000}, Fault("price_range", "price")),
        ({"cost": -1}, Fault("cost_range", "cost")),
        ({"units": (UnitRecord("", 2),)}, Fault("unit_empty", "units", 0, "unit")),
        ({"units": (UnitRecord("bks", 2),)}, Fault("unit_twice", "units", 0, "unit")),
        (
            {"units": (UnitRecord("dus", 2), UnitRecord("karton", 3))},
            Fault("unit_twice", "units", 1, "unit"),
        ),
        ({"units": (UnitRecord("dus", 0),)}, Fault("factor_range", "units", 0, "factor")),
        ({"units": (UnitRecord("dus", 1_000_001),)}, Fault("factor_range", "units", 0, "factor")),
        ({"units": (UnitRecord("dus", 2, -1),)}, Fault("price_range", "units", 0, "price")),
        ({"tiers": (TierRecord(0, 1),)}, Fault("tier_range", "tiers", 0, "min_qty")),
        (
            {"tiers": (TierRecord(5, 1), TierRecord(5, 2))},
            Fault("tier_range", "tiers", 1, "min_qty"),
        ),
        ({"tiers": (TierRecord(5, -1),)}, Fault("price_range", "tiers", 0, "price")),
        ({"tax_class": "lain"}, Fault("tax_class", "tax_class")),
        ({"min_stock": -1}, Fault("stock_range", "min_stock")),
        ({"picture": b"kurang"}, Fault("picture", "picture")),
        (
            {"barcodes": (BarcodeRecord("1", "krat"),)},
            Fault("barcode_unit", "barcodes", 0, "unit"),
        ),
    ],
)
def test_each_rule_names_its_field(change: dict[str, object], fault: Fault) -> None:
    plain = msgspec.structs.replace(GOOD, barcodes=())
    record = tidy(msgspec.structs.replace(plain, **change))
    assert faults(record) == [fault]
