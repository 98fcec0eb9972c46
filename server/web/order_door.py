"""What guards an order's page: its forms' secret, and a limit for who guesses at keys."""

from __future__ import annotations

import hashlib
from typing import Final

from server.rates import HOUR_MS, count_try
from server.web.buyer import origin_range
from server.web.view import View

MOST_MISSES: Final = 60
"""Keys that lead nowhere, from one range of addresses in an hour: nobody guesses on."""


def form_secret(key: bytes) -> str:
    """What the forms of an order's page bring back; who knows it knows the key."""
    return hashlib.sha256(b"huyula order form" + key).hexdigest()[:32]


def count_miss(view: View) -> None:
    """Count a key that leads nowhere.

    Raises:
        TooManyTries: there were too many.
    """
    bucket, now_ms = f"order key {origin_range(view.call.address)}", view.services.now_ms()
    view.services.store.in_directory(
        lambda tx: count_try(tx, bucket, most=MOST_MISSES, window_ms=HOUR_MS, now_ms=now_ms)
    )
