"""What the command line shows of a shop: its sales, its stock, its feed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, outerjoin, select

from core.sync.feed import verdict_codes
from server.db.schema import SHOP, catalog, journal, trade
from server.services import Services

_PART = 1_000
_sale, _entry = trade.sale, journal.entry
_product, _stock = catalog.product, catalog.product_stock
_SALES = (
    select(
        _sale.c.n,
        _sale.c.receipt,
        _sale.c.device,
        _sale.c.type,
        _sale.c.total,
        _sale.c.day,
        _sale.c.at_ms,
        _entry.c.verdict,
        _entry.c.hash,
    )
    .select_from(_sale.join(_entry, and_(_entry.c.shop_id == SHOP, _entry.c.n == _sale.c.n)))
    .where(_sale.c.shop_id == SHOP, _sale.c.n > bindparam("after"))
    .order_by(_sale.c.n)
    .limit(_PART)
)
_STOCK = (
    select(
        _stock.c.product_id,
        func.coalesce(_product.c.code, "").label("code"),
        func.coalesce(_product.c.name, "").label("name"),
        _stock.c.qty,
        _stock.c.value,
    )
    .select_from(
        outerjoin(
            _stock,
            _product,
            and_(_product.c.shop_id == SHOP, _product.c.product_id == _stock.c.product_id),
        )
    )
    .where(_stock.c.shop_id == SHOP)
    .order_by(_product.c.code, _stock.c.product_id)
)
_FEED = (
    select(
        _entry.c.n,
        _entry.c.device,
        _entry.c.seq,
        _entry.c.kind,
        _entry.c.version,
        _entry.c.hash,
        _entry.c.at_ms,
        _entry.c.verdict,
    )
    .where(_entry.c.shop_id == SHOP, _entry.c.n > bindparam("after"))
    .order_by(_entry.c.n)
    .limit(_PART)
)


class ListedSale(NamedTuple):
    """A sale in a line: `flags` are the rules it breaks; `hash` is its fact's."""

    receipt: str
    register: str
    type: str
    total: int
    business_date: str
    at_ms: int
    flags: tuple[str, ...]
    hash: bytes


class ListedStock(NamedTuple):
    """A product in a line: thousandths of its base unit, and their value in rupiah."""

    product_id: bytes
    code: str
    name: str
    qty: int
    value: int


def sales_of(services: Services, shop_id: bytes) -> Iterator[ListedSale]:
    """A shop's sales in the feed's order."""
    for row in _parts(services, shop_id, _SALES):
        # A receipt's number begins with the code of the register that printed it.
        register = row.receipt.rpartition("-")[0]
        flags = verdict_codes(row.verdict)
        yield ListedSale(
            row.receipt, register, row.type, row.total, row.day, row.at_ms, flags, row.hash
        )


def stock_of(services: Services, shop_id: bytes) -> list[ListedStock]:
    """A shop's stock by product code."""
    with services.store.reading_shop(shop_id) as tx:
        return [ListedStock(*row) for row in tx.rows(_STOCK)]


def feed_of(services: Services, shop_id: bytes) -> Iterator[Any]:
    """A shop's feed without the facts' own bytes: n, device, seq, kind, version, hash, at_ms,
    verdict."""
    yield from _parts(services, shop_id, _FEED)


def _parts(services: Services, shop_id: bytes, query: Any) -> Iterator[Any]:
    after = 0
    while True:
        with services.store.reading_shop(shop_id) as tx:
            rows = tx.rows(query, after=after)
        yield from rows
        if len(rows) < _PART:
            return
        after = rows[-1].n
