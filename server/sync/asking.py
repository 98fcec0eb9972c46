"""What a step of a shop's feed asks the database and tells it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, select, update

from server.db.schema import SHOP, journal, shops
from server.db.tied import meets, tied
from server.db.transaction import Ask
from server.marks import SWITCH
from server.sync.fold.books import ALIASES_ASK
from server.sync.fold.registers import REGISTERS_ASK
from server.sync.identity import SOME_CARRIED

_feed, _digest, _shop = shops.shop_feed, journal.feed_digest, shops.shop
_head = journal.line_head
LOCK = (
    select(_feed.c.epoch, _feed.c.next_n, _feed.c.feed_hash, _feed.c.unknown, _feed.c.deal_after)
    .where(_feed.c.shop_id == SHOP)
    .with_for_update()
)
ADVANCE = (
    update(_feed)
    .where(_feed.c.shop_id == SHOP)
    .values(
        epoch=bindparam("to_epoch"),
        next_n=bindparam("to_n"),
        feed_hash=bindparam("to_hash"),
        unknown=bindparam("to_unknown"),
        deal_after=bindparam("to_deal_after"),
    )
)
LAST_DIGEST = select(_digest.c.page, _digest.c.body).where(
    _digest.c.shop_id == SHOP, _digest.c.n == bindparam("at")
)
OLD_DIGESTS = delete(_digest).where(
    _digest.c.shop_id == SHOP, _digest.c.page <= bindparam("oldest")
)
OWN = (
    select(
        _shop.c.server_device,
        _shop.c.zone,
        _shop.c.day_close_minutes,
        _head.c.seq,
        _head.c.hash,
        _head.c.at_ms,
        _digest.c.page,
        _digest.c.body,
        SOME_CARRIED.label("carried_n"),
        SWITCH.label("switch"),
    )
    .select_from(
        _shop.join(_feed, meets(_feed))
        .outerjoin(_head, meets(_head, _head.c.device == _shop.c.server_device))
        .outerjoin(_digest, meets(_digest, _digest.c.n == _feed.c.next_n - 1))
    )
    .where(tied(_shop))
)
"""All that an entry of the server's own has to know of the shop."""

STEP_ASKS: Final = (Ask(LOCK), Ask(OWN), REGISTERS_ASK, ALIASES_ASK)
"""What a step of one entry of the server's own asks, whatever it says (`Tx.ahead`, before the step
begins). The lock first: PostgreSQL answers the others once it has given it."""

ENTRY = select(journal.entry).where(
    journal.entry.c.shop_id == SHOP, journal.entry.c.n == bindparam("at")
)
