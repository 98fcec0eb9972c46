"""How much pictures may take of the line: small parts, few at a time, and a rest as long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

FIRST_BYTES: Final = 16 * 1024
LEAST_BYTES: Final = 4 * 1024
MOST_BYTES: Final = 64 * 1024
PART_S: Final = 1.0
"""How long one part may keep the line: a sale that was made meanwhile waits no longer for it."""

STEP_REQUESTS: Final = 12
"""Requests of a step; the server lets a counter ask ten a second, and the journal goes first."""

REST_S: Final = 3.0
"""The least rest between two steps."""


class Pace:
    """Measures the line and says how large a part may be, and when a step has done enough."""

    def __init__(self, mono_ms: Callable[[], int], go_on: Callable[[], bool]) -> None:
        """`go_on` turns False when something more urgent waits."""
        self._mono_ms = mono_ms
        self._go_on = go_on
        self._bytes = FIRST_BYTES
        self._left = 0
        self._began_ms = 0

    @property
    def part_bytes(self) -> int:
        """The largest part that the line takes in time."""
        return self._bytes

    def begin(self) -> None:
        """A step begins."""
        self._left = STEP_REQUESTS
        self._began_ms = self._mono_ms()

    def may(self) -> bool:
        """Whether one more request belongs to this step."""
        return self._left > 0 and self._go_on()

    def begin_part(self) -> int:
        """A request is sent; the clock's time, for `end_part`."""
        self._left -= 1
        return self._mono_ms()

    def end_part(self, size: int, began_ms: int) -> None:
        """A part of so many bytes was answered."""
        fitting = size * PART_S * 1000 / max(self._mono_ms() - began_ms, 1)
        # Not more than twice as much at once: one quick answer is no fast line. The end of a
        # picture, smaller than what fits, says nothing against the line.
        fitting = min(fitting, 2.0 * self._bytes)
        self._bytes = int(max(LEAST_BYTES, min(MOST_BYTES, fitting)))

    def rest_s(self) -> float:
        """How long the line is left alone after this step: at least as long as it was used."""
        return max(REST_S, (self._mono_ms() - self._began_ms) / 1000)
