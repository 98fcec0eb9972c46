"""Pages of a shop's feed: from a cursor on, ending where a transaction ended (but for a very long
one)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, func, select

from core.sync.digest import GroupDigest
from core.sync.limits import PAGE_BYTES, PAGE_ENTRIES
from core.sync.messages import FeedEntry
from server.db.schema import SHOP, journal
from server.db.transaction import ShopTx
from server.services import Services
from server.sync import speakers
from server.sync.fold.books import unpack_digests
from server.sync.refusals import Revoked, Unconfirmed
from server.sync.standing import FeedHead, check_cursor, head_of

_entry = journal.entry
_FRAME = (
    select(_entry.c.n, _entry.c.step_n, func.length(_entry.c.body).label("size"))
    .where(_entry.c.shop_id == SHOP, _entry.c.n > bindparam("after"))
    .order_by(_entry.c.n)
    .limit(bindparam("most"))
)
_ENTRIES = (
    select(_entry)
    .where(
        _entry.c.shop_id == SHOP,
        _entry.c.n > bindparam("after"),
        _entry.c.n <= bindparam("last"),
    )
    .order_by(_entry.c.n)
)
_DIGEST = select(journal.feed_digest.c.body).where(
    journal.feed_digest.c.shop_id == SHOP, journal.feed_digest.c.n == bindparam("at")
)
_STEP_LIMIT = 2_000
"""So many entries of one transaction come in a page at most. One has more where an import changed
thousands of goods that another counter had changed, too: each is decided. Such a page has no digest
at its end."""


class Page(NamedTuple):
    """Entries after a cursor; empty where there are none. `hash` is the feed's at the last one."""

    first: int
    entries: tuple[FeedEntry, ...]
    last: int
    hash: bytes
    head: FeedHead
    digest: dict[str, GroupDigest] | None


def check_may_pull(tx: ShopTx, device: bytes) -> speakers.Speaker:
    """Pass a line that may see the shop's feed.

    Raises:
        Revoked, Unconfirmed: it may not.
        UnknownLine: the shop does not know it.
    """
    who = speakers.find(tx, device)
    if who.state == "revoked":
        raise Revoked()
    if who.state == "unconfirmed":
        raise Unconfirmed()
    return who


def read_page(
    services: Services,
    shop_id: bytes,
    device: bytes,
    *,
    epoch: int,
    after: int,
    digest: bytes,
    limit: int = PAGE_ENTRIES,
    full: bool = False,
) -> Page:
    """The next page for a counter whose cursor is (`epoch`, `after`, `digest`).

    Own entries come without bytes, unless the counter asks for them (`full`).

    Raises:
        EpochChanged: the cursor is not of this feed.
        Revoked, Unconfirmed, UnknownLine: the counter may not pull.
    """
    # One snapshot: head, cursor and page are of the same moment.
    with services.store.reading_shop(shop_id, snapshot=True) as tx:
        who = check_may_pull(tx, device)
        head = head_of(tx)
        check_cursor(tx, head, epoch, after, digest)
        if after == head.n:
            return Page(after + 1, (), after, digest, head, None)
        own = set() if full else {one.device for one in speakers.speaks_for(tx, who)}
        last = _last_of_page(tx, after, max(1, min(limit, PAGE_ENTRIES)))
        rows = tx.rows(_ENTRIES, after=after, last=last)
        assert rows[0].n == after + 1 and rows[-1].n == last, "a hole in the feed"
        body = tx.scalar(_DIGEST, at=last)
        return Page(
            after + 1,
            tuple(feed_entry(row, own) for row in rows),
            last,
            rows[-1].feed_hash,
            head,
            unpack_digests(body) if body is not None else None,
        )


def feed_entry(row: Row[Any], own: set[bytes]) -> FeedEntry:
    """An entry as it travels down; without bytes where its line is among `own`."""
    return FeedEntry(
        row.n,
        row.device,
        row.seq,
        row.kind,
        row.version,
        row.prev_hash,
        row.hash,
        row.at_ms,
        row.verdict,
        row.entry_shop,
        None if row.device in own else row.body,
    )


def _last_of_page(tx: ShopTx, after: int, limit: int) -> int:
    frame = tx.rows(_FRAME, after=after, most=limit + 1)
    last = page_end(frame, limit, PAGE_BYTES)
    if last is None:
        # The first transaction alone is longer than the page was to be: it comes whole, if it can.
        frame = tx.rows(_FRAME, after=after, most=_STEP_LIMIT)
        last = max(row.n for row in frame if row.step_n == frame[0].step_n)
    return last


def page_end(frame: Sequence[Any], limit: int, most_bytes: int) -> int | None:
    """The last number of a page of whole transactions, None where not even one is seen whole.

    `frame` has a row (n, step_n, size) for each entry, one more than `limit` if there are more.
    """
    end: int | None = None
    size = 0
    for place, row in enumerate(frame):
        if place and row.step_n != frame[place - 1].step_n:
            end = frame[place - 1].n
            if place >= limit or size >= most_bytes:
                return end
        size += row.size
        if size > most_bytes and end is not None:
            return end
    if len(frame) <= limit:
        return int(frame[-1].n)
    return end
