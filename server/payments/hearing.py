"""A provider's notification: who signed it, and then always the question how it stands.

The signature does not cover the transaction's status, and a notification may be old, doubled or
late: it is a reason to ask, never an answer. What is forged or unknown stores nothing and is
answered like everything else, so that nobody learns from here which orders there are.
"""

from __future__ import annotations

import logging
import threading
from typing import Final, Literal

import msgspec

from core.errors import Refused
from server.db.transaction import ShopTx
from server.payments import rows
from server.payments.accounts import access_to
from server.payments.looking import look, look_soon
from server.payments.midtrans import NAME
from server.payments.paying import Paying
from server.payments.provider import is_key
from server.payments.rows import Payment
from server.payments.signature import is_signed

MOST_BYTES: Final = 32 * 1024
_WITHIN_S: Final = 3.0
"""Midtrans wants its answer within 5 s."""

_AT_ONCE: Final = 2
"""A slow provider must not take all threads from buyers and counters."""

_places = threading.BoundedSemaphore(_AT_ONCE)
_log = logging.getLogger("huyula.payments")


class _Told(msgspec.Struct, frozen=True):
    """What we read of it; fields that are new are no fault."""

    order_id: str
    status_code: str
    gross_amount: str
    signature_key: str
    transaction_id: str = ""


Heard = Literal["ignored", "taken", "later"]
"""ignored: forged, or about nothing that we know; later: genuine, but the provider did not say how
it stands."""


def notified(paying: Paying, provider: str, raw: bytes) -> Heard:
    """Take a notification in. Whoever sent it is not told whether it was genuine, but where it is
    to come again."""
    told = _read(provider, raw)
    if told is None:
        return "ignored"
    with paying.services.store.reading_directory() as directory:
        keys = [key for key in (told.order_id, told.transaction_id) if is_key(key)]
        place = rows.place_of(directory, provider, keys)
    if place is None:
        return "ignored"
    with paying.services.store.reading_shop(place.shop) as tx:
        at = rows.find_by_key(tx, provider, place.order_key)
        if at is None or not _is_genuine(paying, tx, at, told):
            return "ignored"
    heard = raw.decode("utf-8", "replace")
    if not _places.acquire(blocking=False):
        look_soon(paying, place.shop, at.id, heard=heard)
        return "later"
    try:
        look(paying, place.shop, at.id, heard=heard, within_s=_WITHIN_S)
    except Refused as refusal:
        # What was heard is kept, and the provider is asked again with the next turn.
        _log.warning("a notification could not be followed up yet: %s", refusal)
        return "later"
    finally:
        _places.release()
    return "taken"


def _read(provider: str, raw: bytes) -> _Told | None:
    if provider != NAME or len(raw) > MOST_BYTES:
        return None
    try:
        return msgspec.json.decode(raw, type=_Told)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _is_genuine(paying: Paying, tx: ShopTx, at: Payment, told: _Told) -> bool:
    try:
        access = access_to(paying.services, tx, at.provider, at.environment)
    except Refused as refusal:
        # The schedule would fail for the same reason; whoever runs the server has to know.
        _log.error("a notification could not be verified: %s", refusal.code)
        return False
    return is_signed(
        told.order_id,
        told.status_code,
        told.gross_amount,
        access.server_key,
        told.signature_key,
    )
