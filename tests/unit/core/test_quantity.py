"""Quantities in thousandths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quantity import (
    QTY,
    BadQuantity,
    NoPrice,
    ThousandsMark,
    decimal_string,
    extend,
    format_quantity,
    parse_quantity,
    parse_written,
    quantity_for,
    show_quantity,
    split_units,
)

PACKS = [("pcs", 1), ("dus", 40), ("pak", 10)]


@pytest.mark.parametrize(
    ("text", "qty"),
    [
        ("2", 2_000),
        ("0,25", 250),
        (".25", 250),
        (",5", 500),
        ("1.5", 1_500),
        ("0.250", 250),
        ("12,500", 12_500),
        (" 3 ", 3_000),
        ("0", 0),
        ("999999", 999_999_000),
    ],
)
def test_reads_both_decimal_marks(text: str, qty: int) -> None:
    assert parse_quantity(text) == qty


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "2.", "0,2500", "1.234.5", "1,000.5", "-1", "+1", "1e3", "x", "½", "٣"],
)
def test_refuses_what_is_no_quantity(text: str) -> None:
    with pytest.raises(BadQuantity) as refused:
        parse_quantity(text)
    assert refused.value.code == "bad_quantity"
    assert refused.value.details == {"text": text}


@pytest.mark.parametrize("text", ["1000000", "8991234567890", "1000000,5"])
def test_a_barcode_is_never_a_quantity(text: str) -> None:
    with pytest.raises(BadQuantity):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("qty", "shown"),
    [(2_000, "2"), (250, "0,25"), (1_500, "1,5"), (1, "0,001"), (0, "0"), (-250, "-0,25")],
)
def test_shows_without_idle_zeros(qty: int, shown: str) -> None:
    assert format_quantity(qty) == shown
    assert decimal_string(qty) == shown.replace(",", ".")
    assert format_quantity(qty, decimal=".") == decimal_string(qty)


@pytest.mark.parametrize(
    ("qty", "indonesian", "english"),
    [
        (90_000_000, "90.000", "90,000"),
        (-1_250_500, "-1.250,5", "-1,250.5"),
        (999_999, "999,999", "999.999"),
        (250, "0,25", "0.25"),
    ],
)
def test_readers_see_thousands_marked(qty: int, indonesian: str, english: str) -> None:
    assert show_quantity(qty, "id") == indonesian
    assert show_quantity(qty, "en") == english


@pytest.mark.parametrize(
    ("price", "qty", "amount"),
    [
        (16_000, 250, 4_000),
        (16_000, 312, 4_992),
        (1_001, 500, 501),
        (1_001, -500, -501),
        (999, 1, 1),
        (499, 1, 0),
        (2_500, 3 * QTY, 7_500),
    ],
)
def test_extends_price_by_quantity(price: int, qty: int, amount: int) -> None:
    assert extend(price, qty) == amount


def test_money_buys_a_quantity_rounded_down() -> None:
    assert quantity_for(5_000, 16_000) == 312
    assert quantity_for(-5_000, 16_000) == -312
    assert quantity_for(16_000, 16_000) == QTY


@pytest.mark.parametrize("price", [0, -1])
def test_goods_without_a_price_cannot_be_sold_by_amount(price: int) -> None:
    with pytest.raises(NoPrice) as refused:
        quantity_for(5_000, price)
    assert refused.value.code == "no_price"


@pytest.mark.parametrize(
    ("base_qty", "parts"),
    [
        (87_000, [("dus", 2_000), ("pcs", 7_000)]),
        (97_000, [("dus", 2_000), ("pak", 1_000), ("pcs", 7_000)]),
        (80_000, [("dus", 2_000)]),
        (40_500, [("dus", 1_000), ("pcs", 500)]),
        (0, [("pcs", 0)]),
        (-47_000, [("dus", -1_000), ("pcs", -7_000)]),
    ],
)
def test_splits_stock_into_packs(base_qty: int, parts: list[tuple[str, int]]) -> None:
    assert split_units(base_qty, PACKS) == parts


def test_of_two_packs_of_one_size_the_first_counts() -> None:
    units = [("pcs", 1), ("biji", 1), ("pak", 10), ("renteng", 10)]
    assert split_units(23_500, units) == [("pak", 2_000), ("pcs", 3_500)]


@pytest.mark.parametrize("units", [[], [("dus", 40)], [("pcs", 1), ("nol", 0)]])
def test_splitting_needs_the_base_unit(units: list[tuple[str, int]]) -> None:
    with pytest.raises(ValueError, match="factor 1"):
        split_units(1_000, units)


@pytest.mark.parametrize(
    ("text", "language"),
    [("1.000", "id"), (" 12.500 ", "id"), ("1.000.000", "id"), ("1,000", "en"), ("90,000", "en")],
)
def test_what_may_be_a_thousand_or_one_is_asked_again(text: str, language: str) -> None:
    with pytest.raises(ThousandsMark):
        parse_written(text, language)


@pytest.mark.parametrize(
    ("text", "language", "qty"),
    [
        ("1,250", "id", 1_250),
        ("1.250", "en", 1_250),
        ("1.5", "id", 1_500),
        ("0.250", "id", 250),
        ("0,250", "en", 250),
        ("1000", "id", 1_000_000),
    ],
)
def test_a_languages_own_mark_is_the_decimal_one(text: str, language: str, qty: int) -> None:
    assert parse_written(text, language) == qty


@given(st.integers(0, 999_999_999), st.sampled_from(["id", "en"]))
def test_what_a_field_shows_is_read_as_it_was(qty: int, language: str) -> None:
    shown = format_quantity(qty, decimal="." if language == "en" else ",")
    assert parse_written(shown, language) == qty
