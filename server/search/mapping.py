"""What search engines are told that there is: open gerai and their goods, of the index."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from server.db.schema.search import search_gerai, search_product
from server.services import Services

MOST_LISTED: Final = 50_000
"""So many addresses a map holds, as its format says."""

_GERAI: Final = select(search_gerai.c.name).order_by(search_gerai.c.name).limit(MOST_LISTED)
_GOODS: Final = (
    select(search_product.c.product_id, search_product.c.name)
    .where(search_product.c.owner == bindparam("whose"))
    .order_by(search_product.c.product_id)
    .limit(MOST_LISTED - 1)
)


class Mapped(NamedTuple):
    """A product of a gerai."""

    product_id: bytes
    name: str


def open_gerai(services: Services) -> list[str]:
    """The addresses of the gerai that are open."""
    with services.store.reading_directory() as tx:
        return [row.name for row in tx.rows(_GERAI)]


def goods_of(services: Services, shop_id: bytes) -> list[Mapped]:
    """What a gerai shows; a large shop's last goods are left out."""
    with services.store.reading_directory() as tx:
        return [Mapped(*row) for row in tx.rows(_GOODS, whose=shop_id)]
