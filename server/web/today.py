"""A day in figures, beside the same weekday a week before; each figure leads to its sales."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from server.devices.overview import lines_of
from server.http.routes import Reply
from server.sales.days import (
    Hour,
    best_goods,
    by_hour,
    by_tender,
    day_figures,
    day_total,
    last_day,
)
from server.shops.reading import has_entries
from server.stock.reading import stock_counts
from server.web.rendering import page
from server.web.routing import Page
from server.web.view import View

_FEWEST_HOURS: Final = 10
_CHART: Final = 100
"""The chart's height in its own units."""

QUIET_MS: Final = 24 * 3_600_000
"""A counter that was not heard of for a day is pointed out."""


class Bar(NamedTuple):
    """One hour of the chart: rupiah now and a week before, as parts of the chart's height."""

    hour: int
    total: int
    count: int  # type: ignore[assignment]  # hides tuple.count
    before: int
    height: int
    mark: int


def parse_day(text: str) -> str | None:
    """A date of a query (YYYY-MM-DD), None where it is none."""
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else None
    except ValueError:
        return None


def shifted(day: str, days: int) -> str:
    """A date some days later or (negative) earlier; the ends of the calendar stay put."""
    try:
        return (date.fromisoformat(day) + timedelta(days)).isoformat()
    except OverflowError:
        return day


def bars(now: Sequence[Hour], before: Sequence[Hour]) -> list[Bar]:
    """The hours from the first to the last in which something was sold, at least ten of them."""
    today = {one.hour: one for one in now}
    then = {one.hour: one.total for one in before}
    hours = sorted(today.keys() | then.keys())
    if not hours:
        return []
    first, last = hours[0], hours[-1]
    while last - first + 1 < _FEWEST_HOURS:
        first, last = max(0, first - 1), min(23, last + 1)
    top = max(1, *(one.total for one in now), *then.values())
    found = []
    for hour in range(first, last + 1):
        total = today[hour].total if hour in today else 0
        earlier = then.get(hour, 0)
        count = today[hour].count if hour in today else 0
        height, mark = (max(0, value) * _CHART // top for value in (total, earlier))
        found.append(Bar(hour, total, count, earlier, max(height, int(total > 0)), mark))
    return found


def change_percent(now: int, before: int) -> int | None:
    """By how many percent a sum grew; None where there was nothing to grow from."""
    return (now - before) * 100 // before if before > 0 else None


def _today(view: View) -> Reply:
    today = view.here.today(view.services.now_ms())
    day = parse_day(view.query.get("hari", "")) or today
    week = shifted(day, -7)
    with view.services.store.reading_shop(view.here.id) as tx:
        figures, before = day_figures(tx, day), day_total(tx, week)
        hours, hours_before = by_hour(tx, day, view.here.zone), by_hour(tx, week, view.here.zone)
        tenders, best = by_tender(tx, day), best_goods(tx, day)
        stock = stock_counts(tx)
        latest = last_day(tx) if not figures.count and not figures.refunds else None
        is_new = latest is None and not has_entries(tx)
        lines = lines_of(tx)
    now_ms = view.services.now_ms()
    return page(
        view,
        "today.html",
        day=day,
        is_today=day == today,
        yesterday=shifted(day, -1),
        tomorrow=shifted(day, 1) if day < today else "",
        week=week,
        figures=figures,
        total_before=before[0],
        count_before=before[1],
        percent=change_percent(figures.total, before[0]),
        bars=bars(hours, hours_before),
        tenders=tenders,
        best=best,
        stock=stock,
        quiet=sum(one.is_quiet(now_ms, QUIET_MS) for one in lines),
        unconfirmed=sum(one.state == "unconfirmed" for one in lines),
        latest=latest,
        is_new=is_new,
        shows_profit=view.may("manager"),
    )


PAGES = (Page("GET", "/kelola/{shop}", "A day in figures", _today),)
