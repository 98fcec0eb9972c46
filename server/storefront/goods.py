"""What a gerai shows: goods that are sold online, by name, with what may be promised of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select

from core.online import kept_offline
from core.text import fold
from server.catalog.reading import Product, product_of
from server.db.keyed import keyed, rows_by_keys
from server.db.schema.catalog import product, product_stock
from server.db.schema.orders import reservation
from server.db.schema.trade import sale, stock_movement
from server.db.tied import tied
from server.db.transaction import Ask, ShopTx
from server.devices.overview import lines_of
from server.marks import GRAIN_MS
from server.pictures.keeping import Sides, shown_sides, thumbs_sides
from server.storefront.availability import ONE, ONS, Availability, Shelf, availability

PAGE: Final = 24
MOST_CATEGORIES: Final = 40
"""So many a page holds."""
WINDOWS: Final = (28, 7)
"""Days over which what is sold a day is averaged; the greater of the two averages counts."""

_SHOWN: Final = (tied(product), product.c.online, product.c.active)
# Looked up row by row, as `server.stock.reading` does and for its reason.
_qty = (
    select(product_stock.c.qty)
    .where(tied(product_stock), product_stock.c.product_id == product.c.product_id)
    .correlate(product)
    .scalar_subquery()
)
_taken = (
    select(func.sum(reservation.c.qty))
    .where(tied(reservation), reservation.c.product_id == product.c.product_id)
    .correlate(product)
    .scalar_subquery()
)
ON_SHELF: Final = (
    func.coalesce(_qty, 0).label("qty"),
    func.coalesce(_taken, 0).label("reserved"),
)
"""Columns beside a product's: what lies on the shelf, and what orders have set aside of it."""
_OFFERED: Final = select(
    product.c.product_id,
    product.c.name,
    product.c.category,
    product.c.unit,
    product.c.price,
    product.c.fractional,
    product.c.picture,
    *ON_SHELF,
    product.c.sort_name,
).where(*_SHOWN)
_LIST: Final = _OFFERED.order_by(product.c.sort_name, product.c.product_id).limit(PAGE + 1)
_SOME: Final = _OFFERED.where(product.c.product_id.in_(bindparam("keys", expanding=True)))
_QTY_OF = select(product_stock.c.qty).where(
    tied(product_stock), product_stock.c.product_id == bindparam("key")
)
_RESERVED_OF = select(func.sum(reservation.c.qty)).where(
    tied(reservation), reservation.c.product_id == bindparam("key")
)
_CATEGORIES: Final = (
    select(product.c.category)
    .where(*_SHOWN, product.c.category > bindparam("after"))
    .distinct()
    .order_by(product.c.category)
    .limit(MOST_CATEGORIES + 1)
)


def _first_of(window: int) -> tuple[Any, Any]:
    """The first day of a window on which anything was sold, and the first sale of that day."""
    earlier = sale.alias(f"earlier_{window}")
    day = (
        select(func.min(earlier.c.day))
        .where(tied(earlier), earlier.c.day >= bindparam(f"since_{window}"))
        .scalar_subquery()
    )
    of_day = sale.alias(f"of_day_{window}")
    n = select(func.min(of_day.c.n)).where(tied(of_day), of_day.c.day == day).scalar_subquery()
    return day.label(f"day_{window}"), n.label(f"n_{window}")


_FIRSTS: Final = select(*(one for window in WINDOWS for one in _first_of(window)))
_SOLD: Final = keyed(
    select(stock_movement.c.product_id, func.sum(stock_movement.c.qty).label("qty"))
    .where(
        tied(stock_movement),
        stock_movement.c.n >= bindparam("first"),
        stock_movement.c.kind == "sale",
    )
    .group_by(stock_movement.c.product_id),
    stock_movement.c.product_id,
)


class Offer(NamedTuple):
    """A product as a buyer sees it in a list. Rupiah a base unit."""

    product_id: bytes
    name: str
    category: str
    unit: str
    price: int
    picture: bytes
    sides: Sides | None
    available: Availability


class OfferPage(NamedTuple):
    """Some offers by name; `after` finds those that follow, empty at the end."""

    offers: list[Offer]
    after: str


class Categories(NamedTuple):
    """Some categories by name; `after` finds those that follow, empty at the end."""

    names: list[str]
    after: str


class Whole(NamedTuple):
    """One product with all that its own page says; `sides` are its picture's, as it is kept."""

    product: Product
    sides: Sides | None
    available: Availability


class Window(NamedTuple):
    """Days over which sales are averaged: how many, and the first fact in them."""

    days: int
    first: int


class Moment(NamedTuple):
    """When is asked: UTC ms, the shop's business day, its term (ms) and the counters' last sync:
    None where one of them never came."""

    now_ms: int
    today: str
    term_ms: int
    synced_ms: int | None

    @property
    def age_ms(self) -> int | None:
        """How old the stock is, rounded up; None where nobody knows."""
        if self.synced_ms is None:
            return None
        return max(0, -(-self.now_ms // GRAIN_MS) - self.synced_ms // GRAIN_MS) * GRAIN_MS


def last_sync(tx: ShopTx, now_ms: int) -> int | None:
    """When the counter that has been silent longest was heard of (UTC ms).

    Whatever counter is in use may be selling without a network. A shop without a counter has all
    its stock here. None where a counter was never heard of.
    """
    heard = [one.last_seen_ms for one in lines_of(tx) if one.is_current and one.state == "trusted"]
    known = [one for one in heard if one is not None]
    if len(known) < len(heard):
        return None
    return min(known, default=now_ms)


def offers(
    tx: ShopTx, at: Moment, *, category: str = "", text: str = "", after: str = ""
) -> OfferPage:
    """A page of what is sold online. `after` is what the page before gave."""
    conditions: list[Any] = [product.c.sort_name.contains(word) for word in fold(text).split()]
    if category:
        conditions.append(product.c.category == category)
    if after:
        conditions.append(_beyond(after))
    found = tx.rows(_LIST.where(*conditions))
    rows = [row for row in found[:PAGE] if not kept_offline(row.category, row.name)]
    listed = _listed(tx, at, rows)
    last = found[PAGE - 1] if len(found) > PAGE else None
    return OfferPage(listed, f"{last.sort_name}~{last.product_id.hex()}" if last else "")


def offers_of(tx: ShopTx, at: Moment, keys: Sequence[bytes]) -> dict[bytes, Offer]:
    """Those of some products that are sold online."""
    found = tx.rows(_SOME, keys=list(keys)) if keys else ()
    rows = [row for row in found if not kept_offline(row.category, row.name)]
    return {one.product_id: one for one in _listed(tx, at, rows)}


def _listed(tx: ShopTx, at: Moment, rows: Sequence[Any]) -> list[Offer]:
    sold = sold_a_day(tx, [row.product_id for row in rows], at.today)
    sides = thumbs_sides(tx, {row.picture for row in rows})
    return [
        Offer(
            row.product_id,
            row.name,
            row.category,
            row.unit,
            row.price,
            row.picture,
            sides.get(row.picture),
            _available(at, row.qty, row.reserved, sold.get(row.product_id, 0), row.fractional),
        )
        for row in rows
    ]


def offer_of(tx: ShopTx, at: Moment, product_id: bytes) -> Whole | None:
    """One product that is sold online, None where it is not."""
    found = product_of(tx, product_id)
    if found is None or not is_shown(found):
        return None
    fields = found.fields
    sold = sold_a_day(tx, [product_id], at.today)
    qty = tx.scalar(_QTY_OF, key=product_id) or 0
    reserved = tx.scalar(_RESERVED_OF, key=product_id) or 0
    sides = shown_sides(tx, found.picture)
    available = _available(at, qty, reserved, sold.get(product_id, 0), fields.fractional)
    return Whole(found, sides, available)


def is_shown(found: Product) -> bool:
    """Whether a gerai shows a product."""
    fields = found.fields
    return fields.online and fields.active and not kept_offline(fields.category, fields.name)


def online_categories(tx: ShopTx, *, text: str = "", after: str = "") -> Categories:
    """A page of the categories of what is sold online; `text` stands in their names, `after` is
    what the page before gave.

    A page is empty only where nothing is left: those of which all goods stay at the counter are
    gone past.
    """
    query = _CATEGORIES
    if text:
        query = query.where(product.c.category.icontains(text, autoescape=True))
    while True:
        found = [row.category for row in tx.rows(query, after=after)]
        names = [one for one in found[:MOST_CATEGORIES] if not kept_offline(one, "")]
        after = found[MOST_CATEGORIES - 1] if len(found) > MOST_CATEGORIES else ""
        if names or not after:
            return Categories(names, after)


def sold_a_day(tx: ShopTx, keys: Sequence[bytes], today: str) -> dict[bytes, int]:
    """What each of some products sells a day (thousandths): the greater of the averages of the last
    weeks and of the last week, so that what began to sell lately counts."""
    return sold_in(tx, keys, windows_of(tx, today)) if keys else {}


def windows_of(tx: ShopTx, today: str) -> tuple[Window, ...]:
    """The windows that reach back from a business day, as far as there were sales."""
    ask = windows_ask(today)
    row = tx.one(ask.statement, **ask.params)
    assert row is not None
    firsts = [(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return tuple(
        Window(max(1, (date.fromisoformat(today) - date.fromisoformat(day)).days + 1), int(n))
        for day, n in firsts
        if day is not None
    )


def windows_ask(today: str) -> Ask:
    """What `windows_of` asks."""
    whole = date.fromisoformat(today)
    since = {f"since_{one}": (whole - timedelta(days=one - 1)).isoformat() for one in WINDOWS}
    return Ask(_FIRSTS, since)


def sold_in(tx: ShopTx, keys: Sequence[bytes], windows: Sequence[Window]) -> dict[bytes, int]:
    """The same over windows that were found before."""
    found: dict[bytes, int] = {}
    for window in windows if keys else ():
        for row in rows_by_keys(tx, _SOLD, keys, first=window.first):
            average = -(int(row.qty) // window.days)
            found[row.product_id] = max(found.get(row.product_id, 0), average)
    return found


def is_place(text: str) -> bool:
    """Whether a text is a place in the list as `OfferPage.after` gives it."""
    try:
        return len(bytes.fromhex(text.rpartition("~")[2])) == 16 and len(text) < 700
    except ValueError:
        return False


def _available(at: Moment, qty: int, reserved: int, sold: int, fractional: bool) -> Availability:
    least = ONS if fractional else ONE
    return availability(Shelf(int(qty), int(reserved), sold, least, at.age_ms), at.term_ms)


def _beyond(after: str) -> Any:
    name, _, key = after.rpartition("~")
    same = product.c.sort_name == name
    return or_(product.c.sort_name > name, and_(same, product.c.product_id > bytes.fromhex(key)))
