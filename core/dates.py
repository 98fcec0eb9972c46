"""Business dates and local times, and how they are written in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "en": "January February March April May June July August September October November December",
}
_WEEKDAYS = {
    "id": "Senin Selasa Rabu Kamis Jumat Sabtu Minggu",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}


def local_time(at_ms: int, zone: str) -> datetime:
    """The wall clock of a zone (such as "Asia/Makassar") at a UTC instant in milliseconds.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: there is no such zone.
    """
    return (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(ZoneInfo(zone))


def instant_of(day: str, minute: int, zone: str) -> int:
    """The UTC instant (ms) of a minute of a day (YYYY-MM-DD) on the wall clock of a zone."""
    at = datetime.fromisoformat(day) + timedelta(minutes=minute)
    return int(at.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def business_date(at_ms: int, zone: str, day_close_minutes: int) -> str:
    """The shop's day (YYYY-MM-DD) of a UTC instant in milliseconds.

    The day closes `day_close_minutes` after local midnight: at 120 a sale at 01.59 still
    belongs to yesterday (a night market), one at 02.00 to today.
    """
    local = local_time(at_ms, zone).replace(tzinfo=None)
    return (local - timedelta(minutes=day_close_minutes)).date().isoformat()


def format_day(iso: str, lang: str) -> str:
    """A date (YYYY-MM-DD) for people: "24 November 2026". `lang` is "id" or "en"."""
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[lang].split()[day.month - 1]} {day.year}"


def format_short_day(iso: str, lang: str) -> str:
    """The same where there is little room: "24 Nov 2026"."""
    number, month, year = format_day(iso, lang).split()
    return f"{number} {month[:3]} {year}"


def format_weekday(iso: str, lang: str) -> str:
    """The weekday of a date (YYYY-MM-DD): "Selasa", "Tuesday"."""
    return _WEEKDAYS[lang].split()[date.fromisoformat(iso).weekday()]


def format_clock(at_ms: int, zone: str, lang: str) -> str:
    """Local time of a UTC instant in milliseconds: "14.05" in Indonesian, "14:05" in English."""
    mark = "." if lang == "id" else ":"
    return local_time(at_ms, zone).strftime(f"%H{mark}%M")
