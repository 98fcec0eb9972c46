"""What a gerai's pages are made of, but for the time, in a few numbers that are quickly asked."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import func, select

from server.db.prepared import Prepared
from server.db.schema import SHOP
from server.db.schema.directory import gerai_name
from server.db.schema.pictures import picture
from server.db.schema.shops import shop_feed
from server.db.tied import tied
from server.db.transaction import ShopTx
from server.marks import GRAIN_MS

_pictures = select(func.count()).where(tied(picture)).scalar_subquery()
_newest = select(func.max(picture.c.at_ms)).where(tied(picture)).scalar_subquery()
_name = (
    select(gerai_name.c.name)
    .where(gerai_name.c.shop == SHOP)
    .order_by(gerai_name.c.claimed_ms.desc(), gerai_name.c.name)
    .limit(1)
    .scalar_subquery()
)
_STAMP: Final = Prepared(
    select(
        _name.label("name"),
        shop_feed.c.epoch,
        shop_feed.c.next_n,
        _pictures.label("pictures"),
        _newest.label("newest"),
    ).where(tied(shop_feed))
)
Stamp = tuple[Any, ...]


def stamp_of(tx: ShopTx, heard_ms: int | None) -> Stamp:
    """The gerai's newest address, where its shop's feed stands, which pictures have come, and when
    the counters were heard of (in the steps in which ages are told).

    What is read after it is never older than it says.
    """
    step = None if heard_ms is None else heard_ms // GRAIN_MS
    return (*tx.ask(_STAMP)[0], step)
