"""Stock as it is, found by name, code or barcode, and the movements that made it."""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import (
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from core.gtin import normal_form
from core.text import fold
from server.db.schema import SHOP
from server.db.schema.catalog import product, product_barcode, product_stock
from server.db.schema.journal import entry
from server.db.schema.people import register
from server.db.schema.trade import sale, stock_movement
from server.db.tied import meets, tied
from server.db.transaction import ShopTx
from server.db.types import Big
from server.shops.merged import by_former_name

PAGE: Final = 50
Level = Literal["", "short", "negative"]


def _stock(name: str) -> ScalarSelect[Any]:
    """A product's stock, looked up row by row: for a join PostgreSQL guesses so few rows behind
    row-level security that it compares every product with every other."""
    return (
        select(product_stock.c[name])
        .where(tied(product_stock), product_stock.c.product_id == product.c.product_id)
        .correlate(product)
        .scalar_subquery()
    )


_qty = func.coalesce(_stock("qty"), 0)
_NEGATIVE = _qty < 0
_SHORT = and_(product.c.active, _qty <= product.c.min_stock)
"""The counter's own rule (core.stock_level): down to the minimum, out, or below nothing."""


class GoodsRow(NamedTuple):
    """A product with its stock; quantities in thousandths of the base unit, money in rupiah."""

    product_id: bytes
    name: str
    code: str
    category: str
    unit: str
    price: int
    min_stock: int
    active: bool
    qty: int
    value: int
    cost: int | None


class GoodsPage(NamedTuple):
    """Some goods by name; `after` finds those that follow, empty at the end."""

    rows: list[GoodsRow]
    after: str
    count: int  # type: ignore[assignment]  # hides tuple.count


class Movement(NamedTuple):
    """Stock moved: `qty` thousandths (negative: out). `receipt` and `n` where a sale moved it."""

    n: int
    i: int
    kind: str
    qty: int
    value: int
    at_ms: int
    register: str
    receipt: str


class MovementPage(NamedTuple):
    """Some movements, newest first; `before` (number and part) finds older ones."""

    rows: list[Movement]
    before: tuple[int, int] | None


class StockCounts(NamedTuple):
    """How many goods there are, and how many of them run short or are below nothing."""

    all: int
    short: int
    negative: int


_FROM: Final = (
    select(
        product.c.product_id,
        product.c.name,
        product.c.code,
        product.c.category,
        product.c.unit,
        product.c.price,
        product.c.min_stock,
        product.c.active,
        _qty.label("qty"),
        func.coalesce(_stock("value"), 0).label("value"),
        _stock("cost").label("cost"),
        product.c.sort_name,
    )
    .select_from(product)
    .where(tied(product))
)
# OFFSET 0 keeps the look-up in there, so that it is made once for each product.
_LEVELS: Final = (
    select(product.c.min_stock, _qty.label("qty"))
    .where(tied(product), product.c.active)
    .offset(0)
    .subquery()
)
_level = case(
    (_LEVELS.c.qty < 0, "negative"), (_LEVELS.c.qty <= _LEVELS.c.min_stock, "short"), else_=""
)
_COUNTS: Final = select(
    func.count().label("every"),
    func.count().filter(_level == "short").label("short"),
    func.count().filter(_level == "negative").label("negative"),
)
_MOVES: Final = (
    select(
        stock_movement.c.n,
        stock_movement.c.i,
        stock_movement.c.kind,
        stock_movement.c.qty,
        stock_movement.c.value,
        entry.c.at_ms,
        register.c.register,
        sale.c.receipt,
    )
    .select_from(stock_movement)
    .join(entry, meets(entry, entry.c.n == stock_movement.c.n))
    .join(register, meets(register, register.c.device == entry.c.device), isouter=True)
    .join(sale, meets(sale, sale.c.n == stock_movement.c.n), isouter=True)
    .where(tied(stock_movement), stock_movement.c.product_id == bindparam("product"))
    .order_by(stock_movement.c.n.desc(), stock_movement.c.i.desc())
)


def goods(
    tx: ShopTx, text: str = "", level: Level = "", *, archived: bool = False, after: str = ""
) -> GoodsPage:
    """A page of goods by name. `after` is what the page before gave."""
    conditions = _conditions(text, level, archived)
    listed = _FROM.where(*conditions)
    if after:
        name, _, key = after.rpartition("~")
        beyond = bytes.fromhex(key)
        listed = listed.where(
            or_(
                product.c.sort_name > name,
                and_(product.c.sort_name == name, product.c.product_id > beyond),
            )
        )
    found = tx.rows(listed.order_by(product.c.sort_name, product.c.product_id).limit(PAGE + 1))
    count = tx.scalar(_counting(conditions))
    rows = [GoodsRow(*row[:-1]) for row in found[:PAGE]]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return GoodsPage(
        rows, f"{last.sort_name}~{last.product_id.hex()}" if last is not None else "", int(count)
    )


def one_of_goods(tx: ShopTx, product_id: bytes) -> GoodsRow | None:
    """One product with its stock, None where the shop has none of that id."""
    row = tx.one(_FROM.where(product.c.product_id == product_id))
    return None if row is None else GoodsRow(*row[:-1])


def stock_counts(tx: ShopTx) -> StockCounts:
    """Of the goods that are sold now."""
    row = tx.one(_COUNTS)
    assert row is not None
    return StockCounts(row.every, row.short + row.negative, row.negative)


def movements_of(
    tx: ShopTx, product_id: bytes, before: tuple[int, int] | None = None
) -> MovementPage:
    """A page of a product's movements, newest first."""
    statement = _MOVES
    if before:
        n, i = before
        place = stock_movement.c.n == n
        statement = statement.where(
            # The part comes from an address and may be larger than its column takes.
            or_(stock_movement.c.n < n, and_(place, stock_movement.c.i < literal(i, Big)))
        )
    found = tx.rows(statement.limit(PAGE + 1), product=product_id)
    rows = [
        Movement(
            row.n,
            row.i,
            row.kind,
            row.qty,
            row.value,
            row.at_ms,
            row.register or "",
            row.receipt or "",
        )
        for row in found[:PAGE]
    ]
    return MovementPage(rows, (rows[-1].n, rows[-1].i) if len(found) > PAGE else None)


def _conditions(text: str, level: Level, archived: bool) -> list[Any]:
    conditions: list[Any] = [] if archived else [product.c.active]
    if level == "short":
        conditions.append(_SHORT)
    elif level == "negative":
        conditions.append(_NEGATIVE)
    words = fold(text).split()
    if text.strip():
        conditions.append(_found(text.strip(), words))
    return conditions


def _found(text: str, words: list[str]) -> Any:
    """By every word of the name, also of one that was merged into it, else by code or barcode as
    typed."""
    by_code = or_(
        func.lower(product.c.code) == text.lower(),
        exists().where(
            product_barcode.c.shop_id == SHOP,
            product_barcode.c.product_id == product.c.product_id,
            product_barcode.c.code == _barcode(text),
        ),
    )
    if not words:
        return by_code
    by_name = and_(*(product.c.sort_name.contains(word) for word in words))
    return or_(by_name, by_code, product.c.product_id.in_(by_former_name("product", words)))


def _barcode(text: str) -> str:
    try:
        return normal_form(text)
    except ValueError:
        return text


def _counting(conditions: list[Any]) -> Select[Any]:
    return select(func.count()).select_from(product).where(tied(product), *conditions)
