"""Entries that a restored server lost come back from counters that had pulled them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from sqlalchemy import bindparam, select

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.base import Fact
from core.facts.sync import Carried, RegisterJoined, RegisterLeft
from core.journal import Entry, entry_hash
from core.sync.carrying import carry, original_hash
from core.sync.feed import (
    QUARANTINED,
    counts,
    cursor_bytes,
    next_hash,
    verdict,
    verdict_codes,
)
from core.sync.limits import PAGE_ENTRIES, STEP_ENTRIES
from core.sync.messages import FeedEntry, Witnessed
from core.sync.signing import BadSignature
from core.sync.wire import Malformed
from server.db.schema import SHOP, journal, shops
from server.db.transaction import ShopTx
from server.devices.listing import UnknownDevice, revoke_line, trust_line_again
from server.services import Services
from server.sync.allotments import deal, deal_rest, deal_to_all
from server.sync.arrivals import DAMAGED, NEVER, UNCONFIRMED, UNREADABLE, Prepared, prepare
from server.sync.chain import Arrived, check_parts
from server.sync.feed import FoldFailed, Step
from server.sync.fold.stored import fact_of_row
from server.sync.keys import is_signed
from server.sync.pages import check_may_pull
from server.sync.spoiled import is_of_the_data

MOST_ENTRIES = PAGE_ENTRIES * 4
_NOW = select(shops.shop.c.server_device).where(shops.shop.c.shop_id == SHOP).scalar_subquery()
"""The line of the server since it went back."""
_LET_IN = select(journal.entry.c.n).where(
    journal.entry.c.shop_id == SHOP,
    journal.entry.c.n == bindparam("at"),
    journal.entry.c.kind == RegisterJoined.KIND,
    journal.entry.c.device == _NOW,
)
_LEFT_NOW = select(journal.entry).where(
    journal.entry.c.shop_id == SHOP,
    journal.entry.c.device == _NOW,
    journal.entry.c.kind == RegisterLeft.KIND,
)


def take_witnessed(
    services: Services, shop_id: bytes, device: bytes, server_key: bytes, offer: Witnessed
) -> int:
    """Store entries of an earlier feed of this shop that are not here; returns how many.

    They are what the server once had, in its own signature; nothing else is believed.

    Raises:
        BadSignature: they are not.
        Malformed: the offer cannot be read.
        Revoked, Unconfirmed, UnknownLine: the counter may not pull, so it cannot have pulled.
    """
    with services.store.reading_shop(shop_id) as tx:
        check_may_pull(tx, device)
    _check(offer)
    if not _is_ours(shop_id, server_key, offer):
        raise BadSignature(why="page")
    stored = 0
    for start in range(0, len(offer.entries), STEP_ENTRIES):
        stored += _robust(services, shop_id, offer.entries[start : start + STEP_ENTRIES])
    deal_rest(services, shop_id)
    return stored


def _check(offer: Witnessed) -> None:
    if len(offer.before_hash) != 32 or len(offer.feed_hash) != 32:
        raise Malformed(why="a hash of a wrong length")
    if not 0 < len(offer.entries) <= MOST_ENTRIES:
        raise Malformed(why="entries")
    if not (0 <= offer.after < 1 << 53 and 0 <= offer.epoch < 1 << 31):
        raise Malformed(why="cursor")
    for n, one in enumerate(offer.entries, offer.after + 1):
        good = (
            one.n == n
            and len(one.device) == 16
            and len(one.hash) == 32
            and len(one.prev_hash) == 32
            and len(one.shop) == 16
            and 0 <= one.at_ms < 1 << 48
            and len(one.verdict) <= 200
        )
        if not good:
            raise Malformed(why=f"entry {n}")
        check_parts(one.seq, one.kind, one.version, one.body or b"")


def _is_ours(shop_id: bytes, server_key: bytes, offer: Witnessed) -> bool:
    digest = offer.before_hash
    for one in offer.entries:
        digest = next_hash(digest, one.n, one.hash, one.at_ms, one.verdict)
    cursor = cursor_bytes(shop_id, offer.epoch, offer.entries[-1].n, offer.feed_hash)
    return digest == offer.feed_hash and is_signed(server_key, offer.signature, cursor)


def _robust(services: Services, shop_id: bytes, entries: Sequence[FeedEntry]) -> int:
    """One step; what counted once and cannot be folded any more is put into quarantine, alone."""
    hashes = frozenset(one.hash for one in entries)
    forced: frozenset[bytes] = frozenset()
    while True:
        try:
            return services.store.in_shop(shop_id, partial(_take, services, entries, forced))
        except FoldFailed as failed:
            if failed.hash in forced or failed.hash not in hashes:
                raise
            forced |= {failed.hash}
        except Exception as error:
            if not is_of_the_data(error) or hashes == forced:
                raise
            if len(entries) > 1:
                # The database refused some row: by halves, until it is the one.
                half = len(entries) // 2
                halves = entries[:half], entries[half:]
                return sum(_robust(services, shop_id, some) for some in halves)
            forced = hashes


def _take(
    services: Services, entries: Sequence[FeedEntry], forced: frozenset[bytes], tx: ShopTx
) -> int:
    step = Step(tx, services.now_ms())
    step.forced = forced
    before = step.books.registers.counters()
    stored, left, joined = 0, set[bytes](), set[bytes]()
    for one in entries:
        if one.body is None:
            continue
        arrived = Arrived(
            one.seq, one.kind, one.version, one.body, one.prev_hash, one.hash, not _fits(one)
        )
        if step.identities.has_entry(one.hash, whole=not arrived.damaged):
            continue
        fact = _said(arrived)
        if isinstance(fact, RegisterJoined) and step.books.registers.get(fact.device).left_n:
            joined.add(fact.device)
        stored += _store(step, one, arrived)
        if isinstance(fact, RegisterLeft):
            left.add(fact.device)
    for device in sorted(left):
        _revoke_again(step, device)
    for device in sorted(joined):
        _let_in_again(step, device)
    # Who came or left by it had its shares dealt in entries that may have been lost.
    if step.books.registers.counters() == before:
        deal(step)
    else:
        deal_to_all(step)
    step.close()
    return stored


def _said(arrived: Arrived) -> Fact | None:
    """What an entry says, or the one that it carries; None for what tells of no counter."""
    if arrived.kind not in (RegisterJoined.KIND, RegisterLeft.KIND, Carried.KIND):
        return None
    fact = prepare(arrived).fact
    if isinstance(fact, Carried):
        with suppress(UnknownFact, UnreadableFact):
            return decode_body(fact.kind, fact.version, fact.body)[1]
        return None
    return fact


def _revoke_again(step: Step, device: bytes) -> None:
    """A counter that was revoked after the backup is revoked again, as the feed says; not one that
    was let in since the server went back: that the server wrote in the line it has now."""
    line = step.books.registers.get(device)
    let_in = step.tx.one(_LET_IN, at=line.joined_n)
    if line.left_n and let_in is None:
        with suppress(UnknownDevice):
            revoke_line(step.tx, device)


def _let_in_again(step: Step, device: bytes) -> None:
    """A counter that was revoked and let in again after the backup is trusted again, though both
    may come back on pages far apart; not one that its owner revoked since the server went back."""
    if step.books.registers.get(device).left_n:
        return
    since = step.tx.rows(_LEFT_NOW)
    if not any(_is_about(fact_of_row(row)[1], device) for row in since):
        trust_line_again(step.tx, device)


def _is_about(fact: Fact, device: bytes) -> bool:
    return isinstance(fact, RegisterLeft) and fact.device == device


def _fits(one: FeedEntry) -> bool:
    assert one.body is not None
    found = entry_hash(
        one.shop, one.device, one.seq, one.kind, one.version, one.prev_hash, one.body
    )
    return found == one.hash


def _store(step: Step, one: FeedEntry, arrived: Arrived) -> int:
    if step.identities.counts(one.hash) and arrived.damaged:
        return 0
    text = one.verdict
    if arrived.damaged and DAMAGED not in verdict_codes(text):
        text = verdict(QUARANTINED, DAMAGED)  # where it counted its bytes were whole
    elif one.hash in step.forced:
        text = verdict(QUARANTINED, UNREADABLE)
    head = step.heads.get(one.device)
    if one.seq == head.seq + 1 and one.prev_hash == head.hash:
        step.replay(one.device, one.shop, _trusted(prepare(arrived)), one.at_ms, text)
        return 1
    # The line went on otherwise since: the fact stays, inside an entry of the server's own.
    carried = carry(
        Entry(
            one.shop, one.device, one.seq, one.kind, one.version, arrived.body, one.prev_hash,
            one.hash,
        )
    )  # fmt: skip
    digest = original_hash(carried)
    if step.identities.counts(digest) or step.identities.holds(digest):
        return 0
    if counts(text):
        try:
            step.say(carried)
        except FoldFailed as failed:
            raise FoldFailed(one.hash) from failed.__cause__
    else:
        step.hold(carried, _why_held(arrived, verdict_codes(text)[0]))
    return 1


def _why_held(arrived: Arrived, code: str) -> str:
    """Why an entry waits again that waited before for `code`."""
    never = prepare(arrived).code
    if never in NEVER:
        return never
    # What is whole again may be released; nobody says whose it was when it was damaged.
    return UNCONFIRMED if code == DAMAGED else code


def _trusted(prepared: Prepared) -> Prepared:
    """The server's own facts of then are the server's own still."""
    return prepared._replace(code="") if prepared.fact is not None else prepared
