"""What must hold for any quantity."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.quantity import (
    QTY,
    BadQuantity,
    decimal_string,
    extend,
    format_quantity,
    parse_quantity,
    quantity_for,
    split_units,
)

QUANTITIES = st.integers(0, 999_999_999)


@given(QUANTITIES)
def test_what_is_shown_is_read_back(qty: int) -> None:
    assert parse_quantity(format_quantity(qty)) == qty
    assert parse_quantity(decimal_string(qty)) == qty


@given(st.text(alphabet="0123456789.,", max_size=12) | st.text(max_size=20))
def test_any_text_is_a_quantity_or_refused(text: str) -> None:
    try:
        qty = parse_quantity(text)
    except BadQuantity as refused:
        assert refused.details == {"text": text}
    else:
        assert 0 <= qty < 10**6 * QTY
        assert Fraction(qty, QTY) == Fraction("0" + text.strip().replace(",", "."))


@given(st.integers(1, 10**8), QUANTITIES)
def test_extending_is_within_half_a_rupiah_and_mirrors(price: int, qty: int) -> None:
    amount = extend(price, qty)
    assert abs(amount - Fraction(price * qty, QTY)) <= Fraction(1, 2)
    assert extend(price, -qty) == -amount


@given(st.integers(0, 10**9), st.integers(1, 10**7))
def test_what_money_buys_is_the_most_it_can_pay(amount: int, price: int) -> None:
    qty = quantity_for(amount, price)
    assert Fraction(price * qty, QTY) <= amount < Fraction(price * (qty + 1), QTY)


@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.integers(2, 500), max_size=5),
)
def test_packs_sum_to_the_stock(base_qty: int, factors: list[int]) -> None:
    size = {f"unit{factor}": factor for factor in factors} | {"pcs": 1}
    parts = split_units(base_qty, list(size.items()))
    assert sum(qty * size[name] for name, qty in parts) == base_qty
    assert all(qty % QTY == 0 for name, qty in parts if name != "pcs")
    shown = [size[name] for name, _ in parts]
    assert shown == sorted(shown, reverse=True)
