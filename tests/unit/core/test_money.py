"""Rupiah: splitting, rounding, reading and writing."""

from __future__ import annotations

import pytest

from core.errors import Refused
from core.money import (
    AmountTooLarge,
    BadAmount,
    RoundingMode,
    allocate,
    format_rupiah,
    parse_rupiah,
    percent,
    round_cash,
    share,
)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (10, [1, 2, 3], [2, 3, 5]),
        (1, [1, 3], [0, 1]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (7, [0, 5, 0], [0, 7, 0]),
        (7, [0, 0], [7, 0]),
        (0, [], []),
    ],
)
def test_allocates_by_largest_remainder(total: int, weights: list[int], parts: list[int]) -> None:
    assert allocate(total, weights) == parts


@pytest.mark.parametrize(("total", "weights"), [(1, []), (-1, []), (1, [2, -1])])
def test_allocating_to_nobody_or_by_a_negative_weight_is_a_bug(
    total: int, weights: list[int]
) -> None:
    with pytest.raises(ValueError, match=r"weights|nobody"):
        allocate(total, weights)


@pytest.mark.parametrize(
    ("total", "part", "whole", "expected"),
    [
        (1, 1, 2, 1),
        (-1, 1, 2, -1),
        (1, -1, 2, -1),
        (-1, -1, 2, 1),
        (1, 1, -2, -1),
        (10, 1, 3, 3),
        (20, 1, 3, 7),
        (0, 5, 7, 0),
    ],
)
def test_share_rounds_half_away_from_zero(total: int, part: int, whole: int, expected: int) -> None:
    assert share(total, part, whole) == expected


def test_percent_counts_basis_points() -> None:
    assert percent(15_000, 1_000) == 1_500
    assert percent(50, 100) == 1
    assert percent(49, 100) == 0
    assert percent(-50, 100) == -1


@pytest.mark.parametrize(
    ("amount", "step", "mode", "rounded"),
    [
        (12_765, 100, "nearest", 12_800),
        (12_750, 100, "nearest", 12_700),
        (12_735, 100, "nearest", 12_700),
        (12_751, 100, "nearest", 12_800),
        (12_799, 100, "down", 12_700),
        (12_701, 100, "up", 12_800),
        (12_700, 100, "up", 12_700),
        (12_250, 500, "nearest", 12_000),
        (12_251, 500, "nearest", 12_500),
        (-12_765, 100, "nearest", -12_800),
        (-12_750, 100, "nearest", -12_700),
        (-12_701, 100, "up", -12_800),
        (12_765, 0, "nearest", 12_765),
        (12_765, 1, "up", 12_765),
    ],
)
def test_cash_rounding(amount: int, step: int, mode: RoundingMode, rounded: int) -> None:
    assert round_cash(amount, step, mode) == rounded


def test_writes_rupiah_with_dots() -> None:
    assert format_rupiah(72_500) == "Rp 72.500"
    assert format_rupiah(-72_500) == "-Rp 72.500"
    assert format_rupiah(72_500, symbol=False) == "72.500"
    assert format_rupiah(-1_250_000, symbol=False) == "-1.250.000"
    assert format_rupiah(0) == "Rp 0"


@pytest.mark.parametrize(
    "text",
    [
        "12500",
        "12.500",
        "12,500",
        "12 500",
        "Rp12.500,-",
        "Rp 12.500",
        "rp. 12.500",
        "IDR 12,500",
        "12.500,00",
        "12,500.00",
        "12500,00",
        "12500.0",
        "12.500,-",
        "12.500 ,-",
        "12,5rb",
        "12.5k",
        "12,5 ribu",
        "  12.500\u00a0",
        "Rp\u00a012.500",
        "0,0125jt",
    ],
)
def test_reads_twelve_and_a_half_thousand(text: str) -> None:
    assert parse_rupiah(text) == 12_500


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12k", 12_000),
        ("12rb", 12_000),
        ("50RB", 50_000),
        ("1,2jt", 1_200_000),
        ("1.250rb", 1_250_000),
        ("1,250jt", 1_250_000),
        ("2 juta", 2_000_000),
        ("1.250.000,00", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("1.500", 1_500),
        ("12.00", 12),
        ("0", 0),
        ("0,00", 0),
        ("-12.500", -12_500),
        ("-Rp 12.500", -12_500),
        ("Rp -12.500", -12_500),
        ("\u221212.500", -12_500),
        ("9.999.999.999.999", 9_999_999_999_999),
    ],
)
def test_reads_short_forms_signs_and_zeros(text: str, amount: int) -> None:
    assert parse_rupiah(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "Rp",
        "rb",
        "abc",
        "12,5",
        "12.50",
        "1.2345",
        "12.50.000",
        "1.250,000",
        "1.250,000.00",
        "0.500",
        "12.500.00.000",
        "1,2345rb",
        "--5",
        "-Rp -5",
        "5 rb rb",
        "12.500,-rb",
        "12 50",
        "1e6",
        "\u0661\u0662\u0663",
        "12.500x",
        "USD 5",
        "9" * 41,
    ],
)
def test_refuses_what_is_no_whole_amount(text: str) -> None:
    with pytest.raises(BadAmount) as refused:
        parse_rupiah(text)
    assert refused.value.code == "bad_amount"
    assert refused.value.details == {"text": text}


@pytest.mark.parametrize(
    "text", ["10000000000000", "10.000.000.000.000", "99999999jt", "-10000000000000"]
)
def test_refuses_more_than_thirteen_digits(text: str) -> None:
    with pytest.raises(AmountTooLarge) as refused:
        parse_rupiah(text)
    assert refused.value.code == "amount_too_large"
    assert refused.value.details == {"text": text, "digits": 13}
    assert isinstance(refused.value, Refused)
