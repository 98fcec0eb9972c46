"""What no goods name any more goes after some days, and what was never finished after a week."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, exists, select, update

from server.db.schema.catalog import HAS_PICTURE, product
from server.db.schema.pictures import picture, picture_part
from server.db.tied import tied
from server.db.transaction import ShopTx
from server.pictures.drawing import draw_again
from server.pictures.shown import drop_orphans
from server.services import Services

DAY_MS: Final = 24 * 3_600_000
PART_DAYS: Final = 7
SHOPS_A_TURN: Final = 2_000
"""So many shops are swept at a time; those that follow, the next time."""
DRAWN_A_TURN: Final = 100
"""So many pictures of an earlier version are made again at a time: half a minute's work."""

_is_named = exists(
    select(product.c.product_id)
    .where(tied(product), HAS_PICTURE, product.c.picture == picture.c.hash)
    .correlate(picture)
)
_USED: Final = (
    update(picture)
    .where(tied(picture), picture.c.unused_ms.is_not(None), _is_named)
    .values(unused_ms=None)
)
_UNUSED: Final = (
    update(picture)
    .where(tied(picture), picture.c.unused_ms.is_(None), ~_is_named)
    .values(unused_ms=bindparam("now"))
)
_OLD: Final = delete(picture).where(tied(picture), picture.c.unused_ms <= bindparam("before"))
_STALE: Final = delete(picture_part).where(
    tied(picture_part), picture_part.c.at_ms <= bindparam("before")
)


def tidy(tx: ShopTx, services: Services) -> int:
    """Note which pictures are not named, and remove those that have not been for long; how many
    rows went. A picture that is named again in time stays."""
    now_ms = services.now_ms()
    keep_ms = services.picture_rules.keep_days * DAY_MS
    tx.run(_USED)
    tx.run(_UNUSED, now=now_ms)
    gone = tx.run(_OLD, before=now_ms - keep_ms)
    if gone:
        drop_orphans(tx)
    return gone + tx.run(_STALE, before=now_ms - PART_DAYS * DAY_MS)


class PictureSweep:
    """Goes through the shops, some at a time."""

    def __init__(self, services: Services) -> None:
        """Begin with the oldest shop."""
        self._services = services
        self._next = 0

    def turn(self, most: int = SHOPS_A_TURN, draws: int = DRAWN_A_TURN) -> int:
        """Tidy the next shops, each in a transaction of its own, and make what pages lack of
        their pictures, `draws` at most; how many rows went."""
        shops = self._services.store.shop_ids()
        some = shops[self._next : self._next + most]
        self._next = 0 if self._next + most >= len(shops) else self._next + most
        work, gone = self._services, 0
        for shop in some:
            gone += work.store.in_shop(shop, lambda tx: tidy(tx, work))
            draws -= draw_again(work, shop, draws) if draws > 0 else 0
        return gone
