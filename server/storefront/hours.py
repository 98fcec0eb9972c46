"""When a shop is open: hours a week, also past midnight, holidays, what to say now.

Minutes after midnight of the day on which a span begins; one that ends past midnight has an end
above 1440. A span belongs to the day on which it begins, so the night before a holiday is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from core.dates import local_time

DAY: Final = 1440
MOST_SPANS: Final = 3
_LONGEST_AHEAD: Final = 400
_SPAN: Final = re.compile(
    r"(\d{1,2})(?:[.:](\d{2}))?\s*(?:-|–|—|s/d|sampai)\s*(\d{1,2})(?:[.:](\d{2}))?", re.ASCII
)
_CLOSED: Final = frozenset({"", "-", "tutup", "libur", "closed"})
_ALL_DAY: Final = frozenset({"24 jam", "24jam", "24 hours"})
_CODES: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

Span = tuple[int, int]
Week = tuple[tuple[Span, ...], ...]
"""Seven days from Monday, each with its spans in order."""
NO_HOURS: Final[Week] = ((),) * 7


class Holiday(NamedTuple):
    """Closed from the first to the last day (YYYY-MM-DD), with a sentence for the buyers."""

    first: str
    last: str
    sentence: str = ""

    def covers(self, day: str) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last


class Standing(NamedTuple):
    """How the shop stands now. `day` and `minute`: when it closes (open) or opens next (else), ""
    where no such moment is known; `sentence`: that of the holiday."""

    kind: Literal["open", "closed", "holiday", "unknown"]
    day: str = ""
    minute: int = 0
    sentence: str = ""


def parse_spans(typed: str) -> tuple[Span, ...] | None:
    """Spans of a day as people write them ("08.00-12.00, 13-17", "20.00-02.00", "24 jam", "tutup").

    None where they cannot be read, overlap, or are too many.
    """
    text = typed.strip().lower()
    if text in _CLOSED:
        return ()
    if text in _ALL_DAY:
        return ((0, DAY),)
    found = [_span(part) for part in re.split(r"\s*(?:,|;|\bdan\b)\s*", text)]
    spans = sorted(one for one in found if one is not None)
    if len(spans) != len(found) or len(spans) > MOST_SPANS:
        return None
    return tuple(spans) if _apart(spans) else None


def format_spans(spans: tuple[Span, ...], mark: str = ".") -> str:
    """Spans as they are read: "08.00-12.00, 13.00-17.00"; "24 jam" and nothing as their own words
    do not stand here."""
    return ", ".join(f"{clock(start, mark)}-{clock(end, mark)}" for start, end in spans)


def clock(minute: int, mark: str = ".") -> str:
    """A minute of a day: "08.00"; the end of a day is "24.00", past it begins anew."""
    at = minute if minute <= DAY else minute - DAY
    return f"{at // 60:02}{mark}{at % 60:02}"


def is_week(week: Week) -> bool:
    """Whether a week from elsewhere is one: seven days, spans in order and apart."""
    return len(week) == 7 and all(
        len(day) <= MOST_SPANS and all(map(_is_span, day)) and _apart(day) for day in week
    )


def is_holiday(one: Holiday) -> bool:
    """Whether it has two days, in order."""
    try:
        return date.fromisoformat(one.first) <= date.fromisoformat(one.last)
    except ValueError:
        return False


def standing(week: Week, holidays: tuple[Holiday, ...], now_ms: int, zone: str) -> Standing:
    """How the shop stands at a UTC instant (ms), on the clock of its zone."""
    now = local_time(now_ms, zone).replace(tzinfo=None)
    if not any(week):
        resting = _resting(holidays, now.date().isoformat())
        return Standing("holiday", sentence=resting.sentence) if resting else Standing("unknown")
    end: datetime | None = None
    after: datetime | None = None
    for start, stop in _spans_around(week, holidays, now.date()):
        if start <= now < stop or (end is not None and start <= end < stop):
            end = stop if end is None else max(end, stop)
        elif start > now and end is None:
            after = start
            break
        elif end is not None and start > end:
            break
    if end is not None:
        # Open without an end in sight: every hour of every day.
        always = end - now > timedelta(days=_LONGEST_AHEAD - 2)
        return Standing("open") if always else Standing("open", *_place(end))
    resting = _resting(holidays, now.date().isoformat())
    kind: Literal["holiday", "closed"] = "holiday" if resting else "closed"
    told = resting.sentence if resting else ""
    return Standing(kind, *(_place(after) if after else ("", 0)), told)


def opening_hours(week: Week) -> tuple[str, ...]:
    """schema.org's `openingHours`: "Mo-Fr 08:00-17:00", "Sa 20:00-02:00"."""
    texts: list[str] = []
    kinds = dict.fromkeys(span for day in week for span in day)
    for start, end in kinds:
        days = [number for number, day in enumerate(week) if (start, end) in day]
        hours = f"{clock(start, ':')}-{'23:59' if end == DAY else clock(end, ':')}"
        texts += [f"{run} {hours}" for run in _day_runs(days)]
    return tuple(texts)


def _day_runs(days: list[int]) -> Iterator[str]:
    while days:
        length = 1
        while length < len(days) and days[length] == days[0] + length:
            length += 1
        first, last = _CODES[days[0]], _CODES[days[length - 1]]
        yield first if length == 1 else f"{first}-{last}"
        days = days[length:]


def _spans_around(
    week: Week, holidays: tuple[Holiday, ...], today: date
) -> Iterator[tuple[datetime, datetime]]:
    """Spans from yesterday on, in order, without those that begin on a holiday."""
    for ahead in range(-1, _LONGEST_AHEAD):
        day = today + timedelta(days=ahead)
        if _resting(holidays, day.isoformat()) is None:
            midnight = datetime(day.year, day.month, day.day)
            for start, end in week[day.weekday()]:
                yield midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)


def _resting(holidays: tuple[Holiday, ...], day: str) -> Holiday | None:
    return next((one for one in holidays if one.covers(day)), None)


def _place(at: datetime) -> tuple[str, int]:
    return at.date().isoformat(), at.hour * 60 + at.minute


def _span(text: str) -> Span | None:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return None
    hours = (int(found[1]), int(found[3]))
    minutes = (int(found[2] or 0), int(found[4] or 0))
    if max(minutes) > 59:
        return None
    start, end = hours[0] * 60 + minutes[0], hours[1] * 60 + minutes[1]
    if start >= DAY or end > DAY:
        return None
    span = (start, end if end > start else end + DAY)
    return span if _is_span(span) else None


def _is_span(span: Span) -> bool:
    start, end = span
    return 0 <= start < DAY and start < end <= start + DAY


def _apart(spans: tuple[Span, ...] | list[Span]) -> bool:
    """In order, and none begins before the one before it ends."""
    last = spans[-1][1] - DAY if spans else 0
    in_order = all(one[1] <= other[0] for one, other in pairwise(spans))
    return in_order and (not spans or last <= spans[0][0])
