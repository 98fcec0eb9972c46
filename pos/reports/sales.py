"""Sales by day, hour, product, category, cashier or tender: all add up to the same total.

Refunds are negative everywhere. Amounts in rupiah; `net` is what buyers paid before cash
rounding, tax included; `cost` is what the goods had cost, `profit` net less tax less cost.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from pos.db.database import Database

By = Literal["day", "hour", "product", "category", "cashier", "tender"]
BYS: tuple[By, ...] = ("day", "hour", "product", "category", "cashier", "tender")


class ReportRow(NamedTuple):
    """One group: how many receipts (lines for goods), and its sums."""

    key: str
    label: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which no row needs
    qty: int
    gross: int
    discount: int
    tax: int
    net: int
    cost: int
    profit: int


_SALE_SUMS = (
    "count(*), 0, sum(s.gross), sum(s.discount), sum(s.tax), sum(s.total), sum(s.cost),"
    " sum(s.total - s.tax - s.cost)"
)
_LINE_NET = "l.net + CASE WHEN s.tax_included THEN 0 ELSE l.tax END"
_LINE_SUMS = (
    "count(*), sum(l.qty * l.factor), sum(l.gross), sum(l.line_discount + l.cart_discount),"
    f" sum(l.tax), sum({_LINE_NET}), sum(l.cost), sum({_LINE_NET} - l.tax - l.cost)"
)
_LINES = "FROM sale_line l JOIN sale s ON s.id=l.sale_id"
_WHERE = "WHERE s.day>=? AND s.day<=?"


def report_sales(db: Database, first: str, last: str, by: By, zone: str) -> list[ReportRow]:
    """Sales of the business dates `first` to `last` (YYYY-MM-DD, both included), grouped.

    Hours are those of `zone`.
    """
    if by == "hour":
        return _by_hour(db, first, last, zone)
    if by == "tender":
        return _by_tender(db, first, last)
    return [ReportRow(*row) for row in db.rows(_QUERIES[by](), (first, last))]


def _day() -> str:
    return f"SELECT s.day, s.day, {_SALE_SUMS} FROM sale s {_WHERE} GROUP BY s.day ORDER BY s.day"


def _product() -> str:
    return (
        f"SELECT lower(hex(l.product_id)), max(l.name), {_LINE_SUMS} {_LINES} {_WHERE}"
        " GROUP BY l.product_id ORDER BY 8 DESC, 2"
    )


def _category() -> str:
    return (
        f"SELECT coalesce(p.category, ''), coalesce(p.category, ''), {_LINE_SUMS} {_LINES}"
        f" LEFT JOIN product p ON p.id=l.product_id {_WHERE} GROUP BY 1 ORDER BY 8 DESC, 1"
    )


def _cashier() -> str:
    return (
        f"SELECT lower(hex(s.staff_id)), coalesce(max(f.name), ''), {_SALE_SUMS} FROM sale s"
        f" LEFT JOIN staff f ON f.id=s.staff_id {_WHERE} GROUP BY s.staff_id ORDER BY 8 DESC, 2"
    )


_QUERIES: dict[str, Callable[[], str]] = {
    "day": _day,
    "product": _product,
    "category": _category,
    "cashier": _cashier,
}


def _by_hour(db: Database, first: str, last: str, zone: str) -> list[ReportRow]:
    place = ZoneInfo(zone)
    hours: dict[str, list[int]] = {}
    # Grouped by quarter hours of UTC first: every zone's offset is whole quarters.
    for row in db.rows(
        f"SELECT s.at_ms / 900000, {_SALE_SUMS} FROM sale s {_WHERE} GROUP BY 1", (first, last)
    ):
        moment = datetime.fromtimestamp(row[0] * 900, UTC).astimezone(place)
        sums = hours.setdefault(f"{moment.hour:02d}", [0] * 8)
        for place_no, value in enumerate(row[1:]):
            sums[place_no] += value
    return [ReportRow(hour, f"{hour}.00", *sums) for hour, sums in sorted(hours.items())]


def _by_tender(db: Database, first: str, last: str) -> list[ReportRow]:
    """What came in by each tender, less cash rounding (a row of its own), sums to the total."""
    rows = db.rows(
        "SELECT p.kind, count(*), sum(p.amount) FROM payment p JOIN sale s ON s.id=p.sale_id"
        f" {_WHERE} GROUP BY p.kind ORDER BY p.kind",
        (first, last),
    )
    found = [ReportRow(row[0], row[0], row[1], 0, 0, 0, 0, row[2], 0, 0) for row in rows]
    rounding = db.one(
        f"SELECT sum(s.rounding<>0), sum(s.rounding) FROM sale s {_WHERE}", (first, last)
    )
    if rounding is not None and rounding[0]:
        found.append(ReportRow("rounding", "rounding", rounding[0], 0, 0, 0, 0, -rounding[1], 0, 0))
    return found


def report_total(rows: list[ReportRow]) -> int:
    """What a report's groups add up to."""
    return sum(row.net for row in rows)
