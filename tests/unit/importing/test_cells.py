"""Barcodes, quantities and texts as they stand in single cells."""

from __future__ import annotations

import pytest

from core.barcode import normal_form
from pos.importing.cells import (
    is_placeholder,
    looks_like_barcode,
    never_counted,
    read_barcodes,
    read_quantity,
    says_clear,
    says_nothing,
    text_of,
    zeros_survived,
)
from pos.importing.model import CellValue

INDOMIE = normal_form("089686010015")
AGAR = normal_form("8992705012100")


@pytest.mark.parametrize(
    ("cell", "barcodes"),
    [
        (89686010015.0, (INDOMIE,)),
        (89686010015, (INDOMIE,)),
        ("089686010015", (INDOMIE,)),
        ("0089686010015", (INDOMIE,)),
        ("'089686010015", (INDOMIE,)),
        (",089686010015", (INDOMIE,)),
        (" 0896 8601 0015 ", (INDOMIE,)),
        ("089686010015.0", (INDOMIE,)),
        ("89686010015", (INDOMIE,)),
        (8992705012100.0, (AGAR,)),
        ("8992705012100,00", (AGAR,)),
        ("8.992705012100E+12", (AGAR,)),
        ("089686010015; 8992705012100", (INDOMIE, AGAR)),
        ("089686010015/8992705012100", (INDOMIE, AGAR)),
        ("089686010015\n089686010015", (INDOMIE,)),
        ("alk00012", ("ALK00012",)),
        ("2100000092277", (normal_form("2100000092277"),)),
        ("(01)08997002882302(10)B26771", (normal_form("8997002882302"),)),
        ("0108997002882302211000063210958310B2677100217240131", (normal_form("8997002882302"),)),
        (763123610.0, ("763123610",)),
    ],
)
def test_a_barcode_in_any_dress(cell: CellValue, barcodes: tuple[str, ...]) -> None:
    assert read_barcodes(cell, restore_text=True) == (barcodes, None, None)


@pytest.mark.parametrize("cell", [None, "", "-", "0", 0, 0.0, "none", "NULL", "tidak ada", "--"])
def test_no_barcode(cell: CellValue) -> None:
    assert read_barcodes(cell, restore_text=True) == ((), None, None)


@pytest.mark.parametrize(
    "cell",
    [
        "8.99271E+12",
        "8,99271E+12",
        "9.00000E+12",
        "8.99E+12",
        "9e12",
        8992710000000.0,
        "8992710000000",
        "899…",
        "8992705...",
        "########",
        1e20,
    ],
)
def test_lost_digits_are_refused_never_guessed(cell: CellValue) -> None:
    assert read_barcodes(cell, restore_text=True) == ((), "barcode_lost_digits", None)


@pytest.mark.parametrize(
    "cell", ["0000000000", "1111", 1111111111, "123456789123", "987654321234", "12345678"]
)
def test_a_placeholder_is_dropped_with_a_warning(cell: CellValue) -> None:
    assert read_barcodes(cell, restore_text=True) == ((), None, "barcode_placeholder")


@pytest.mark.parametrize("code", ["8992705012100", "763123610", "12348765", "001122334455", "12"])
def test_an_invented_number_that_tells_goods_apart_is_kept(code: str) -> None:
    assert not is_placeholder(code)


def test_a_wrong_check_digit_is_kept_and_warned() -> None:
    assert read_barcodes("8992705012101", True) == (
        ("8992705012101",),
        None,
        "barcode_check_digit",
    )


def test_a_code_of_one_batch_is_kept_and_warned() -> None:
    shown = "(90)GBL1809611063A1(91)241017"
    assert read_barcodes(shown, True) == ((shown,), None, "barcode_of_one_batch")


@pytest.mark.parametrize("cell", [12.5, -5.0, True, "A" * 81])
def test_what_is_no_barcode_is_dropped_with_a_warning(cell: CellValue) -> None:
    assert read_barcodes(cell, True) == ((), None, "barcode_unreadable")


def test_zeros_come_back_only_where_they_can_have_been_lost() -> None:
    assert zeros_survived(["'0123", "899"]) and not zeros_survived(["899", 12.0, None])
    assert read_barcodes("89686010015", restore_text=False).barcodes == ("89686010015",)
    assert read_barcodes(89686010015.0, restore_text=False).barcodes == (INDOMIE,)


def test_zeros_come_back_only_where_the_check_digit_then_fits() -> None:
    assert read_barcodes(89686010016.0, True).barcodes == ("89686010016",)


def test_several_barcodes_with_one_that_lost_digits_refuse_the_row() -> None:
    assert read_barcodes("8992705012100;8992710000000", True).refused == "barcode_lost_digits"


@pytest.mark.parametrize(
    ("cell", "looks"),
    [
        ("8992705012100", True),
        (8992705012100.0, True),
        ("8.99E+12", True),
        ("A001", False),
        ("12", False),
        (12, False),
        (None, False),
        (True, False),
    ],
)
def test_what_looks_like_a_barcode(cell: CellValue, looks: bool) -> None:
    assert looks_like_barcode(cell) is looks


@pytest.mark.parametrize(
    ("cell", "measured", "thousandths", "unit"),
    [
        ("12,5", True, 12_500, None),
        (12.5, True, 12_500, None),
        (40.0, False, 40_000, None),
        ("9999", False, 9_999_000, None),
        ("2 dus", False, 2_000, "dus"),
        ("2 Ktn.", False, 2_000, "dus"),
        ("3pcs", False, 3_000, "pcs"),
        ("1.250", False, 1_250_000, None),
        ("0", False, 0, None),
    ],
)
def test_a_quantity(cell: CellValue, measured: bool, thousandths: int, unit: str | None) -> None:
    assert read_quantity(cell, measured) == (thousandths, unit, None)


@pytest.mark.parametrize(
    ("cell", "measured", "reason"),
    [
        ("-3", False, "negative"),
        (-3.0, False, "negative"),
        ("banyak", False, "unreadable"),
        ("01/02/2025", False, "unreadable"),
        (8992705012100.0, False, "unreadable"),
        ("1,2,3", False, "unreadable"),
        (1e308, False, "unreadable"),
        ("1.000.000", True, "unreadable"),
        ("1.250", True, "unsure"),
        ("12,5", False, "unsure"),
    ],
)
def test_a_doubtful_quantity(cell: CellValue, measured: bool, reason: str) -> None:
    assert read_quantity(cell, measured).reason == reason


def test_a_blank_quantity_says_nothing() -> None:
    assert read_quantity(None, False) == read_quantity("-", False) == (None, None, None)


def test_nines_mean_never_counted() -> None:
    assert never_counted(9_999_000) and never_counted(99_999_000)
    assert not never_counted(999_000) and not never_counted(9_998_000)
    assert not never_counted(9_999_500)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("  Café   Luwak ", "Café Luwak"),
        ("Flu&amp;Batuk", "Flu&Batuk"),
        (7.0, "7"),
        (7.5, "7.5"),
        ("a\x00b\nc", "ab c"),
    ],
)
def test_text(cell: CellValue, text: str) -> None:
    assert text_of(cell) == text


def test_words_for_none_and_for_clearing() -> None:
    assert says_nothing("-") and says_nothing("0") and says_nothing(0.0)
    assert not says_nothing("00") and not says_nothing("A")
    assert says_clear("HAPUS", dash_clears=False)
    assert says_clear("-", dash_clears=True) and not says_clear("-", dash_clears=False)
    assert not says_clear(None, dash_clears=True)
