"""Prices as shops write them, read by a decision for the whole column."""

from __future__ import annotations

import pytest

from pos.importing.model import CellValue
from pos.importing.money_column import MAX_RUPIAH, MoneyColumn


def read(cell: CellValue, *others: CellValue) -> tuple[int | None, str | None]:
    reading = MoneyColumn((cell, *others)).read(cell)
    return reading.rupiah, reading.reason


@pytest.mark.parametrize(
    ("cell", "rupiah"),
    [
        ("Rp 12.500", 12_500),
        ("Rp12.500,-", 12_500),
        ("Rp. 12.500", 12_500),
        ("12.500,-", 12_500),
        ("2.500,-", 2_500),
        ("12,500.00", 12_500),
        ("12.500,00", 12_500),
        ("12,500", 12_500),
        ("12.500", 12_500),
        ("2300,00", 2_300),
        ("2300.00", 2_300),
        ("1.250.000", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("Rp 1.250.000.000", 1_250_000_000),
        ("12,5rb", 12_500),
        ("12.5k", 12_500),
        ("12rb", 12_000),
        ("1,2jt", 1_200_000),
        ("15 ribu", 15_000),
        ("06000", 6_000),
        ("IDR 5000", 5_000),
        ("5000 rupiah", 5_000),
        ("2.500/pcs", 2_500),
        ("12 500", 12_500),
        ("12\xa0500", 12_500),
        (12_500, 12_500),
        (12_500.0, 12_500),
        (0, 0),
        ("1", 1),
    ],
)
def test_an_amount_alone(cell: CellValue, rupiah: int) -> None:
    assert read(cell) == (rupiah, None)


@pytest.mark.parametrize("cell", [None, "", "-", "none", "Rp", "Rp -", "n/a", "kosong"])
def test_nothing(cell: CellValue) -> None:
    value, reason = read(cell)
    assert value is None
    assert reason in (None, "money_unreadable") if cell == "Rp -" else reason is None


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("tanya dulu", "money_unreadable"),
        ("01/02/2025", "money_unreadable"),
        ("1.2.3", "money_unreadable"),
        ("1,25,000", "money_unreadable"),
        ("9" * 60, "money_unreadable"),
        ("٣٤٥", "money_unreadable"),
        (True, "money_unreadable"),
        ("-5000", "money_negative"),
        ("Rp -5.000", "money_negative"),
        ("(5.000)", "money_negative"),
        (-1, "money_negative"),
        (8_992_761_002_015, "money_too_large"),
        ("8992761002015", "money_too_large"),
    ],
)
def test_no_amount_is_named_and_never_guessed(cell: CellValue, reason: str) -> None:
    assert read(cell) == (None, reason)


def test_the_limit_itself_is_taken() -> None:
    assert read(MAX_RUPIAH) == (MAX_RUPIAH, None)


def test_a_fraction_of_a_rupiah_is_rounded_and_said() -> None:
    assert read(1933.5, 20_000) == (1_934, "money_rounded")
    assert read("1933,33", 20_000) == (1_933, "money_rounded")


def test_marks_of_both_kinds_in_one_column_are_read_each_by_its_own_evidence() -> None:
    column = MoneyColumn(["2,500", "2,500.00", 2500.0, "2.500,-", "Rp 2.300"])
    assert [column.read(c).rupiah for c in ("2,500", "2,500.00", 2500.0, "2.500,-")] == [2500] * 4


def test_three_decimals_throughout_a_column_are_decimals() -> None:
    column = MoneyColumn(["2300.000", "12500.000", "9.500"])
    assert column.read("2300.000").rupiah == 2_300
    assert column.read("9.500") == (10, "money_rounded")


def test_without_that_evidence_the_same_cell_is_thousands() -> None:
    assert MoneyColumn(["9.500", "12500"]).read("9.500").rupiah == 9_500


def test_thousands_that_a_program_took_for_decimals_come_back() -> None:
    column = MoneyColumn([2.5, 12.5, 3.0, 15.75, "7.25"])
    assert [column.read(c).rupiah for c in (2.5, 3.0, 15.75, "7.25")] == [2500, 3000, 15_750, 7250]


def test_a_round_hundred_in_such_a_column_is_taken_as_it_is_and_doubted() -> None:
    column = MoneyColumn([2.5, 12.5, 3.0, 4.5, 500.0])
    assert column.read(500.0) == (500, "money_unsure")


def test_real_rupiah_are_not_multiplied() -> None:
    column = MoneyColumn([425.5, 500, 1500, 23_000])
    assert column.read(425.5) == (426, "money_rounded")
    assert MoneyColumn([1, 0]).read(1).rupiah == 1
