"""Where a shop's feed stands, and whether a counter's cursor is of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from core.sync.feed import START
from core.sync.wire import Malformed
from server.db.schema import SHOP, journal, shops
from server.db.transaction import ShopTx
from server.services import Services
from server.sync.refusals import EpochChanged

_feed, _entry, _epoch = shops.shop_feed, journal.entry, journal.feed_epoch
_HEAD = select(_feed.c.epoch, _feed.c.next_n, _feed.c.feed_hash).where(_feed.c.shop_id == SHOP)
_HEAD_KINDS = _HEAD.add_columns(_feed.c.unknown)
_AT = select(_entry.c.feed_hash).where(_entry.c.shop_id == SHOP, _entry.c.n == bindparam("at"))
_BEGAN = (
    select(_epoch.c.n, _epoch.c.feed_hash)
    .where(_epoch.c.shop_id == SHOP, _epoch.c.epoch > bindparam("old"))
    .order_by(_epoch.c.n)
    .limit(1)
)


class FeedHead(NamedTuple):
    """The newest number of a feed, its epoch and hash."""

    epoch: int
    n: int
    hash: bytes


def head_of(tx: ShopTx) -> FeedHead:
    """Where the shop's feed stands."""
    row = tx.one(_HEAD)
    assert row is not None, "a shop without a feed"
    return FeedHead(row.epoch, row.next_n - 1, row.feed_hash)


def head_and_unknown(tx: ShopTx) -> tuple[FeedHead, str]:
    """Where the shop's feed stands, and which kinds in it a program did not know
    (`server.sync.grown`)."""
    row = tx.one(_HEAD_KINDS)
    assert row is not None, "a shop without a feed"
    return FeedHead(row.epoch, row.next_n - 1, row.feed_hash), row.unknown


def epoch_of(services: Services, shop_id: bytes) -> int:
    """The epoch of a shop's feed."""
    with services.store.reading_shop(shop_id) as tx:
        return head_of(tx).epoch


def heads_of(services: Services, shop_ids: Sequence[bytes]) -> dict[bytes, int]:
    """The newest number of each shop's feed; a shop that is gone keeps nobody else waiting."""
    found: dict[bytes, int] = {}
    for shop_id in shop_ids:
        with services.store.reading_shop(shop_id) as tx:
            row = tx.one(_HEAD)
            if row is not None:
                found[shop_id] = row.next_n - 1
    return found


MOST_EPOCHS: Final = 1 << 31


def hash_at(tx: ShopTx, n: int) -> bytes | None:
    """The feed hash at a number, None beyond the feed."""
    if n == 0:
        return START
    found: bytes | None = tx.scalar(_AT, at=n)
    return found


def check_epoch(tx: ShopTx, epoch: int, asked: int) -> None:
    """Pass a request of the feed's epoch.

    Raises:
        Malformed: there can be no such epoch.
        EpochChanged: it is of another one.
    """
    if not 0 <= asked < MOST_EPOCHS:
        raise Malformed(why="epoch")
    if asked != epoch:
        raise _other_epoch(tx, epoch, asked)


def check_cursor(tx: ShopTx, head: FeedHead, epoch: int, n: int, digest: bytes) -> None:
    """Pass a cursor that is on this feed.

    Raises:
        EpochChanged: other epoch, beyond the head, or another hash.
    """
    check_epoch(tx, head.epoch, epoch)
    if n > head.n:
        raise EpochChanged(epoch=head.epoch, n=head.n, feed_hash=head.hash)
    if n < 0 or hash_at(tx, n) != digest:
        raise EpochChanged(epoch=head.epoch, n=0, feed_hash=START)


def _other_epoch(tx: ShopTx, epoch: int, asked: int) -> EpochChanged:
    """Up to where the feed of an older epoch can be the same as this one."""
    began = tx.one(_BEGAN, old=asked)
    if began is None:
        return EpochChanged(epoch=epoch, n=0, feed_hash=START)
    return EpochChanged(epoch=epoch, n=began.n, feed_hash=began.feed_hash)
