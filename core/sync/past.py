"""Entries from before those that a counter's snapshot brought whole, fetched afterwards.

Either a stretch of the feed that ends just before what the counter has (so, stretch by stretch
backwards, all of it), or what somebody asks for: a receipt, a customer's account, entries that a
fact means. Each comes as in a snapshot, with what the server reckoned that it moved, and signed.
"""

from __future__ import annotations

from typing import Final

import msgspec

from core.sync.messages import Answer, Message
from core.sync.snapshot import Whole

STRETCH: Final = 250
"""So many entries of the feed come at a time."""

STRETCH_BYTES: Final = 256 * 1024
MOST_ASKED: Final = 64
"""So many entries may be asked for by their places at a time."""


class PastRows(Message, frozen=True):
    """Old entries; this is what the server signs.

    `after` and its feed hash name the snapshot that they go with. A stretch is of the numbers
    `first` to `last`; the feed had `before_hash` before it. What was asked for has no stretch
    (zeros). `rows` are in the order in which they are laid down: later entries come before those
    that they may mean, so that each finds all that was done to it. A stretch may bring older
    entries, too: those that one of its entries carries. `page` is the server's signature over the
    feed up to `last` in this `epoch`, as at the end of a page.
    """

    shop: bytes
    after: int
    after_hash: bytes
    first: int
    last: int
    before_hash: bytes
    rows: tuple[Whole, ...]
    epoch: int = 0
    page: bytes = b""


class Past(Answer, frozen=True):
    """`PastRows` as the bytes that are signed, and the server's signature."""

    rows: bytes
    signature: bytes


def signed_bytes(rows: bytes) -> bytes:
    """What the server signs."""
    return b"huyula past 1\n" + rows


def read_past(rows: bytes) -> PastRows:
    """Old entries from the bytes that are signed.

    Raises:
        msgspec.MsgspecError: they are not such.
    """
    return _decoder.decode(rows)


def write_past(rows: PastRows) -> bytes:
    """The bytes that are signed and sent."""
    return _encoder.encode(rows)


def show_places(places: list[tuple[bytes, int]]) -> str:
    """Places of entries (line, number) as a query names them."""
    return ",".join(f"{device.hex()}-{seq}" for device, seq in places)


def read_places(text: str) -> list[tuple[bytes, int]]:
    """The places that a query names.

    Raises:
        ValueError: they are none, or too many.
    """
    found: list[tuple[bytes, int]] = []
    for part in text.split(","):
        device, _, seq = part.partition("-")
        line = bytes.fromhex(device)  # which skips blanks
        if len(line) != 16 or not (seq.isascii() and seq.isdigit() and len(seq) <= 18):
            raise ValueError("place")
        found.append((line, int(seq)))
    if len(found) > MOST_ASKED:
        raise ValueError("places")
    return found


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(PastRows)
