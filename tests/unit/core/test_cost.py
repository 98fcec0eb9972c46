"""The value pool by examples: averages, the remainder, and selling below zero."""

from __future__ import annotations

import pytest

from core.cost import BadMovement, Pool, put, take

NOTHING = Pool(0, 0)


def test_goods_received_average_with_those_on_the_shelf() -> None:
    pool = put(put(NOTHING, 10_000, 30_000), 10_000, 34_000)
    assert pool == Pool(20_000, 64_000)
    assert take(pool, 5_000, cost_hint=9_999) == (Pool(15_000, 48_000), 16_000)


def test_the_remainder_leaves_with_the_last_piece() -> None:
    pool = put(NOTHING, 3_000, 10_000)
    taken = []
    for _ in range(3):
        pool, value = take(pool, 1_000, cost_hint=0)
        taken.append(value)
    assert taken == [3_333, 3_333, 3_334]
    assert pool == NOTHING


def test_part_of_a_kilo_takes_its_share() -> None:
    assert take(Pool(1_000, 15_001), 250, cost_hint=0) == (Pool(750, 11_251), 3_750)


def test_goods_going_back_to_the_supplier_take_the_value_they_came_with() -> None:
    assert put(Pool(5_000, 60_000), -2_000, -20_000) == Pool(3_000, 40_000)


def test_selling_beyond_the_shelf_goes_on_at_the_last_known_cost() -> None:
    assert take(Pool(2_000, 7_000), 5_000, cost_hint=4_000) == (Pool(-3_000, -12_000), 19_000)


def test_selling_from_an_empty_shelf() -> None:
    assert take(NOTHING, 500, cost_hint=3_001) == (Pool(-500, -1_501), 1_501)


def test_without_a_known_cost_oversold_goods_cost_nothing_yet() -> None:
    pool, taken = take(NOTHING, 2_000, cost_hint=0)
    assert (pool, taken) == (Pool(-2_000, 0), 0)
    assert put(pool, 12_000, 60_000) == Pool(10_000, 60_000)


def test_receiving_at_the_expected_cost_settles_to_nothing() -> None:
    pool, _ = take(NOTHING, 5_000, cost_hint=1_000)
    assert put(pool, 5_000, 5_000) == NOTHING


def test_the_difference_of_oversold_goods_leaves_with_the_next() -> None:
    pool, first = take(NOTHING, 5_000, cost_hint=1_000)
    pool = put(pool, 5_000, 6_000)
    assert pool == Pool(0, 1_000)
    pool, second = take(put(pool, 10_000, 12_000), 10_000, cost_hint=1_200)
    assert (first, second, pool) == (5_000, 13_000, NOTHING)


def test_a_shelf_worth_less_than_nothing_still_adds_up() -> None:
    pool, first = take(NOTHING, 1_000, cost_hint=2_000)
    pool = put(pool, 3_000, 1_500)
    assert pool == Pool(2_000, -500)
    pool, second = take(pool, 1_000, cost_hint=500)
    pool, third = take(pool, 1_000, cost_hint=500)
    assert (pool, first + second + third) == (NOTHING, 1_500)


@pytest.mark.parametrize("qty", [0, -1])
def test_what_leaves_must_be_something(qty: int) -> None:
    with pytest.raises(BadMovement) as caught:
        take(Pool(1_000, 1_000), qty, cost_hint=0)
    assert (caught.value.code, caught.value.details) == ("bad_movement", {"qty": qty})


def test_a_difference_on_an_empty_shelf_waits_for_goods() -> None:
    """It is no cost of the piece sold next from nothing: that one goes at the known cost."""
    assert take(Pool(0, 1_000), 1_000, cost_hint=1_200) == (Pool(-1_000, -200), 1_200)
