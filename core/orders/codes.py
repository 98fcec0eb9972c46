"""The code by which a buyer is known at the counter: four digits to say, or a picture to scan.

The digits are told to the buyer alone. The fact keeps a proof that shows at a counter without a
network whether they are right; it is salted with the order, and made slow to try out, since ten
thousand are soon tried.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

DIGITS: Final = 4
_MARK: Final = "HUYULA-"
_N: Final = 2**8
"""scrypt's cost: half a millisecond a try, since every order pays it as well."""


def proof_of(order_id: bytes, digits: str) -> bytes:
    """What is kept of an order's digits: 16 bytes."""
    return hashlib.scrypt(digits.encode(), salt=order_id, n=_N, r=8, p=1, dklen=16)


def is_right(order_id: bytes, digits: str, proof: bytes) -> bool:
    """Whether these are the order's digits."""
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return False
    return hmac.compare_digest(proof_of(order_id, digits), proof)


def scanned_text(order_id: bytes, digits: str) -> str:
    """What the buyer's picture says."""
    return f"{_MARK}{order_id.hex().upper()}-{digits}"


def read_scanned(text: str) -> tuple[bytes, str] | None:
    """The order and the digits of a scanned picture, None where it is another code."""
    parts = text.strip().upper().removeprefix(_MARK).split("-")
    if not text.strip().upper().startswith(_MARK) or len(parts) != 2:
        return None
    key, digits = parts
    if len(key) != 32 or len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return bytes.fromhex(key), digits
    except ValueError:
        return None
