"""Taking in a counter's journal: in short transactions, acknowledged after the last commit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from core.sync.feed import QUARANTINED, head_bytes, verdict_codes, verdict_word
from core.sync.limits import STEP_ENTRIES, STEP_MS
from core.sync.messages import Push, Quarantine
from core.sync.signing import BadSignature
from server.db.schema import SHOP, journal
from server.db.transaction import ShopTx
from server.services import Services
from server.sync import speakers
from server.sync.allotments import deal
from server.sync.arrivals import Prepared, prepare
from server.sync.chain import chained, check_frame, compare
from server.sync.clock import Anchor
from server.sync.feed import FoldFailed, Step
from server.sync.keys import is_signed
from server.sync.refusals import Forked, Gap, UnknownLine
from server.sync.rows import write_rows
from server.sync.spoiled import is_of_the_data
from server.sync.standing import check_epoch

STEP_BYTES: Final = 512 * 1024
"""Bytes of entries that one transaction stores at most (or one entry)."""

_entry, _anchor = journal.entry, journal.anchor
_STORED = select(_entry.c.seq, _entry.c.hash).where(
    _entry.c.shop_id == SHOP,
    _entry.c.device == bindparam("device"),
    _entry.c.seq.between(bindparam("first"), bindparam("last")),
)
_ANCHORS = select(_anchor.c.boot, _anchor.c.server_ms, _anchor.c.mono_ms).where(
    _anchor.c.shop_id == SHOP, _anchor.c.device == bindparam("device")
)
_SIGNED: Final = ("device", "seq", "hash", "signature")


class Taken(NamedTuple):
    """What became of a batch: the head that is stored durably, and what could not be taken."""

    seq: int
    hash: bytes
    entry_shop: bytes
    stored: int
    skipped: int
    quarantined: tuple[Quarantine, ...]


class _Sender(NamedTuple):
    """Whose entries come, the line that speaks for them, and what is known of their clocks."""

    line: speakers.Speaker
    signer: bytes
    anchors: dict[bytes, Anchor]


class _Done(NamedTuple):
    seq: int
    hash: bytes
    stored: int
    skipped: int
    quarantined: list[Quarantine]
    finished: bool


def take_journal(services: Services, shop_id: bytes, signer: bytes, push: Push) -> Taken:
    """Store a batch of a line that `signer` speaks for.

    Raises:
        Malformed: the batch is not a chain.
        BadSignature: its head is not signed by the signer.
        UnknownLine: the signer does not speak for that line.
        Gap, Forked, EpochChanged: it does not follow what is stored.
    """
    check_frame(push)
    with services.store.reading_shop(shop_id) as tx:
        line = _line_of(tx, signer, push)
        sender = _Sender(line, signer, _anchors(tx, push.device))
    entries = [prepare(one) for one in chained(line.entry_shop, push)]
    size = STEP_ENTRIES
    last: list[Step] = []
    stored = skipped = 0
    quarantined: list[Quarantine] = []
    while True:
        part = _part(entries, size)
        began = time.monotonic()
        done = _robust(services, shop_id, push, sender, entries, part, last)
        if time.monotonic() - began > STEP_MS / 1000:
            size = max(10, size // 2)
        stored += done.stored
        skipped += done.skipped
        quarantined.extend(done.quarantined)
        entries = entries[done.stored + done.skipped :]
        push = _after(push, entries)
        if done.finished:
            return Taken(done.seq, done.hash, line.entry_shop, stored, skipped, tuple(quarantined))


def _line_of(tx: ShopTx, signer: bytes, push: Push) -> speakers.Speaker:
    who = speakers.find(tx, signer)
    line = next((one for one in speakers.speaks_for(tx, who) if one.device == push.device), None)
    if line is None:
        raise UnknownLine()
    seq = push.first_seq + len(push.entries) - 1
    head = head_bytes(line.entry_shop, push.device, seq, push.last_hash)
    if not is_signed(who.public_key, push.signature, head):
        raise BadSignature(why="head")
    return line


def _anchors(tx: ShopTx, device: bytes) -> dict[bytes, Anchor]:
    return {
        row.boot: Anchor(row.server_ms, row.mono_ms) for row in tx.rows(_ANCHORS, device=device)
    }


def _part(entries: Sequence[Prepared], most: int) -> int:
    """How many entries the next transaction takes."""
    size = 0
    for count, one in enumerate(entries[:most]):
        size += len(one.entry.body)
        if size > STEP_BYTES and count:
            return count
    return min(most, len(entries))


def _after(push: Push, entries: Sequence[Prepared]) -> Push:
    """The frame of what is left."""
    if not entries:
        return push
    first = entries[0].entry
    return Push(
        push.epoch, push.device, first.seq, first.prev_hash, push.last_hash, push.signature, ()
    )


def _robust(
    services: Services,
    shop_id: bytes,
    push: Push,
    sender: _Sender,
    entries: Sequence[Prepared],
    part: int,
    last: list[Step],
) -> _Done:
    """One step; an entry that cannot be folded is put into quarantine, alone."""
    forced: frozenset[bytes] = frozenset()
    tried: list[bytes] = []

    def work(tx: ShopTx) -> tuple[_Done, Step]:
        # Only a step that was committed is gone on from, and only at the first try.
        before = last.pop() if last else None
        step = Step(tx, services.now_ms(), before)
        step.forced = forced
        return _step(tx, step, push, sender, entries, part, tried), step

    while True:
        try:
            done, step = services.store.in_shop(shop_id, work)
            last[:] = [step]
            return done
        except FoldFailed as failed:
            if failed.hash in forced:
                raise
            forced |= {failed.hash}
        except Exception as error:
            if not is_of_the_data(error) or (part == 1 and forced.issuperset(tried)):
                raise
            # The database refused some row: half as many at a time, until it is the one.
            forced |= frozenset(tried if part == 1 else ())
            part = max(1, min(part, len(tried)) // 2)


def _step(
    tx: ShopTx,
    step: Step,
    push: Push,
    sender: _Sender,
    entries: Sequence[Prepared],
    part: int,
    tried: list[bytes],
) -> _Done:
    """Take `part` of the entries that are new; `tried` says by their hashes which they were."""
    check_epoch(tx, step.epoch, push.epoch)
    held_for = _refusal(tx, push.device, sender.signer)
    head = step.heads.get(push.device)
    arrived = [one.entry for one in entries]
    end = min(head.seq, push.first_seq + len(entries))
    known = {
        row.seq: row.hash
        for row in tx.rows(_STORED, device=push.device, first=push.first_seq - 1, last=end)
    }
    standing = compare(arrived, push.first_seq, push.prev_hash, (head.seq, head.hash), known)
    if standing.fault:
        refusal = Gap if standing.fault == "gap" else Forked
        raise refusal(seq=standing.seq, hash=standing.hash)
    new = entries[standing.start : standing.start + part]
    tried[:] = [one.entry.hash for one in new]
    quarantined = _take(step, sender, new, held_for)
    deal(step)
    finished = standing.start + len(new) == len(entries)

    def also() -> None:
        speakers.note_ack(
            tx, push.device, (head.seq, head.hash), step.now_ms, sender.signer, len(new)
        )
        if finished and new:  # else what it signed may be less than what is here
            signed = (push.device, head.seq, head.hash, push.signature)
            write_rows(tx, journal.head_signature, _SIGNED, [signed], "nothing")

    step.close(also)
    return _Done(head.seq, head.hash, len(new), standing.start, quarantined, finished)


def _refusal(tx: ShopTx, device: bytes, signer: bytes) -> str:
    """Why a line's entries go to quarantine now, empty where they do not: for what the one is that
    signs for them. A counter that the owner trusts brings what an older line of it wrote before
    that one was revoked; what whoever has its key writes there comes under that key, and is held.
    """
    line = speakers.find(tx, device, lock=True)
    return (line if device == signer else speakers.find(tx, signer)).refusal


def _take(
    step: Step,
    sender: _Sender,
    new: Sequence[Prepared],
    refusal: str,
) -> list[Quarantine]:
    if not refusal:
        step.expect(one.fact for one in new if not one.code)
    line = sender.line
    quarantined = []
    for one in new:
        text = step.take(line.device, line.entry_shop, one, sender.anchors.get, refusal)
        if verdict_word(text) == QUARANTINED:
            quarantined.append(Quarantine(one.entry.seq, verdict_codes(text)[0]))
    return quarantined
