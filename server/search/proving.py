"""The proof of the index: what a rebuild of a shop's rows would change. It reads only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select

from server.db.schema import SHOP
from server.db.schema.search import search_gerai, search_mark, search_product
from server.db.transaction import ShopTx
from server.search.reckoning import GeraiRow, ProductRow, now_of, products_after
from server.services import Services

_PART: Final = 1_000
_GERAI = select(*(search_gerai.c[name] for name in GeraiRow._fields)).where(
    search_gerai.c.owner == SHOP
)
_PRODUCTS = select(*(search_product.c[name] for name in ProductRow._fields)).where(
    search_product.c.owner == SHOP
)
_WAITING = select(func.count()).where(search_mark.c.shop == SHOP)


class Difference(NamedTuple):
    """One row that is not as the shop's tables say."""

    table: str
    found: str
    expected: str


class IndexProof(NamedTuple):
    """What a shop's rows of the index prove. `waiting`: marks that are still to be followed, with
    which a difference is no fault."""

    ok: bool
    waiting: int
    goods: int
    differences: tuple[Difference, ...]


def prove_index(services: Services, shop_id: bytes) -> IndexProof:
    """Compare a shop's rows of the index with what follows from its tables, at one moment."""
    with services.store.reading_shop(shop_id, snapshot=True) as tx:
        waiting = int(tx.scalar(_WAITING))
        stored: dict[Any, Any] = {row.product_id: ProductRow(*row) for row in tx.rows(_PRODUCTS)}
        goods = len(stored)
        found = tuple(_differences(tx, services.now_ms(), stored))
    return IndexProof(not found or waiting > 0, waiting, goods, found)


def _differences(tx: ShopTx, now_ms: int, stored: dict[Any, Any]) -> Iterator[Difference]:
    row, now = tx.one(_GERAI), now_of(tx, now_ms)
    gerai = None if row is None else GeraiRow(*row)
    expected = None if now is None else now.row
    if gerai != expected:
        yield Difference("search_gerai", _said(gerai), _said(expected))
    after: bytes | None = bytes(16) if now is not None else None
    while now is not None and after is not None:
        rows, after = products_after(tx, now, after, _PART)
        for one in rows:
            there = stored.pop(one.product_id, None)
            if there != one:
                yield Difference("search_product", _said(there), _said(one))
    for left in stored.values():
        yield Difference("search_product", _said(left), "")


def _said(row: Any) -> str:
    if row is None:
        return ""
    return " ".join(one.hex() if isinstance(one, bytes) else str(one) for one in row)
