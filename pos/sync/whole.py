"""Bytes that a disk has damaged: whole ones are put in their place, or offered where others lack
them. An entry is what its hash says, so bytes that have the hash are the entry, whoever kept them.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.base import Fact
from core.facts.sync import Carried
from core.journal import NO_HASH, Entry, is_whole
from core.sync.carrying import carry, is_damaged, original
from core.sync.feed import START
from core.sync.messages import FeedEntry
from pos.counter import Counter
from pos.db.database import Database
from pos.journal.order import counts_at, effect_pos, end_waiting
from pos.sync.memory import recall, remember
from pos.sync.refold import note_refold

DAMAGED: Final = "damaged"
"""The server's word for an entry whose bytes are not those that its chain claims."""


def put_whole(db: Database, pos: int, entry: Entry) -> None:
    """Put whole bytes in the place of damaged ones; what follows from them is folded again."""
    db.run(
        "UPDATE journal SET kind=?, version=?, body=? WHERE pos=?",
        (entry.kind, entry.version, entry.body, pos),
    )
    note_refold(db)


def hash_before(db: Database, n: int) -> bytes | None:
    """The feed's hash before a number, None where it is not known here."""
    if n == 1:
        return START
    found = db.scalar("SELECT feed_hash FROM feed WHERE n=? AND feed_hash<>?", (n - 1, NO_HASH))
    return None if found is None else bytes(found)


def mend_entry(db: Database, sent: FeedEntry) -> bool:
    """Put the whole bytes that the server sent in the place of an entry's damaged ones; whether
    they were."""
    row = db.tuple_of(
        "SELECT j.pos, j.shop, j.device, j.seq, j.kind, j.version, j.body, j.prev_hash, j.hash"
        " FROM feed f JOIN journal j ON j.pos=f.pos WHERE f.n=?",
        (sent.n,),
    )
    if row is None or sent.body is None:
        return False
    whole = Entry(*row[1:])._replace(kind=sent.kind, version=sent.version, body=sent.body)
    if not is_whole(whole):
        return False
    with db.transaction():
        put_whole(db, row[0], whole)
    return True


def put_carried_whole(db: Database, pos: int, entry: Entry) -> None:
    """Another counter carries, in the entry at `pos`, what is damaged here: put it in its place."""
    if entry.kind != Carried.KIND:
        return
    row = db.tuple_of(
        "SELECT j.pos, c.device, c.seq, c.hash FROM carried c JOIN journal j ON j.device=c.device"
        " AND j.seq=c.seq AND j.hash=c.hash WHERE c.carrier_pos=?",
        (pos,),
    )
    if row is None or _whole(db, *row[1:]) is not None:
        return
    fact = decode_body(entry.kind, entry.version, entry.body)[1]
    if isinstance(fact, Carried) and not is_damaged(fact):
        put_whole(db, row[0], original(fact))


def note_damaged(db: Database, pos: int, entry: Entry) -> None:
    """The server has the entry at `pos` damaged: if it is whole here, or what it carries is, that
    is to be offered."""
    keys = [(entry.device, entry.seq, entry.hash)]
    keys += db.rows("SELECT device, seq, hash FROM carried WHERE carrier_pos=?", (pos,))
    found = [_text(*key) for key in keys if _whole(db, *key) is not None]
    if found:
        kept = set(filter(None, recall(db, "whole").split(",")))
        remember(db, "whole", ",".join(sorted(kept | set(found))))


def _text(device: bytes, seq: int, digest: bytes) -> str:
    return f"{device.hex()}:{seq}:{digest.hex()}"


def _read(text: str) -> tuple[bytes, int, bytes]:
    device, seq, digest = text.split(":")
    return bytes.fromhex(device), int(seq), bytes.fromhex(digest)


def _whole(db: Database, device: bytes, seq: int, digest: bytes) -> Entry | None:
    row = db.tuple_of(
        "SELECT shop, device, seq, kind, version, body, prev_hash, hash FROM journal"
        " WHERE device=? AND seq=? AND hash=?",
        (device, seq, digest),
    )
    return Entry(*row) if row is not None and _is_sound(Entry(*row)) else None


def _is_sound(entry: Entry) -> bool:
    """Whether an entry says what happened: whole itself, and so is what it carries."""
    if not is_whole(entry):
        return False
    if entry.kind != Carried.KIND:
        return True
    with suppress(UnknownFact, UnreadableFact, ValueError, struct.error):
        fact = decode_body(entry.kind, entry.version, entry.body)[1]
        return not (isinstance(fact, Carried) and is_damaged(fact))
    return True


def offered(db: Database) -> tuple[Carried, ...]:
    """What is to be carried because the server has it damaged and it is whole here."""
    wanted = filter(None, recall(db, "whole").split(","))
    entries = (_whole(db, *_read(text)) for text in wanted)
    return tuple(carry(entry) for entry in entries if entry is not None)


def write_down(counter: Counter, facts: Sequence[Fact]) -> None:
    """Write what a round asks for: differences that it found, and whole bytes for damaged ones.

    Nobody has to be at the counter: a clock in doubt does not keep it from being written."""
    with counter.any_day(), counter.transaction() as tx:
        for fact in facts:
            pos = tx.append(fact)
            if isinstance(fact, Carried):
                _wait_again(tx.db, effect_pos(tx.db, pos))
        if recall(tx.db, "whole"):
            remember(tx.db, "whole", "")


def _wait_again(db: Database, pos: int) -> None:
    """An own entry that somebody has set aside, since the server had it damaged, comes whole now:
    until it counts by that it waits, and is shown again."""
    waits = db.run(
        "INSERT OR IGNORE INTO waiting (pos) SELECT j.pos FROM journal j JOIN own_line o"
        " ON o.device=j.device WHERE j.pos=?",
        (pos,),
    )
    if waits and not counts_at(db, pos):
        note_refold(db)
    end_waiting(db)
