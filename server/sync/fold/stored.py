"""An entry back from its row, as a fact with its place; what a carried one holds inside."""

from __future__ import annotations

import struct
from typing import Any

from sqlalchemy import Row

from core.contract import decode_body
from core.facts.base import Fact
from core.facts.sync import Carried
from core.sync.carrying import is_damaged, original_hash
from core.sync.feed import JOINED, verdict_word
from server.sync.fold.at import At


class Original:
    """What a carried entry holds: the original's hash and its place in its own line."""

    __slots__ = ("carried", "hash")

    def __init__(self, carried: Carried) -> None:
        """Take the original's hash: that of its bytes, or the one that its chain claims.

        Raises:
            ValueError: they cannot be those of an entry.
        """
        if len(carried.shop) != 16 or len(carried.device) != 16 or len(carried.prev_hash) != 32:
            raise ValueError("a carried entry with an id or hash of a wrong length")
        if len(carried.claimed) not in (0, 32):
            raise ValueError("a claimed hash of a wrong length")
        self.carried = carried
        try:
            self.hash = original_hash(carried)
        except struct.error as error:
            raise ValueError("a carried entry with a number out of range") from error

    @property
    def is_damaged(self) -> bool:
        """Whether its bytes are not those that its line's chain claims."""
        return is_damaged(self.carried)

    def unfold(self, at: At) -> tuple[At, Fact]:
        """The original fact at the place of the entry that carried it.

        Raises:
            UnknownFact, UnreadableFact: it cannot be read.
        """
        carried = self.carried
        header, fact = decode_body(carried.kind, carried.version, carried.body)
        # A field is set at the time of the original, though not later than it was carried.
        inner = At(
            at.n,
            carried.device,
            carried.seq,
            header,
            min(at.at_ms, max(header.at_ms, 0)),
            self.hash,
            carrier=at.device,
            joined=at.joined,
        )
        inner.flags = at.flags
        return inner, fact


def place_of_row(row: Row[Any]) -> tuple[At, Fact]:
    """An entry's own fact and place (a carried one as such).

    Raises:
        UnknownFact, UnreadableFact: it cannot be read.
    """
    header, fact = decode_body(row.kind, row.version, row.body)
    joined = verdict_word(row.verdict) == JOINED
    at = At(row.n, row.device, row.seq, header, row.at_ms, row.hash, joined=joined)
    return at, fact


def fact_of_row(row: Row[Any]) -> tuple[At, Fact]:
    """An entry's fact and place, a carried one's original.

    Raises:
        UnknownFact, UnreadableFact: it cannot be read.
    """
    at, fact = place_of_row(row)
    return Original(fact).unfold(at) if isinstance(fact, Carried) else (at, fact)
