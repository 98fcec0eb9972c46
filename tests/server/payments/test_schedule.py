from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from server.payments.schedule import CHECKED_MS, next_check, next_poll

MINUTE, HOUR = 60_000, 3_600_000


def _all(begun: int, ends: int) -> list[int]:
    at, found = begun, []
    while (then := next_poll(begun, ends, at)) is not None:
        found.append(then - begun)
        at = then
    return found


def test_of_a_code_that_lives_a_quarter_of_an_hour() -> None:
    tail = [15 * MINUTE, 35 * MINUTE, 6 * HOUR + 15 * MINUTE]
    assert _all(1_000, 1_000 + 15 * MINUTE) == [20_000, MINUTE, 3 * MINUTE, 10 * MINUTE, *tail]


def test_of_a_transfer_that_has_a_day() -> None:
    found = _all(0, 24 * HOUR)
    assert found[:5] == [20_000, MINUTE, 3 * MINUTE, 10 * MINUTE, HOUR]
    assert found[-3:] == [24 * HOUR, 24 * HOUR + 20 * MINUTE, 30 * HOUR]
    assert max(b - a for a, b in pairwise(found[:-1])) <= HOUR


@given(st.integers(0, 2**45), st.integers(0, 7 * 24 * HOUR), st.integers(0, 2**45))
def test_it_goes_on_and_comes_to_an_end(begun: int, length: int, now: int) -> None:
    then = next_poll(begun, begun + length, now)
    assert (then is None) == (now >= begun + length + 6 * HOUR)
    assert then is None or then > now


def test_money_that_came_is_asked_about_for_four_months_some_25_times() -> None:
    at, found = 5_000, []
    while (then := next_check(5_000, at, bytes(16))) is not None:
        found.append((then - 5_000) // MINUTE)
        at = then
    day = 24 * 60
    assert found[:9] == [10, *(day * one for one in range(1, 8)), 14 * day]
    assert found[-1] == 126 * day and len(found) == 25


@given(st.integers(0, 2**45), st.integers(0, 2**45), st.binary(min_size=16, max_size=16))
def test_a_check_is_later_than_now_and_they_end(paid: int, now: int, key: bytes) -> None:
    then = next_check(paid, now, key)
    assert then is None or now < then <= paid + CHECKED_MS
    assert then is not None or now > paid + 120 * 24 * HOUR
