"""Goods as an order sees them: what they cost now, and how much of them is free."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import func, select

from core.cart import MAX_QTY, Cart, CartLine, Goods, PricedUnit, Tier
from core.errors import Refused
from core.facts.orders import OrderLine
from core.online import kept_offline
from core.orders.story import demand
from core.pricing import price
from core.tax import TaxRule
from server.db.keyed import ask_by_keys, keyed, rows_by_keys
from server.db.schema.catalog import product, product_stock
from server.db.schema.orders import reservation
from server.db.tied import tied
from server.db.transaction import Ask, ShopTx
from server.orders.refusals import BadBasket, GoodsGone, NotEnough, PriceChanged
from server.storefront.availability import ONE, ONS, Availability, Shelf, availability
from server.storefront.goods import Moment, sold_a_day

MOST_LINES: Final = 50
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
_GOODS: Final = keyed(
    select(
        product,
        func.coalesce(_qty, 0).label("stock"),
        func.coalesce(_taken, 0).label("reserved"),
    ).where(tied(product)),
    product.c.product_id,
)


class Item(NamedTuple):
    """What a buyer wants: thousandths of a unit, at the price (rupiah a unit) that was seen; None
    where none was shown yet."""

    product_id: bytes
    unit: str
    qty: int
    seen: int | None = None


class Ware(NamedTuple):
    """A product for sale; `free` thousandths of the base unit are neither sold nor set aside, None
    where nobody counted them."""

    goods: Goods
    category: str
    available: Availability
    free: int | None
    picture: bytes

    @property
    def most(self) -> int | None:
        """What may be ordered: what is promised, or what the shop must be asked for."""
        return self.free if self.available.state == "confirm" else self.available.promise


class Priced(NamedTuple):
    """Lines as they are ordered; `sure`: all of it is promised, the shop need not be asked."""

    lines: tuple[OrderLine, ...]
    sure: bool

    @property
    def total(self) -> int:
        """Rupiah."""
        return sum(line.net for line in self.lines)


def wares_of(tx: ShopTx, keys: Collection[bytes], at: Moment) -> dict[bytes, Ware]:
    """Those of some products that are sold online now."""
    rows = rows_by_keys(tx, _GOODS, keys)
    sold = sold_a_day(tx, sorted(keys), at.today)
    found = {}
    for row in rows:
        if not (row.online and row.active) or kept_offline(row.category, row.name):
            continue
        least = ONS if row.fractional else ONE
        stock, reserved = int(row.stock), int(row.reserved)
        shelf = Shelf(stock, reserved, sold.get(row.product_id, 0), least, at.age_ms)
        goods = Goods(
            row.product_id, row.code, row.name, row.unit, row.price, row.tax_class,
            tuple(PricedUnit(*one) for one in msgspec.json.decode(row.units)),
            tuple(Tier(*one) for one in msgspec.json.decode(row.tiers)),
            row.fractional,
        )  # fmt: skip
        free = None if stock < 0 else max(0, stock - reserved)
        found[row.product_id] = Ware(
            goods, row.category, availability(shelf, at.term_ms), free, row.picture
        )
    return found


def wares_ask(keys: Collection[bytes]) -> Ask:
    """What `wares_of` asks first."""
    return ask_by_keys(_GOODS, keys)


class Quoted(NamedTuple):
    """A line of a basket at today's price; `why` says what keeps it from being ordered."""

    item: Item
    line: OrderLine | None
    why: Refused | None


def quoted(
    wares: dict[bytes, Ware], items: Sequence[Item], tax: TaxRule | None
) -> tuple[Quoted, ...]:
    """What each line of a basket costs now, and what is wrong with it."""
    bad = {at: why for at, item in enumerate(items) if (why := _fault(wares, item)) is not None}
    good = [item for at, item in enumerate(items) if at not in bad]
    whole = price(Cart(tuple(_cart_line(wares, item) for item in good)), tax)
    lines = iter(
        OrderLine(
            one.product_id, one.name, one.unit, one.factor, one.qty, one.unit_price,
            one.net + (0 if whole.tax_included else one.tax),
        )
        for one in whole.lines
    )  # fmt: skip
    found = [
        Quoted(item, None if at in bad else next(lines), bad.get(at))
        for at, item in enumerate(items)
    ]
    wanted = demand(one.line for one in found if one.line)
    return tuple(one._replace(why=one.why or _not_as_seen(wares, one, wanted)) for one in found)


def priced(wares: dict[bytes, Ware], items: Sequence[Item], tax: TaxRule | None) -> Priced:
    """The lines of an order at today's prices.

    Raises:
        BadBasket, GoodsGone, NotEnough, PriceChanged: it cannot be ordered so.
    """
    if not 0 < len(items) <= MOST_LINES:
        raise BadBasket(why="lines")
    found = quoted(wares, items, tax)
    for one in found:
        if one.why is not None:
            raise one.why
    sure = all(wares[item.product_id].available.state in ("ready", "few") for item in items)
    return Priced(tuple(one.line for one in found if one.line), sure)


def _fault(wares: dict[bytes, Ware], item: Item) -> Refused | None:
    ware = wares.get(item.product_id)
    if ware is None:
        return GoodsGone(product=item.product_id)
    if item.unit not in ware.goods.unit_names():
        return GoodsGone(name=ware.goods.name, product=item.product_id)
    if not 0 < item.qty <= MAX_QTY or (item.qty % ONE and not ware.goods.fractional):
        return BadBasket(why="qty")
    return None


def _not_as_seen(wares: dict[bytes, Ware], one: Quoted, wanted: dict[bytes, int]) -> Refused | None:
    line = one.line
    if line is None:
        return None
    ware = wares[line.product_id]
    if ware.most is not None and wanted[line.product_id] > ware.most:
        return NotEnough(
            name=ware.goods.name, unit=ware.goods.base_unit, left=ware.most, product=line.product_id
        )
    if one.item.seen is not None and one.item.seen != line.unit_price:
        return PriceChanged(name=line.name, unit=line.unit, old=one.item.seen, new=line.unit_price)
    return None


def _cart_line(wares: dict[bytes, Ware], item: Item) -> CartLine:
    return CartLine(wares[item.product_id].goods, item.unit, item.qty)
