"""Headings in any order, at any row, in two languages."""

from __future__ import annotations

import pytest

from pos.importing.errors import MappingWrong, NoGoods, NoHeading
from pos.importing.headings import FIELDS, check_mapping, field_of, propose_mapping
from pos.importing.model import Mapping, Sheet, Table
from tests.unit.importing.shop import table


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Nama Barang ", "name"),
        ("NAMA_PRODUK", "name"),
        ("Item", "name"),
        ("Product Name", "name"),
        ("KODE/BARCODE", "barcode"),
        ("Bar Code", "barcode"),
        ("EAN-13", "barcode"),
        ("Kode Barang", "code"),
        ("PLU", "code"),
        ("SKU", "code"),
        ("Sat", "unit"),
        ("Satuan", "unit"),
        ("UOM", "unit"),
        ("H.Beli", "cost"),
        ("Hrg Beli", "cost"),
        ("Harga Beli (Rp)", "cost"),
        ("HPP", "cost"),
        ("Modal", "cost"),
        ("Cost", "cost"),
        ("H.Jual", "price"),
        ("hrg. jual", "price"),
        ("Harga", "price"),
        ("Selling Price", "price"),
        ("Harga Grosir", "wholesale_price"),
        ("Min. Grosir", "wholesale_quantity"),
        ("Stok", "stock"),
        ("Qty", "stock"),
        ("On Hand", "stock"),
        ("Stok Minimum", "min_stock"),
        ("Min Stock", "min_stock"),
        ("Kategori", "category"),
        ("Group", "category"),
        ("Merk", "brand"),
        ("Merek Barang", "brand"),
        ("Satuan 2", "unit2"),
        ("Isi Satuan 2", "factor2"),
        ("Harga Dus", "price2"),
        ("Barcode Dus", "barcode2"),
        ("No", None),
        ("No.", None),
        ("Kadaluarsa", None),
        ("No Batch", None),
        ("Rak", None),
        ("Keterangan", None),
        ("Harga", "price"),
        (12.0, None),
        ("Nama Barang " * 9, None),
    ],
)
def test_a_heading(heading: str, field: str | None) -> None:
    assert field_of(heading) == field


def test_headings_in_row_four_under_merged_titles() -> None:
    found = propose_mapping(
        table(
            ("TOKO SEMBAKO — DAFTAR BARANG", None, None),
            ("per 3 Februari 2019", None, None),
            (),
            ("No", "Harga", "Nama Barang"),
            (1.0, 2500.0, "Gula"),
        )
    )
    assert found == Mapping(0, 4, {"price": 1, "name": 2})


def test_headings_of_two_lines() -> None:
    found = propose_mapping(
        table(
            ("No", "Nama Barang", "Harga", None, "Stok"),
            (None, None, "Beli", "Jual", None),
            (1.0, "Gula", 15000.0, 17000.0, 3.0),
        )
    )
    assert found == Mapping(0, 2, {"name": 1, "cost": 2, "price": 3, "stock": 4})


def test_the_sheet_that_says_most() -> None:
    goods = (("Nama", "Harga", "Stok"), ("Gula", 1.0, 2.0))
    sheets = (Sheet("Petunjuk", (("Nama", "Harga"), ("a", "b"))), Sheet("Data", goods))
    assert propose_mapping(Table("f", "xlsx", sheets, "")).sheet == 1


def test_a_lone_kode_column_of_scanned_numbers_is_barcodes() -> None:
    rows = (("Kode", "Nama"), ("8992705012100", "A"), (8992705012100.0, "B"), ("ALK1", "C"))
    assert propose_mapping(table(*rows)).columns == {"barcode": 0, "name": 1}


def test_a_lone_kode_column_of_short_codes_is_codes() -> None:
    rows = (("Kode", "Nama"), ("A01", "A"), ("A02", "B"), ("8992705012100", "C"))
    assert propose_mapping(table(*rows)).columns == {"code": 0, "name": 1}


def test_kode_beside_barcode_is_code() -> None:
    rows = (("Kode", "Barcode", "Nama"), ("8992705012100", "8992705012100", "A"))
    assert propose_mapping(table(*rows)).columns == {"code": 0, "barcode": 1, "name": 2}


def test_a_list_of_names_alone() -> None:
    assert propose_mapping(table(("Nama Barang",), ("Gula",))).columns == {"name": 0}


def test_the_first_of_two_equal_headings_counts() -> None:
    assert propose_mapping(table(("Nama", "Harga", "Price"), ("A", 1.0, 2.0))).columns["price"] == 1


@pytest.mark.parametrize(
    "rows", [(("a", "b"), ("c", "d")), ((1.0, 2.0),), (("Harga", "Stok"), (1.0, 2.0)), ()]
)
def test_no_heading(rows: tuple[tuple[str, ...], ...]) -> None:
    with pytest.raises(NoHeading):
        propose_mapping(table(*rows))


def test_headings_and_nothing_below() -> None:
    with pytest.raises(NoGoods):
        propose_mapping(table(("Nama", "Harga"), (None, None)))


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        (Mapping(1, 1, {"name": 0}), "sheet"),
        (Mapping(0, 1, {"price": 1}), "name"),
        (Mapping(0, 1, {"name": 5}), "name"),
        (Mapping(0, 1, {"name": 0, "colour": 1}), "colour"),
        (Mapping(0, 1, {"name": 0, "price": -1}), "price"),
        (Mapping(0, 9, {"name": 0}), "heading_row"),
    ],
)
def test_a_mapping_by_hand_that_does_not_fit(mapping: Mapping, field: str) -> None:
    with pytest.raises(MappingWrong) as refusal:
        check_mapping(table(("Nama", "Harga"), ("A", 1.0)), mapping)
    assert refusal.value.details["field"] == field


def test_every_field_can_be_headed() -> None:
    from pos.importing.headings import _FIELD_OF

    assert set(_FIELD_OF.values()) == set(FIELDS)
