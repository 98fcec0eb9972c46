"""What must hold for any rupiah."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    BadAmount,
    RoundingMode,
    allocate,
    format_rupiah,
    parse_rupiah,
    round_cash,
    share,
)

AMOUNTS = st.integers(-(10**13) + 1, 10**13 - 1)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)
MODES = st.sampled_from(["down", "nearest", "up"])


@given(AMOUNTS, WEIGHTS)
def test_parts_sum_to_the_whole_and_lie_within_one_of_exact(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - Fraction(total * weight, whole)) < 1


@given(AMOUNTS, WEIGHTS)
def test_a_negative_total_mirrors(total: int, weights: list[int]) -> None:
    assert allocate(-total, weights) == [-part for part in allocate(total, weights)]


@given(st.integers(0, 10**9), st.integers(1, 10**6), st.integers(1, 30))
def test_equal_weights_favour_the_first(total: int, weight: int, count: int) -> None:
    parts = allocate(total, [weight] * count)
    assert parts == sorted(parts, reverse=True)


@given(AMOUNTS, st.integers(-(10**6), 10**6), st.integers(1, 10**6))
def test_a_share_is_within_half_a_rupiah_and_odd(total: int, part: int, whole: int) -> None:
    shared = share(total, part, whole)
    assert abs(shared - Fraction(total * part, whole)) <= Fraction(1, 2)
    assert share(-total, part, whole) == -shared == share(total, part, -whole)


@given(AMOUNTS, st.sampled_from([0, 1, 50, 100, 500, 1_000]), MODES)
def test_cash_rounding(amount: int, step: int, mode: RoundingMode) -> None:
    rounded = round_cash(amount, step, mode)
    grid = max(step, 1)
    assert rounded % grid == 0
    assert abs(rounded - amount) < grid
    assert round_cash(rounded, step, mode) == rounded
    assert round_cash(-amount, step, mode) == -rounded
    if mode == "nearest":
        assert 2 * abs(rounded - amount) <= grid
    elif mode == "down":
        assert abs(rounded) <= abs(amount)
    else:
        assert abs(rounded) >= abs(amount)


@given(AMOUNTS, st.booleans())
def test_what_is_written_is_read_back(amount: int, symbol: bool) -> None:
    assert parse_rupiah(format_rupiah(amount, symbol=symbol)) == amount
    assert parse_rupiah(f"{amount:,}.00") == amount
    assert parse_rupiah(str(amount)) == amount


@given(st.text(alphabet="0123456789.,- Rprbkjt=", max_size=30) | st.text(max_size=60))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        amount = parse_rupiah(text)
    except BadAmount as refused:
        assert refused.details["text"] == text
    else:
        assert abs(amount) < 10**13
        assert parse_rupiah(format_rupiah(amount)) == amount


@given(st.integers(1, 10**6), st.integers(1, 999))
def test_a_fraction_of_a_rupiah_is_never_rounded_away(whole: int, thousandths: int) -> None:
    fraction = f"{thousandths:03}".rstrip("0")
    if len(fraction) < 3:
        with pytest.raises(BadAmount):
            parse_rupiah(f"{whole},{fraction}")
