"""What follows from a checkout's token: an order's id, its page's key, and the buyer's digits.

The token is chance of 128 bits that only the buyer's form holds. Sent twice, it names the same
orders; nothing that the server keeps leads back to it, so that neither a thief of its database nor
a counter's file knows a page or the digits.
"""

from __future__ import annotations

import hashlib
from typing import Final

from core.orders.codes import DIGITS

TOKEN_BYTES: Final = 16
KEY_BYTES: Final = 16


def _made(what: bytes, *parts: bytes) -> bytes:
    return hashlib.sha256(b"huyula order " + what + b"\0" + b"".join(parts)).digest()


def order_id_of(token: bytes, shop_id: bytes) -> bytes:
    """The order of a checkout at a shop."""
    return _made(b"id", token, shop_id)[:16]


def key_of(token: bytes, shop_id: bytes) -> bytes:
    """The key of its page."""
    return _made(b"page", token, shop_id)[:KEY_BYTES]


def hash_of(key: bytes) -> bytes:
    """What is kept of a key."""
    return _made(b"kept", key)


def digits_of(key: bytes) -> str:
    """The digits that the buyer says at the counter."""
    number = int.from_bytes(_made(b"digits", key)[:8]) % 10**DIGITS
    return f"{number:0{DIGITS}}"


def read_key(text: str) -> bytes | None:
    """A key as it stands in an address, None for anything else."""
    if len(text) != 2 * KEY_BYTES or not text.isascii():
        return None
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None
