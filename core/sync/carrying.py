"""Entries inside others: those of an older line, with their original bytes.

What an entry is follows from its hash. Bytes that a disk has damaged do not have it any more; they
are carried under the hash that their chain claims, and count for nobody.
"""

from __future__ import annotations

import contextlib

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.sync import Carried
from core.journal import Entry, is_whole, link


def carry(entry: Entry) -> Carried:
    """An entry to be put inside another; what it carries itself is carried again."""
    whole = is_whole(entry)
    if entry.kind == Carried.KIND and whole:
        with contextlib.suppress(UnknownFact, UnreadableFact):
            fact = decode_body(entry.kind, entry.version, entry.body)[1]
            assert isinstance(fact, Carried), "its own kind"
            return fact
    return Carried(*entry[:7], claimed=b"" if whole else entry.hash)


def original(fact: Carried) -> Entry:
    """The entry that is inside, under the hash that its chain claims.

    Raises:
        UnicodeError, struct.error: its parts cannot be those of an entry.
    """
    entry = link(
        fact.shop, fact.device, fact.seq, fact.kind, fact.version, fact.prev_hash, fact.body
    )
    return entry._replace(hash=fact.claimed) if fact.claimed else entry


def original_hash(fact: Carried) -> bytes:
    """The identity of a carried entry."""
    return original(fact).hash


def is_damaged(fact: Carried) -> bool:
    """Whether the bytes inside are not those that the chain claims."""
    return bool(fact.claimed) and not is_whole(original(fact))
