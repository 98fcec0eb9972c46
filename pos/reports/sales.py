"""Sales by day, hour, product, category, cashier or tender: all add up to the same total.

Refunds are negative everywhere. Amounts in rupiah; `net` is what buyers paid before cash
rounding, tax included; `cost` is what the goods had cost, `profit` net less tax less cost.

A line whose goods left at no cost (nobody wrote one down) is no pure profit: it is in `net` as
every line is, but not in `profit`. Such lines are counted apart, `uncosted` and `uncosted_net`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from pos.counter import Counter
from pos.db.database import Database
from pos.db.past import Missing, missing
from pos.shifts.blind import unseen_shift
from pos.staff.people import may, require

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
    uncosted: int = 0
    uncosted_net: int = 0


class SalesReport(NamedTuple):
    """A report as one person may read it: its groups, and the goods sold without a cost.

    `shows_cost`: cost, profit and what lacks a cost may be shown. `unseen`: the open shift is
    left out, for this person is to count its drawer blind. `missing`: sales of these days that are
    not here yet; the figures are without them.
    """

    first: str
    last: str
    by: By
    rows: list[ReportRow]
    without_cost: list[ReportRow]
    shows_cost: bool
    unseen: bool
    missing: Missing | None = None

    @property
    def net(self) -> int:
        """What the groups add up to, in rupiah."""
        return report_total(self.rows)

    @property
    def profit(self) -> int | None:
        """Profit in rupiah; None where it may not be seen, or tenders are listed."""
        if not self.shows_cost or self.by == "tender":
            return None
        return sum(row.profit for row in self.rows)

    @property
    def uncosted(self) -> tuple[int, int]:
        """How many lines were sold without a cost, and for how many rupiah."""
        return (
            sum(row.uncosted for row in self.without_cost),
            sum(row.uncosted_net for row in self.without_cost),
        )


_LINE_NET = "(l.net + CASE WHEN s.tax_included THEN 0 ELSE l.tax END)"
_LINE_SUMS = (
    "count(*), sum(l.qty * l.factor), sum(l.gross), sum(l.line_discount + l.cart_discount),"
    f" sum(l.tax), sum({_LINE_NET}), sum(l.cost),"
    f" sum(CASE WHEN l.cost=0 THEN 0 ELSE {_LINE_NET} - l.tax - l.cost END),"
    f" sum(l.cost=0), sum(CASE WHEN l.cost=0 THEN {_LINE_NET} ELSE 0 END)"
)
_LINES = "FROM sale_line l JOIN sale s ON s.id=l.sale_id"
_WHERE = "WHERE s.day>=?1 AND s.day<=?2 AND (?3=x'' OR s.shift_id<>?3)"
_SALE_SUMS = (
    "count(*), 0, sum(s.gross), sum(s.discount), sum(s.tax), sum(s.total), sum(s.cost),"
    " sum(s.total - s.tax - s.cost - coalesce(u.untaxed, 0)),"
    " coalesce(sum(u.lines), 0), coalesce(sum(u.net), 0)"
)
_SALES = (
    "FROM sale s LEFT JOIN (SELECT l.sale_id, count(*) AS lines,"
    f" sum({_LINE_NET}) AS net, sum({_LINE_NET} - l.tax) AS untaxed"
    f" {_LINES} {_WHERE} AND l.cost=0 GROUP BY l.sale_id) u ON u.sale_id=s.id"
)


def read_sales(counter: Counter, first: str, last: str, by: By) -> SalesReport:
    """The report of a period as the acting person may read it.

    Raises:
        NeedsManager: they may not read reports.
    """
    require(counter, "see_reports")
    unseen = unseen_shift(counter)
    return SalesReport(
        first,
        last,
        by,
        report_sales(counter.db, first, last, by, counter.settings.zone, unseen=unseen),
        sold_without_cost(counter.db, first, last, unseen=unseen),
        may(counter, "see_cost"),
        bool(unseen),
        missing(counter.db, first, last),
    )


def report_sales(
    db: Database, first: str, last: str, by: By, zone: str, *, unseen: bytes = b""
) -> list[ReportRow]:
    """Sales of the business dates `first` to `last` (YYYY-MM-DD, both included), grouped.

    Hours are those of `zone`. Sales of the shift `unseen` are left out.
    """
    period = (first, last, unseen)
    if by == "hour":
        return _by_hour(db, period, zone)
    if by == "tender":
        return _by_tender(db, period)
    return [ReportRow(*row) for row in db.rows(_QUERIES[by](), period)]


def sold_without_cost(
    db: Database, first: str, last: str, *, unseen: bytes = b""
) -> list[ReportRow]:
    """The lines of a period that left at no cost, by product, largest sum first."""
    rows = db.rows(
        f"SELECT lower(hex(l.product_id)), max(l.name), {_LINE_SUMS} {_LINES} {_WHERE}"
        " AND l.cost=0 GROUP BY l.product_id ORDER BY 8 DESC, 2",
        (first, last, unseen),
    )
    return [ReportRow(*row) for row in rows]


def _day() -> str:
    return f"SELECT s.day, s.day, {_SALE_SUMS} {_SALES} {_WHERE} GROUP BY s.day ORDER BY s.day"


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
        f"SELECT lower(hex(s.staff_id)), coalesce(max(f.name), ''), {_SALE_SUMS} {_SALES}"
        f" LEFT JOIN staff f ON f.id=s.staff_id {_WHERE} GROUP BY s.staff_id ORDER BY 8 DESC, 2"
    )


_QUERIES: dict[str, Callable[[], str]] = {
    "day": _day,
    "product": _product,
    "category": _category,
    "cashier": _cashier,
}


def _by_hour(db: Database, period: tuple[str, str, bytes], zone: str) -> list[ReportRow]:
    place = ZoneInfo(zone)
    hours: dict[str, list[int]] = {}
    # Grouped by quarter hours of UTC first: every zone's offset is whole quarters.
    for row in db.rows(
        f"SELECT s.at_ms / 900000, {_SALE_SUMS} {_SALES} {_WHERE} GROUP BY 1", period
    ):
        moment = datetime.fromtimestamp(row[0] * 900, UTC).astimezone(place)
        sums = hours.setdefault(f"{moment.hour:02d}", [0] * 10)
        for place_no, value in enumerate(row[1:]):
            sums[place_no] += value
    return [ReportRow(hour, f"{hour}.00", *sums) for hour, sums in sorted(hours.items())]


def _by_tender(db: Database, period: tuple[str, str, bytes]) -> list[ReportRow]:
    """What came in by each tender, less cash rounding (a row of its own), sums to the total."""
    rows = db.rows(
        "SELECT p.kind, count(*), sum(p.amount) FROM payment p JOIN sale s ON s.id=p.sale_id"
        f" {_WHERE} GROUP BY p.kind ORDER BY p.kind",
        period,
    )
    found = [ReportRow(row[0], row[0], row[1], 0, 0, 0, 0, row[2], 0, 0) for row in rows]
    rounding = db.one(f"SELECT sum(s.rounding<>0), sum(s.rounding) FROM sale s {_WHERE}", period)
    if rounding is not None and rounding[0]:
        found.append(ReportRow("rounding", "rounding", rounding[0], 0, 0, 0, 0, -rounding[1], 0, 0))
    return found


def report_total(rows: list[ReportRow]) -> int:
    """What a report's groups add up to."""
    return sum(row.net for row in rows)
