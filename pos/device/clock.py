"""Where instants come from; tests put their own here."""

from __future__ import annotations

import os
import time

# A wall clock that shows an instant before this program was made is wrong for certain.
BUILD_MS = 1_792_800_000_000  # 2026-10-24 00:00 UTC, before this was written
BACKWARD_TOLERANCE_MS = 120_000  # small corrections by the system are not a wrong clock


class Clock:
    """The system's clocks: wall time in UTC ms, monotonic time in ms, a name for this start."""

    def __init__(self) -> None:
        """Name this start of the program."""
        self.boot = os.urandom(8)

    def now_ms(self) -> int:
        """Wall time, UTC ms."""
        return time.time_ns() // 1_000_000

    def mono_ms(self) -> int:
        """Monotonic time, ms."""
        return time.monotonic_ns() // 1_000_000

    def random(self, length: int) -> bytes:
        """Random bytes, for ids."""
        return os.urandom(length)
