"""What waits at the server only because nobody has vouched for its line, until somebody does."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, select, update

from core.facts.sync import EntryJudged
from core.sync.limits import STEP_ENTRIES
from server.db.schema import SHOP, journal, shops
from server.db.transaction import ShopTx
from server.services import Services
from server.sync import speakers
from server.sync.allotments import deal
from server.sync.arrivals import UNCONFIRMED, UNREADABLE
from server.sync.feed import FoldFailed, Step
from server.sync.spoiled import is_of_the_data

_ALL = 2**63 - 1
_HELD = (
    select(journal.quarantine.c.hash)
    .select_from(
        journal.quarantine.join(
            journal.entry,
            (journal.entry.c.shop_id == SHOP) & (journal.entry.c.n == journal.quarantine.c.n),
        )
    )
    .where(
        journal.quarantine.c.shop_id == SHOP,
        journal.entry.c.device == bindparam("device"),
        journal.entry.c.seq <= bindparam("last", type_=BigInteger),
        journal.quarantine.c.code == UNCONFIRMED,
        journal.quarantine.c.decision == "",
    )
    .order_by(journal.quarantine.c.n)
    .limit(STEP_ENTRIES)
)
_IS_HERE = select(journal.entry.c.n).where(
    journal.entry.c.shop_id == SHOP,
    journal.entry.c.device == bindparam("device"),
    journal.entry.c.seq == bindparam("at"),
    journal.entry.c.hash == bindparam("digest"),
)
_DONE = (
    update(shops.device)
    .where(
        shops.device.c.shop_id == SHOP,
        shops.device.c.device == bindparam("key"),
        shops.device.c.release_due,
    )
    .values(release_due=False)
)


class _Part(NamedTuple):
    """A line up to an entry."""

    device: bytes
    last: int


def release_waiting(services: Services, shop_id: bytes, device_id: bytes) -> None:
    """What a line sent before it was confirmed counts from here on, and what its counter had sent
    in older lines that nobody vouched for, oldest first. Where the process dies over it, the
    counter's next hello goes on (`release_due` of its line)."""
    with services.store.reading_shop(shop_id) as tx:
        parts = _parts(tx, device_id)
    for part in parts:
        _release(services, shop_id, part)
    services.store.in_shop(shop_id, lambda tx: tx.run(_DONE, key=device_id))


def _parts(tx: ShopTx, device_id: bytes) -> list[_Part]:
    """A line and the unconfirmed ones that it goes on from, each as far as the next one follows it:
    a copy of the counter may have gone on with it. One whose last entry is not here is left."""
    found = [_Part(device_id, _ALL)]
    for newer, older in pairwise(speakers.speaks_for(tx, speakers.find(tx, device_id))):
        at, digest = newer.parent_seq, newer.parent_hash
        if older.state != "unconfirmed":
            break
        if tx.scalar(_IS_HERE, device=older.device, at=at, digest=digest) is None:
            break
        found.insert(0, _Part(older.device, at))
    return found


def _release(services: Services, shop_id: bytes, part: _Part) -> None:
    """In steps; what cannot be folded is set aside, alone."""
    spoiled: set[bytes] = set()
    tried: list[bytes] = []
    most = STEP_ENTRIES

    def some(tx: ShopTx) -> int:
        step = Step(tx, services.now_ms())
        held = tx.rows(_HELD, device=part.device, last=part.last)
        tried[:] = [row.hash for row in held][:most]
        for digest in tried:
            step.say(_judged(digest, is_spoiled=digest in spoiled))
        deal(step)
        step.close()
        return len(tried)

    while True:
        try:
            if not services.store.in_shop(shop_id, some):
                return
            most = STEP_ENTRIES
        except FoldFailed as failed:
            if failed.hash in spoiled:
                raise
            spoiled.add(failed.hash)
        except Exception as error:
            if not is_of_the_data(error) or (most == 1 and spoiled.issuperset(tried)):
                raise
            # The database refused some row: half as many at a time, until it is the one.
            spoiled.update(tried if most == 1 else ())
            most = max(1, min(most, len(tried)) // 2)


def _judged(digest: bytes, *, is_spoiled: bool) -> EntryJudged:
    if is_spoiled:
        return EntryJudged(digest, "set_aside", UNREADABLE)
    return EntryJudged(digest, "released", "confirmed")
