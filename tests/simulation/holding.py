"""What anybody holds: facts whose bytes are whole, as entries of their own or inside others."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.sync import Carried
from core.journal import Entry, is_whole
from core.sync.carrying import is_damaged, original_hash
from pos.db.base import BadChunk, base_of, rows_from
from pos.db.database import Database


def whole_hashes(entries: Iterable[Entry]) -> set[bytes]:
    """The hashes of entries, and of what others carry, whose bytes are what the hash says.

    An entry that carries another says nothing itself: where two went on with one line, only what it
    carries is carried again.
    """
    found: set[bytes] = set()
    for entry in entries:
        if not is_whole(entry):
            continue
        if entry.kind != Carried.KIND:
            found.add(entry.hash)
            continue
        with suppress(UnknownFact, UnreadableFact):
            fact = decode_body(entry.kind, entry.version, entry.body)[1]
            assert isinstance(fact, Carried), "its own kind"
            if not is_damaged(fact):
                found.add(original_hash(fact))
    return found


def in_snapshot(db: Database) -> set[bytes]:
    """The hashes of facts in a snapshot that is here whole and not laid down yet."""
    base = base_of(db)
    if base is None or base.is_done:
        return set()
    with suppress(BadChunk):
        return whole_hashes(
            Entry(one.shop, one.device, one.seq, one.kind, one.version, one.body, one.prev_hash,
                  one.hash)
            for _, rows in rows_from(db, groups=("entry",)) for one in rows
        )  # fmt: skip
    return set()
