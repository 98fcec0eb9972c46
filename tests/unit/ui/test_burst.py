"""Bursts by numbers: what is a scan, whatever the characters and times."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.ui.keys.burst import GS, NORMAL, SLOW, Burst, Limits, scannable

codes = st.text("0123456789ABCxyz-./" + GS, min_size=4, max_size=60)


def feed(burst: Burst, text: str, gap_ms: int, at_ms: int = 0) -> int:
    for char in text:
        at_ms += gap_ms
        burst.feed(char, at_ms)
    return at_ms


@given(codes, st.integers(0, 35))
def test_what_comes_fast_is_a_scan_whole(code: str, gap_ms: int) -> None:
    burst = Burst()
    at = feed(burst, code, gap_ms)
    assert burst.end(at + gap_ms) == code
    assert not burst.running


@given(codes, st.integers(36, 2_000))
def test_what_comes_slower_than_the_mean_is_typing(code: str, gap_ms: int) -> None:
    burst = Burst()
    at = feed(burst, code, gap_ms)
    assert burst.end(at + 1) is None


@given(codes, st.integers(0, 35), st.integers(61, 5_000))
def test_a_long_gap_begins_a_new_run(code: str, gap_ms: int, pause_ms: int) -> None:
    burst = Burst()
    burst.feed("9", 0)
    at = feed(burst, code, gap_ms, pause_ms - gap_ms)
    assert burst.end(at + gap_ms) == code


@given(st.text("0123456789", max_size=3))
def test_three_characters_are_never_a_scan(code: str) -> None:
    burst = Burst()
    assert burst.end(feed(burst, code, 1) + 1) is None


@given(codes, codes, st.integers(0, 100))
def test_two_scans_close_together_are_two(first: str, second: str, between_ms: int) -> None:
    burst = Burst()
    at = feed(burst, first, 1)
    assert burst.end(at + 1) == first
    at = feed(burst, second, 1, at + between_ms)
    assert burst.end(at + 1) == second


def test_silence_ends_a_scan_and_swallows_a_late_end_key() -> None:
    burst = Burst()
    at = feed(burst, "12345", 2)
    assert burst.silent() == "12345"
    assert burst.after_scan(at + 120)
    assert not burst.after_scan(at + 300)


def test_silence_after_typing_is_nothing() -> None:
    burst = Burst()
    feed(burst, "12", 2)
    assert burst.silent() is None
    assert not burst.after_scan(10)


def test_an_end_key_counts_until_silence_would_have_ended_the_scan() -> None:
    for late, found in (
        (61, "12345"),
        (NORMAL.silence_ms, "12345"),
        (NORMAL.silence_ms + 61, None),
    ):
        burst = Burst()
        at = feed(burst, "12345", 2)
        assert burst.end(at + late) == found, late


def test_a_second_end_key_belongs_to_the_scan_only_at_once() -> None:
    burst = Burst()
    at = feed(burst, "12345", 2)
    burst.end(at + 2)
    assert burst.after_scan(at + 10)
    assert not burst.after_scan(at + 90)
    burst.feed("1", at + 20)
    assert not burst.after_scan(at + 21)


def test_a_star_is_never_part_of_a_scan() -> None:
    burst = Burst()
    at = feed(burst, "3", 1)
    assert burst.feed("*", at + 1) == "other"
    at = feed(burst, "12345", 1, at + 1)
    assert burst.end(at + 1) == "12345"
    assert not scannable("*")
    assert not scannable("é")


def test_a_clock_that_goes_back_begins_a_new_run() -> None:
    burst = Burst()
    feed(burst, "999", 1, 1_000)
    assert burst.feed("1", 5) == "first"


def test_verdicts_tell_when_to_take_the_keys() -> None:
    burst = Burst()
    assert [burst.feed(char, at) for at, char in enumerate("12345")] == [
        "first", "maybe", "maybe", "burst", "burst",
    ]  # fmt: skip


def test_limits_can_be_those_of_a_slow_scanner() -> None:
    burst = Burst(SLOW)
    assert burst.end(feed(burst, "12345", 80) + 80) == "12345"


def test_a_run_never_grows_without_end() -> None:
    burst = Burst(Limits(max_length=10))
    feed(burst, "1" * 25, 1)
    assert len(burst.text) == 5


@pytest.mark.parametrize("char", ["", "ab", "\r", "\t"])
def test_only_single_printable_characters_count(char: str) -> None:
    assert Burst().feed(char, 0) == "other"
