"""Opening hours: read, said, reckoned."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from server.storefront.hours import (
    NO_HOURS,
    Holiday,
    Span,
    Standing,
    Week,
    format_spans,
    is_holiday,
    is_week,
    opening_hours,
    parse_spans,
    standing,
)

ZONE = "Asia/Makassar"
DAY_SPANS: tuple[Span, ...] = ((480, 720), (780, 1020))
SHOP: Week = (DAY_SPANS,) * 5 + (((1200, 1560),), ())
ALWAYS: Week = (((0, 1440),),) * 7


def at(text: str, zone: str = ZONE) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("08.00-17.00", ((480, 1020),)), ("8-17", ((480, 1020),)), (" 8:30 – 17 ", ((510, 1020),)),
        ("08.00-12.00, 13.00-17.00", DAY_SPANS), ("13-17; 8-12", DAY_SPANS),
        ("8 sampai 12 dan 13 s/d 17", DAY_SPANS), ("20.00-02.00", ((1200, 1560),)),
        ("24 jam", ((0, 1440),)), ("00.00-24.00", ((0, 1440),)), ("18-24", ((1080, 1440),)),
        ("tutup", ()), ("", ()), ("Libur", ()),
        ("6-9,10-12,13-15", ((360, 540), (600, 720), (780, 900))),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(typed: str, spans: tuple[Span, ...]) -> None:
    assert parse_spans(typed) == spans
    assert parse_spans(format_spans(spans)) == spans


@pytest.mark.parametrize(
    "typed",
    ["pagi", "8", "8-", "25-26", "8.60-9", "8-12, 11-13", "1-2,3-4,5-6,7-8", "20-02, 01-05",
     "8-17 <b>", "24-25", "٨-١٢"],
)  # fmt: skip
def test_what_is_no_hours_is_refused(typed: str) -> None:
    assert parse_spans(typed) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T07:59", Standing("closed", "2026-11-23", 480)),
        ("2026-11-23T08:00", Standing("open", "2026-11-23", 720)),
        ("2026-11-23T11:59", Standing("open", "2026-11-23", 720)),
        ("2026-11-23T12:00", Standing("closed", "2026-11-23", 780)),
        ("2026-11-27T17:00", Standing("closed", "2026-11-28", 1200)),
        ("2026-11-28T23:30", Standing("open", "2026-11-29", 120)),
        ("2026-11-29T01:59", Standing("open", "2026-11-29", 120)),
        ("2026-11-29T02:00", Standing("closed", "2026-11-30", 480)),
    ],
)
def test_a_week_with_a_night(now: str, expected: Standing) -> None:
    assert standing(SHOP, (), at(now), ZONE) == expected


def test_it_is_the_clock_of_the_shops_zone() -> None:
    now = at("2026-11-23T08:30")
    assert standing(SHOP, (), now, ZONE).kind == "open"
    assert standing(SHOP, (), now, "Asia/Jakarta").kind == "closed"


def test_a_holiday_closes_its_days_but_not_the_night_before() -> None:
    rest = (Holiday("2026-11-29", "2026-12-01", "Pulang kampung"),)
    assert standing(SHOP, rest, at("2026-11-29T01:00"), ZONE).kind == "open"
    expected = Standing("holiday", "2026-12-02", 480, "Pulang kampung")
    assert standing(SHOP, rest, at("2026-11-30T10:00"), ZONE) == expected
    assert standing(SHOP, rest, at("2026-11-28T10:00"), ZONE).kind == "closed"
    assert standing(SHOP, rest, at("2026-12-02T09:00"), ZONE).kind == "open"


def test_a_shop_that_never_closes_and_one_that_says_no_hours() -> None:
    assert standing(ALWAYS, (), at("2026-11-23T23:59"), ZONE) == Standing("open")
    rest = (Holiday("2026-11-25", "2026-11-25"),)
    expected = Standing("open", "2026-11-25", 0)
    assert standing(ALWAYS, rest, at("2026-11-23T23:59"), ZONE) == expected
    assert standing(NO_HOURS, (), at("2026-11-23T09:00"), ZONE) == Standing("unknown")
    resting = (Holiday("2026-11-20", "2026-11-25", "Libur"),)
    assert standing(NO_HOURS, resting, at("2026-11-23T09:00"), ZONE).kind == "holiday"


def test_a_holiday_without_end_says_no_day_of_return() -> None:
    rest = (Holiday("2026-01-01", "2099-01-01", "Tutup selamanya"),)
    found = standing(SHOP, rest, at("2026-11-23T09:00"), ZONE)
    assert found == Standing("holiday", "", 0, "Tutup selamanya")


def test_hours_for_search_engines() -> None:
    assert opening_hours(SHOP) == ("Mo-Fr 08:00-12:00", "Mo-Fr 13:00-17:00", "Sa 20:00-02:00")
    assert opening_hours(ALWAYS) == ("Mo-Su 00:00-23:59",)
    gaps: Week = (DAY_SPANS[:1], (), DAY_SPANS[:1], DAY_SPANS[:1], (), (), ())
    assert opening_hours(gaps) == ("Mo 08:00-12:00", "We-Th 08:00-12:00")
    assert opening_hours(NO_HOURS) == ()


def test_weeks_and_holidays_from_elsewhere_are_looked_at() -> None:
    assert is_week(SHOP) and is_week(ALWAYS) and is_week(NO_HOURS)
    assert not is_week(SHOP[:6]) and not is_week((((700, 600),),) * 7)
    assert not is_week((((0, 1441),),) * 7) and not is_week((((-5, 60),),) * 7)
    assert is_holiday(Holiday("2026-11-25", "2026-11-25"))
    assert not is_holiday(Holiday("2026-11-26", "2026-11-25"))
    assert not is_holiday(Holiday("besok", "2026-11-25"))
