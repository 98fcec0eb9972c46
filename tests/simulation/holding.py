"""What anybody holds: facts whose bytes are whole, as entries of their own or inside others."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.sync import Carried
from core.journal import Entry, is_whole
from core.sync.carrying import is_damaged, original_hash


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
