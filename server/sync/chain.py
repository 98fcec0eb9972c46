"""Entries as they come up: their chain recomputed, and compared with what is stored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from core.journal import entry_hash
from core.sync.limits import BATCH_ENTRIES, ENTRY_BYTES
from core.sync.messages import Push
from core.sync.wire import Malformed

_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_SEQ_LIMIT: Final = 1 << 53
_VERSIONS: Final = 1 << 15


class Arrived(NamedTuple):
    """One entry with the place and hashes that the chain gives it. `damaged`: its bytes do not
    have the hash that its counter claims; the chain goes on from that hash."""

    seq: int
    kind: str
    version: int
    body: bytes
    prev_hash: bytes
    hash: bytes
    damaged: bool


def chained(entry_shop: bytes, push: Push) -> list[Arrived]:
    """The entries of a batch with their hashes, recomputed.

    Raises:
        Malformed: the batch cannot be what a counter sent, or does not lead to its last hash.
    """
    check_frame(push)
    arrived: list[Arrived] = []
    before = push.prev_hash
    for seq, entry in enumerate(push.entries, push.first_seq):
        kind, version, body, claimed = entry.kind, entry.version, entry.body, entry.claimed
        check_parts(seq, kind, version, body)
        digest = entry_hash(entry_shop, push.device, seq, kind, version, before, body)
        damaged = bool(claimed) and claimed != digest
        if damaged:
            if len(claimed) != 32:
                raise Malformed(why=f"entry {seq}: claimed hash")
            digest = claimed
        arrived.append(Arrived(seq, kind, version, body, before, digest, damaged))
        before = digest
    if before != push.last_hash:
        raise Malformed(why="the entries do not lead to the last hash")
    return arrived


def check_parts(seq: int, kind: str, version: int, body: bytes) -> None:
    """Pass an entry that can be hashed and stored.

    Raises:
        Malformed: it cannot.
    """
    if not 0 < seq < _SEQ_LIMIT:
        raise Malformed(why="seq")
    if len(body) > ENTRY_BYTES:
        raise Malformed(why=f"entry {seq} has more than {ENTRY_BYTES} bytes")
    if not 0 <= version < _VERSIONS or _KIND.fullmatch(kind) is None:
        raise Malformed(why=f"entry {seq}: kind or version")


def check_frame(push: Push) -> None:
    """Pass a batch whose numbers and hashes are of the right size.

    Raises:
        Malformed: they are not.
    """
    if len(push.device) != 16 or len(push.prev_hash) != 32 or len(push.last_hash) != 32:
        raise Malformed(why="device or hash of a wrong length")
    if not 0 < push.first_seq < _SEQ_LIMIT:
        raise Malformed(why="first_seq")
    if len(push.entries) > BATCH_ENTRIES:
        raise Malformed(why=f"more than {BATCH_ENTRIES} entries")


class Standing(NamedTuple):
    """Where a batch meets the stored chain: entries from `start` on are new, those before are
    known. `fault` is empty, `gap` or `forked`; `seq` and `hash` then say where the chain stands."""

    start: int
    fault: str
    seq: int
    hash: bytes


def compare(
    arrived: Sequence[Arrived],
    first_seq: int,
    prev_hash: bytes,
    head: tuple[int, bytes],
    stored: dict[int, bytes],
) -> Standing:
    """Where a batch that begins at `first_seq` after `prev_hash` meets a chain with this head.

    `stored` holds the hashes of the chain that the batch overlaps: those at `first_seq` - 1 and on.
    What is known is known by its hash, never by its number.
    """
    seq, digest = head
    if first_seq > seq + 1:
        return Standing(0, "gap", seq, digest)
    common = first_seq - 1
    if common and stored.get(common) != prev_hash:
        return Standing(0, "forked", seq, digest)
    if not common and prev_hash != bytes(32):
        return Standing(0, "forked", seq, digest)
    for place, entry in enumerate(arrived):
        if entry.seq > seq:
            return Standing(place, "", seq, digest)
        if stored.get(entry.seq) != entry.hash:
            return Standing(place, "forked", seq, digest)
    return Standing(len(arrived), "", seq, digest)
