"""What may be promised online."""

from __future__ import annotations

import pytest

from server.storefront.availability import (
    DAY_MS,
    ONE,
    ONS,
    TERM_MS,
    Availability,
    Shelf,
    availability,
    margin,
)

HOUR = 3_600_000


def shelf(qty: int, **more: int | None) -> Shelf:
    given = {"reserved": 0, "sold_a_day": 0, "least": ONE, "age_ms": 0, **more}
    return Shelf(qty, **given)  # type: ignore[arg-type]


def test_what_was_just_counted_is_promised_whole() -> None:
    assert availability(shelf(40_000)) == Availability("ready", 40_000)
    assert availability(shelf(40_000, sold_a_day=900_000)) == Availability("ready", 40_000)


def test_few_are_said_with_their_number() -> None:
    assert availability(shelf(3_000)) == Availability("few", 3_000)
    assert availability(shelf(5_000)).state == "few" and availability(shelf(6_000)).state == "ready"
    assert availability(shelf(500, least=ONS)) == Availability("few", 500)


def test_the_margin_is_the_mean_and_two_deviations_rounded_up() -> None:
    assert margin(12_000, 12 * HOUR, ONE) == 11_000  # 6 + 2 x 2.449... = 10.9
    assert margin(4_000, DAY_MS, ONE) == 8_000  # 4 + 2 x 2
    assert margin(1_000, HOUR, ONE) == 1_000  # 0.042 + 2 x 0.204 = 0.45
    assert margin(1_000, HOUR, ONS) == 500
    assert margin(0, 9 * DAY_MS, ONE) == 0 and margin(50_000, 0, ONE) == 0


def test_what_the_margin_leaves_is_promised_and_nothing_where_it_eats_the_rest() -> None:
    found = availability(shelf(20_000, sold_a_day=12_000, age_ms=12 * HOUR))
    assert found == Availability("ready", 9_000)
    found = availability(shelf(11_000, sold_a_day=12_000, age_ms=12 * HOUR))
    assert found == Availability("confirm", 0)


def test_after_the_shops_term_the_shop_is_asked() -> None:
    assert availability(shelf(9_000, age_ms=TERM_MS)).promise == 9_000
    assert availability(shelf(9_000, age_ms=TERM_MS + 1)) == Availability("confirm", 0)
    assert availability(shelf(9_000, age_ms=2 * HOUR), HOUR) == Availability("confirm", 0)
    assert availability(shelf(9_000, age_ms=None)) == Availability("confirm", 0)


@pytest.mark.parametrize("age_ms", [0, 99 * DAY_MS, None])
def test_an_empty_shelf_is_sold_out_and_one_below_nothing_was_never_counted(
    age_ms: int | None,
) -> None:
    assert availability(shelf(0, age_ms=age_ms)) == Availability("sold_out", 0)
    assert availability(shelf(700, age_ms=age_ms)) == Availability("sold_out", 0)
    assert availability(shelf(5_000, reserved=5_000, age_ms=age_ms)).state == "sold_out"
    assert availability(shelf(-3_000, age_ms=age_ms)) == Availability("confirm", 0)


def test_what_is_reserved_is_promised_to_nobody_else() -> None:
    assert availability(shelf(9_000, reserved=2_000)).promise == 7_000
    assert availability(shelf(9_000, reserved=12_000)) == Availability("sold_out", 0)
