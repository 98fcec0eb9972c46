"""The chain of a device's facts: how an entry is hashed and what a chain proves.

`hash = SHA-256(label, shop, device, seq, kind, version, previous hash, body)`, every part of
fixed size or preceded by its length, so that no two entries share their bytes.
"""

from __future__ import annotations

import hashlib
import struct
from typing import NamedTuple

LABEL = b"huyula journal 1\n"
NO_HASH = bytes(32)


class Entry(NamedTuple):
    """One link of a chain, as stored and sent. Ids are 16 bytes, hashes 32."""

    shop: bytes
    device: bytes
    seq: int
    kind: str
    version: int
    body: bytes
    prev_hash: bytes
    hash: bytes


def entry_hash(
    shop: bytes, device: bytes, seq: int, kind: str, version: int, prev_hash: bytes, body: bytes
) -> bytes:
    """The hash of an entry over its exact bytes."""
    name = kind.encode("ascii")
    digest = hashlib.sha256(LABEL)
    digest.update(shop)
    digest.update(device)
    digest.update(struct.pack(">QB", seq, len(name)))
    digest.update(name)
    digest.update(struct.pack(">H", version))
    digest.update(prev_hash)
    digest.update(body)
    return digest.digest()


def link(
    shop: bytes, device: bytes, seq: int, kind: str, version: int, prev_hash: bytes, body: bytes
) -> Entry:
    """Make the next entry of a chain whose head is (`seq` - 1, `prev_hash`)."""
    digest = entry_hash(shop, device, seq, kind, version, prev_hash, body)
    return Entry(shop, device, seq, kind, version, body, prev_hash, digest)


def is_whole(entry: Entry) -> bool:
    """Whether an entry's bytes have the hash that its chain claims for them."""
    try:
        found = entry_hash(*entry[:5], entry.prev_hash, entry.body)
    except (UnicodeError, struct.error):
        return False
    return found == entry.hash


def chain_fault(entry: Entry, seq: int, prev_hash: bytes) -> str | None:
    """What is wrong with an entry that should follow (`seq` - 1, `prev_hash`), or None."""
    if entry.seq != seq:
        return "gap"
    if entry.prev_hash != prev_hash:
        return "fork"
    expected = entry_hash(
        entry.shop, entry.device, entry.seq, entry.kind, entry.version, prev_hash, entry.body
    )
    return None if expected == entry.hash else "hash"
