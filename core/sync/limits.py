"""The bounds of the protocol: counts, bytes and milliseconds that both sides keep."""

from __future__ import annotations

from typing import Final

PROTOCOL: Final = 1
OLDEST_PROTOCOL: Final = 1

ENTRY_BYTES: Final = 8 * 1024 * 1024
"""More than any entry that a counter writes: 250,000 imported goods taken back have some 7 MB.
What a counter has written is never refused for its length, since all behind it would wait."""

BATCH_ENTRIES: Final = 500
BATCH_BYTES: Final = 512 * 1024
FIRST_BATCH_BYTES: Final = 64 * 1024
PAGE_ENTRIES: Final = 500
PAGE_BYTES: Final = 512 * 1024
BODY_BYTES: Final = 8 * 1024 * 1024
UNPACKED_BYTES: Final = 16 * 1024 * 1024
UNPACKED_RATIO: Final = 200

STEP_ENTRIES: Final = 200
"""Entries that the server stores in one transaction at most."""

STEP_MS: Final = 250
"""How long the server holds one shop's feed at most."""

POLL_MS: Final = 25_000
CLOCK_TOLERANCE_MS: Final = 5 * 60_000
"""How far a request's time may lie from the server's, as the server last told it."""

NONCE_MS: Final = 10 * 60_000
PAIRING_MS: Final = 10 * 60_000
APPLY_MS: Final = 20
"""How long the counter's writer is held while pages of the feed are applied."""

DIGESTS_KEPT: Final = 1_000
