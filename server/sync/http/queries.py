"""What the addresses of the protocol ask for."""

from __future__ import annotations

from typing import Annotated

import msgspec

from core.sync.wire import Malformed

Number = Annotated[int, msgspec.Meta(ge=0, lt=1 << 53)]
"""What JSON and both databases hold."""


class FeedQuery(msgspec.Struct, frozen=True):
    """A cursor (`hash` in hexadecimal), how long to wait (ms), how many entries at most, and
    whether own entries come with their bytes (`full` = 1)."""

    epoch: Number
    after: Number
    hash: str
    wait: Number = 0
    limit: Number = 0
    full: Number = 0


class DigestQuery(msgspec.Struct, frozen=True):
    """A group of the digest, and one of its 256 parts (two hexadecimal digits)."""

    group: str
    part: str = ""


class PastQuery(msgspec.Struct, frozen=True):
    """A counter's snapshot (entries after `after`, where the feed had `hash`, came whole), and
    what is asked for: the stretch before a number, or a receipt, a customer (32 hexadecimal
    digits), or places of entries (line in hexadecimal, "-", number; several with commas)."""

    epoch: Number
    after: Number
    hash: str
    before: Number = 0
    receipt: str = ""
    customer: str = ""
    places: str = ""


def read_hash(text: str) -> bytes:
    """A hash from its 64 hexadecimal digits.

    Raises:
        Malformed: it is not one.
    """
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != 32:
        raise Malformed(why="hash")
    return found
