"""A shop's rows of the index as they follow from its tables at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import bindparam, select

from core.dates import local_time
from core.online import kept_offline
from core.text import fold
from server.db.schema.catalog import product
from server.db.schema.directory import gerai_name
from server.db.tied import tied
from server.db.transaction import ShopTx
from server.marks import GRAIN_MS
from server.pictures.keeping import thumbs_sides
from server.search.places import Point, district_of, point_of
from server.shops.reading import ShopHere, shop_here
from server.storefront.availability import ONE, ONS, Shelf, availability
from server.storefront.goods import ON_SHELF, Window, last_sync, sold_in, windows_of
from server.storefront.hours import Holiday, Week
from server.storefront.settings import HOUR_MS, GeraiFields, gerai_fields

MOST_LETTERS: Final = 400
"""Of a product's folded text; what is beyond is not found by."""
ALWAYS: Final = (1 << 50) // GRAIN_MS * GRAIN_MS
"""When a shop without a counter was heard of: all its stock is here."""
_NAME = (
    select(gerai_name.c.name)
    .where(gerai_name.c.shop == bindparam("whose"))
    .order_by(gerai_name.c.claimed_ms.desc(), gerai_name.c.name)
    .limit(1)
)
_PRODUCTS = select(
    product.c.product_id,
    product.c.name,
    product.c.category,
    product.c.brand,
    product.c.unit,
    product.c.price,
    product.c.fractional,
    product.c.picture,
    *ON_SHELF,
).where(tied(product), product.c.online, product.c.active)
_SOME = _PRODUCTS.where(product.c.product_id.in_(bindparam("keys", expanding=True)))
_PAGE = (
    _PRODUCTS.where(product.c.product_id > bindparam("after"))
    .order_by(product.c.product_id)
    .limit(bindparam("most"))
)


class Hours(NamedTuple):
    """When a gerai is open."""

    week: Week
    holidays: tuple[Holiday, ...]


class GeraiRow(NamedTuple):
    """A row of `search_gerai` without its shop, but for what its goods were reckoned by."""

    name: str
    title: str
    sort_title: str
    district: str
    lat: int | None
    lon: int | None
    zone: str
    hours: str
    term_ms: int
    seen_ms: int | None
    day_ends_ms: int


class ProductRow(NamedTuple):
    """A row of `search_product` without its shop."""

    product_id: bytes
    name: str
    folded: str
    size: int
    category: str
    category_key: str
    district: str
    unit: str
    price: int
    fractional: bool
    picture: bytes
    width: int
    height: int
    qty: int
    reserved: int
    sold: int
    lasts_ms: int


class Now(NamedTuple):
    """An open gerai at this moment, and what all its goods are reckoned by."""

    row: GeraiRow
    windows: tuple[Window, ...]

    @property
    def reckoned(self) -> str:
        """In one text: where it differs, all goods of the shop are to be reckoned anew."""
        row = self.row
        return msgspec.json.encode(
            (row.day_ends_ms, row.term_ms, row.district, self.windows)
        ).decode()


def now_of(tx: ShopTx, now_ms: int) -> Now | None:
    """The shop's gerai, None where it is closed to buyers or has no address yet."""
    here = shop_here(tx)
    fields = gerai_fields(here) if here is not None else None
    if here is None or fields is None or not fields.gerai_open:
        return None
    name = tx.scalar(_NAME, whose=tx.shop_id)
    if name is None:
        return None
    seen_ms = last_sync(tx, ALWAYS)
    row = GeraiRow(
        name,
        here.name,
        fold(here.name),
        district_of(fields, here.setting("address", str, "")),
        *_point(fields),
        here.zone,
        pack_hours(fields),
        fields.gerai_term_hours * HOUR_MS,
        None if seen_ms is None else seen_ms // GRAIN_MS * GRAIN_MS,
        _day_ends(here, now_ms),
    )
    return Now(row, windows_of(tx, here.today(now_ms)))


def products_of(tx: ShopTx, now: Now, keys: Sequence[bytes]) -> list[ProductRow]:
    """The rows of some products: of those that the gerai shows."""
    return _rows(tx, now, tx.rows(_SOME, keys=list(keys)) if keys else ())


def products_after(
    tx: ShopTx, now: Now, after: bytes, most: int
) -> tuple[list[ProductRow], bytes | None]:
    """The rows of the next products by id, and the id of the last one that was looked at: None
    where none follow."""
    found = tx.rows(_PAGE, after=after, most=most)
    last = found[-1].product_id if len(found) == most else None
    return _rows(tx, now, found), last


def _rows(tx: ShopTx, now: Now, found: Sequence[Any]) -> list[ProductRow]:
    shown = [one for one in found if not kept_offline(one.category, one.name)]
    sold = sold_in(tx, [one.product_id for one in shown], now.windows)
    sides = thumbs_sides(tx, {one.picture for one in shown})
    rows = []
    for one in shown:
        side = sides.get(one.picture)
        category = fold(one.category)
        folded = f" {fold(one.name)} {category} {fold(one.brand)} "
        folded = f" {' '.join(folded.split())[:MOST_LETTERS]} "
        qty, taken, sells = int(one.qty), int(one.reserved), sold.get(one.product_id, 0)
        least = ONS if one.fractional else ONE
        shelf = Shelf(qty, taken, sells, least, 0)
        rows.append(
            ProductRow(
                one.product_id,
                one.name,
                folded,
                len(folded),
                one.category,
                category,
                now.row.district,
                one.unit,
                one.price,
                one.fractional,
                one.picture if side else b"",
                side.width if side else 0,
                side.height if side else 0,
                qty,
                taken,
                sells,
                lasts_ms(shelf, now.row.term_ms),
            )
        )
    return rows


def lasts_ms(shelf: Shelf, term_ms: int) -> int:
    """How old the counters' last word may be, in whole steps, for some to be promised; -1 where
    none is even at once. A promise never grows with age."""
    steps = term_ms // GRAIN_MS

    def is_promised(step: int) -> bool:
        return availability(shelf._replace(age_ms=step * GRAIN_MS), term_ms).promise > 0

    if not is_promised(0):
        return -1
    low, high = 0, steps
    if is_promised(high):
        return high * GRAIN_MS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_promised(middle) else (low, middle)
    return low * GRAIN_MS


def pack_hours(fields: GeraiFields) -> str:
    """Week and holidays as text."""
    return msgspec.json.encode(Hours(fields.gerai_hours, fields.gerai_holidays)).decode()


def unpack_hours(text: str) -> Hours:
    """Week and holidays from their text."""
    return msgspec.json.decode(text, type=Hours)


def _point(fields: GeraiFields) -> tuple[int | None, int | None]:
    point: Point | None = point_of(fields.gerai_map) if fields.gerai_map else None
    return (None, None) if point is None else (point.lat, point.lon)


def _day_ends(here: ShopHere, now_ms: int) -> int:
    """When the shop's business day ends (UTC ms): what sells a day is reckoned anew then."""
    local = local_time(now_ms, here.zone)
    ends = datetime(local.year, local.month, local.day, tzinfo=ZoneInfo(here.zone))
    ends += timedelta(minutes=here.day_close_minutes)
    today = here.today(now_ms)
    while here.today(int(ends.timestamp() * 1000)) <= today:
        ends += timedelta(days=1)
    return int(ends.timestamp() * 1000)
