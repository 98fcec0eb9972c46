"""The feed: a shop's facts in the server's order, with a hash chain of its own.

`feed hash = SHA-256(label, previous feed hash, n, entry hash, corrected time, verdict)`. Two
sides that have the same feed hash at `n` have the same facts in the same order with the same
verdicts.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Final

LABEL: Final = b"huyula feed 1\n"
START: Final = bytes(32)
"""The feed hash before the first entry."""

OK: Final = ""
"""The verdict of an entry that is accepted as it is."""

QUARANTINED: Final = "quarantined"
FLAGGED: Final = "flagged"
JOINED: Final = "joined"
"""Written before its counter joined the shop: what it says about the shop's settings is past."""


def verdict(word: str, *codes: str) -> str:
    """A verdict as it travels: `flagged:over_refund,unknown_product`."""
    return f"{word}:{','.join(sorted(codes))}" if codes else word


def verdict_word(text: str) -> str:
    """The first word of a verdict."""
    return text.partition(":")[0]


def verdict_codes(text: str) -> tuple[str, ...]:
    """The codes of a verdict."""
    codes = text.partition(":")[2]
    return tuple(codes.split(",")) if codes else ()


def counts(text: str) -> bool:
    """Whether an entry with this verdict is part of the accepted state."""
    return verdict_word(text) != QUARANTINED


def next_hash(before: bytes, n: int, entry_hash: bytes, at_ms: int, verdict_text: str) -> bytes:
    """The feed hash at `n`; `before` is the one at `n` - 1, `at_ms` the corrected time (UTC ms)."""
    name = verdict_text.encode()
    digest = hashlib.sha256(LABEL)
    digest.update(before)
    digest.update(struct.pack(">Q", n))
    digest.update(entry_hash)
    digest.update(struct.pack(">QH", at_ms, len(name)))
    digest.update(name)
    return digest.digest()


def cursor_bytes(shop: bytes, epoch: int, n: int, feed_hash: bytes) -> bytes:
    """What the server signs at the end of a page: that this was its feed up to `n`."""
    return b"huyula page 1\n" + shop + struct.pack(">QQ", epoch, n) + feed_hash


def head_bytes(shop: bytes, device: bytes, seq: int, digest: bytes) -> bytes:
    """What a counter signs with a batch, and the server as its receipt for it."""
    return b"huyula head 1\n" + shop + device + struct.pack(">Q", seq) + digest


def line_bytes(parent: bytes, seq: int, digest: bytes, child: bytes, public_key: bytes) -> bytes:
    """What a parent's key signs to vouch for the line that follows it."""
    return b"huyula line 1\n" + parent + struct.pack(">Q", seq) + digest + child + public_key
