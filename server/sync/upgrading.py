"""A newer program knows kinds of facts, and fields of them, that the one before only kept: they are
folded in their place, shop by shop, before anybody is served.

A counter that knew them already has them folded; until this is done its digests differ from ours.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select, update

from core.contract import KINDS
from server.db.schema import SHOP, shops
from server.db.schema.directory import server_value
from server.services import Services
from server.sync.grown import kind_read, knows_more, names_in, reads_more
from server.sync.verifying import refold

REST_MS: Final = 600_000
_next_ms: dict[bytes, int] = {}
"""When a shop may be folded again that an older process wrote to; few shops ever are."""

_NAME: Final = "kinds"
_KNOWN = select(server_value.c.value).where(server_value.c.name == _NAME)
_NOTE = update(server_value).where(server_value.c.name == _NAME).values(value=bindparam("kinds"))
_UNKNOWN = select(shops.shop_feed.c.unknown).where(shops.shop_feed.c.shop_id == SHOP)


def fold_known_kinds(services: Services) -> list[bytes]:
    """Fold again the shops that hold kinds, or fields of them, which are known now; returns these
    shops.

    Shops are looked at only where this program knows other kinds than the last one that served.
    What an interruption leaves is done at the next start.
    """
    kinds = ",".join(sorted(kind_read(*one) for one in KINDS)).encode()
    with services.store.reading_directory() as tx:
        before = tx.scalar(_KNOWN)
    if before is not None and bytes(before) == kinds:
        return []
    folded = [
        shop
        for shop in services.store.shop_ids()
        if any(reads_more(name) for name in _unknown(services, shop))
    ]
    for shop in folded:
        refold(services, shop)
    with services.store.directory() as tx:
        if not tx.insert_new(server_value, name=_NAME, value=kinds):
            tx.run(_NOTE, kinds=kinds)
    return folded


def fold_what_is_known(services: Services, shop: bytes, unknown: str) -> None:
    """Fold a shop again whose feed holds kinds that this program knows, by their names in the
    feed's row: another process took them in that serves with an older program still. It may go on
    with that, so each process folds a shop once in `REST_MS`."""
    now_ms = services.now_ms()
    if knows_more(names_in(unknown)) and now_ms >= _next_ms.get(shop, 0):
        _next_ms[shop] = now_ms + REST_MS
        refold(services, shop)


def _unknown(services: Services, shop: bytes) -> set[str]:
    with services.store.reading_shop(shop) as tx:
        return names_in(str(tx.scalar(_UNKNOWN) or ""))
