"""Business dates and how times are written."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfoNotFoundError

import pytest

from core.dates import (
    business_date,
    format_clock,
    format_day,
    format_short_day,
    format_weekday,
    local_time,
)

WITA = "Asia/Makassar"


def ms(*parts: int) -> int:
    return round(datetime(*parts, tzinfo=UTC).timestamp()) * 1000  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("at_ms", "close", "day"),
    [
        (ms(2026, 11, 24, 15, 59, 59), 0, "2026-11-24"),
        (ms(2026, 11, 24, 16, 0, 0), 0, "2026-11-25"),
        (ms(2026, 11, 24, 17, 59, 59), 120, "2026-11-24"),
        (ms(2026, 11, 24, 18, 0, 0), 120, "2026-11-25"),
        (ms(2026, 12, 31, 16, 30, 0), 60, "2026-12-31"),
        (ms(2028, 2, 28, 17, 0, 0), 0, "2028-02-29"),
        (0, 0, "1970-01-01"),
        (-1, 481, "1969-12-31"),
    ],
)
def test_the_day_closes_when_the_shop_says(at_ms: int, close: int, day: str) -> None:
    assert business_date(at_ms, WITA, close) == day


def test_the_last_millisecond_counts() -> None:
    midnight = ms(2026, 11, 24, 16, 0, 0)
    assert business_date(midnight - 1, WITA, 0) == "2026-11-24"
    assert business_date(midnight, "Asia/Jakarta", 0) == "2026-11-24"
    assert business_date(midnight, "Asia/Jayapura", 0) == "2026-11-25"


def test_a_zone_with_summer_time_goes_by_the_wall_clock() -> None:
    # Clocks in Amsterdam went from 03:00 back to 02:00 on 25 October 2026.
    assert business_date(ms(2026, 10, 25, 1, 30, 0), "Europe/Amsterdam", 180) == "2026-10-24"
    assert business_date(ms(2026, 10, 25, 2, 0, 0), "Europe/Amsterdam", 180) == "2026-10-25"


def test_local_time_keeps_milliseconds() -> None:
    local = local_time(ms(2026, 11, 24, 6, 5, 0) + 7, WITA)
    assert local.isoformat() == "2026-11-24T14:05:00.007000+08:00"


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(ZoneInfoNotFoundError, match="Limboto"):
        local_time(0, "Asia/Limboto")


def test_days_and_clocks_in_both_languages() -> None:
    assert format_day("2026-11-24", "id") == "24 November 2026"
    assert format_day("2026-08-01", "id") == "1 Agustus 2026"
    assert format_day("2026-08-01", "en") == "1 August 2026"
    short = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
    for month, name in enumerate(short, 1):
        assert format_short_day(f"2026-{month:02}-09", "id") == f"9 {name} 2026"
    assert format_short_day("2026-05-24", "en") == "24 May 2026"
    assert format_weekday("2026-11-24", "id") == "Selasa"
    assert format_weekday("2026-11-24", "en") == "Tuesday"
    assert format_weekday("2026-11-29", "id") == "Minggu"
    at_ms = ms(2026, 11, 24, 6, 5, 0)
    assert format_clock(at_ms, WITA, "id") == "14.05"
    assert format_clock(at_ms, WITA, "en") == "14:05"
