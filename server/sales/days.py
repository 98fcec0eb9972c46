"""A day in figures: sums, hours, ways of paying, goods.

Money in rupiah, refunds negative. A line whose goods left at no cost (nobody wrote one down) is
no pure profit: it counts in the total as every line does, but not in the profit (as on the
counter).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select

from core.dates import local_time
from server.db.schema.catalog import product
from server.db.schema.trade import payment, sale, sale_line
from server.db.tied import tied
from server.db.transaction import ShopTx

_QUARTER_MS: Final = 900_000
"""Hours are made of quarters: no zone is off by less."""

_is_refund = sale.c.type == "refund"


def _sum_if(condition: object, value: object) -> object:
    return func.coalesce(func.sum(case((condition, value), else_=0)), 0)  # type: ignore[arg-type]


_FIGURES = select(
    func.coalesce(func.sum(sale.c.total), 0).label("total"),
    _sum_if(~_is_refund, 1).label("many"),  # type: ignore[attr-defined]
    _sum_if(~_is_refund, sale.c.total).label("sold"),  # type: ignore[attr-defined]
    _sum_if(_is_refund, 1).label("refunds"),  # type: ignore[attr-defined]
    _sum_if(_is_refund, sale.c.total).label("refunded"),  # type: ignore[attr-defined]
    func.coalesce(func.sum(sale.c.total - sale.c.tax - sale.c.cost), 0).label("margin"),
    func.coalesce(func.sum(sale.c.discount), 0).label("discount"),
    func.coalesce(func.sum(func.abs(sale.c.tax)), 0).label("tax"),
).where(tied(sale), sale.c.day == bindparam("day"))

# Lines and payments are found by the day's numbers (never joined: the engines then read a year).
_OF_DAY = select(sale.c.n).where(tied(sale), sale.c.day == bindparam("day"))
_tax_inside = sale.c.gross - sale.c.discount == sale.c.total
_NET = func.coalesce(func.sum(sale_line.c.net), 0)
_UNTAXED = func.coalesce(func.sum(sale_line.c.net - sale_line.c.tax), 0)


def _uncosted(net: ColumnElement[int], of: Select[Any]) -> Select[Any, Any]:
    return select(func.count().label("lines"), net.label("net")).where(
        tied(sale_line), sale_line.c.n.in_(of), sale_line.c.cost == 0
    )


# Where the total is the goods' sum already, tax lies inside of it.
_UNCOSTED = (
    _uncosted(_UNTAXED, _OF_DAY.where(_tax_inside)),
    _uncosted(_NET, _OF_DAY.where(~_tax_inside)),
)
_UNCOSTED_UNTAXED = _uncosted(_NET, _OF_DAY)
_quarter = sale.c.at_ms // _QUARTER_MS
_QUARTERS = (
    select(
        _quarter.label("quarter"),
        func.sum(sale.c.total).label("total"),
        func.count().label("count"),
    )
    .where(tied(sale), sale.c.day == bindparam("day"))
    .group_by(_quarter)
)
_TENDERS = (
    select(
        payment.c.kind,
        func.sum(payment.c.amount).label("amount"),
        func.count(payment.c.n.distinct()).label("many"),
    )
    .where(tied(payment), payment.c.n.in_(_OF_DAY))
    .group_by(payment.c.kind)
    .order_by(func.sum(payment.c.amount).desc(), payment.c.kind)
)
_net = func.sum(sale_line.c.net)
_GOODS = (
    select(
        sale_line.c.product_id,
        func.sum(sale_line.c.qty * sale_line.c.factor).label("qty"),
        _net.label("net"),
    )
    .where(tied(sale_line), sale_line.c.n.in_(_OF_DAY))
    .group_by(sale_line.c.product_id)
    .order_by(_net.desc(), sale_line.c.product_id)
    .limit(bindparam("most"))
)
_NAMES = select(product.c.product_id, product.c.name, product.c.unit).where(
    tied(product), product.c.product_id.in_(bindparam("keys", expanding=True))
)
_LAST_DAY = select(func.max(sale.c.day)).where(tied(sale))


class DayFigures(NamedTuple):
    """A business day. `count` and `sold`: sales and exchanges; `profit` before other expenses,
    `uncosted`: lines without a cost, which are not in it."""

    total: int
    count: int  # type: ignore[assignment]  # hides tuple.count
    sold: int
    refunds: int
    refunded: int
    discount: int
    profit: int
    uncosted: int

    @property
    def average(self) -> int:
        """What one sale came to, in whole rupiah; 0 where there was none."""
        return self.sold // self.count if self.count else 0


class Hour(NamedTuple):
    """What was sold in one hour of the shop's clock (0 to 23)."""

    hour: int
    total: int
    count: int  # type: ignore[assignment]


class TenderSum(NamedTuple):
    """A way of paying: rupiah, and in how many receipts."""

    kind: str
    amount: int
    count: int  # type: ignore[assignment]


class GoodsSum(NamedTuple):
    """A product's sales: quantity in thousandths of its base unit, rupiah."""

    product_id: bytes
    name: str
    unit: str
    qty: int
    net: int


def day_total(tx: ShopTx, day: str) -> tuple[int, int]:
    """Rupiah and sales (refunds not counted) of a business day, to compare another with."""
    row = tx.one(_FIGURES, day=day)
    assert row is not None
    return int(row.total), int(row.many)


def day_figures(tx: ShopTx, day: str) -> DayFigures:
    """The sums of a business day (YYYY-MM-DD)."""
    row = tx.one(_FIGURES, day=day)
    assert row is not None
    parts = _UNCOSTED if row.tax else (_UNCOSTED_UNTAXED,)
    uncosted = [one for part in parts for one in tx.rows(part, day=day)]
    return DayFigures(
        int(row.total),
        int(row.many),
        int(row.sold),
        int(row.refunds),
        int(row.refunded),
        int(row.discount),
        int(row.margin) - sum(int(one.net) for one in uncosted),
        sum(one.lines for one in uncosted),
    )


def by_hour(tx: ShopTx, day: str, zone: str) -> list[Hour]:
    """The hours in which something was sold, in the order of the clock of `zone`."""
    sums: dict[int, list[int]] = {}
    for quarter, total, count in tx.rows(_QUARTERS, day=day):
        hour = local_time(int(quarter) * _QUARTER_MS, zone).hour
        found = sums.setdefault(hour, [0, 0])
        found[0] += int(total)
        found[1] += int(count)
    return [Hour(hour, *sums[hour]) for hour in sorted(sums)]


def by_tender(tx: ShopTx, day: str) -> list[TenderSum]:
    """The day's ways of paying, the largest first."""
    return [TenderSum(row.kind, int(row.amount), row.many) for row in tx.rows(_TENDERS, day=day)]


def best_goods(tx: ShopTx, day: str, most: int = 5) -> list[GoodsSum]:
    """The goods that brought most."""
    rows = tx.rows(_GOODS, day=day, most=most)
    names = {}
    if rows:
        keys = [row.product_id for row in rows]
        names = {key: (name, unit) for key, name, unit in tx.rows(_NAMES, keys=keys)}
    return [
        GoodsSum(row.product_id, *names.get(row.product_id, ("", "")), int(row.qty), int(row.net))
        for row in rows
    ]


def last_day(tx: ShopTx) -> str | None:
    """The latest business day on which something was sold."""
    found: str | None = tx.scalar(_LAST_DAY)
    return found
