"""When to try again: by time, never by event; full jitter, so that a town does not call at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

FIRST_S: Final = 2.0
LONGEST_S: Final = 300.0
MOST_NAMED_S: Final = 3_600.0
"""A server that names a later time is asked all the same: it may be wrong, or be none of ours."""


class Backoff:
    """Waits that double after each failure; any answer of the server ends them."""

    def __init__(self, chance: Callable[[], float]) -> None:
        """`chance` gives a number from 0 up to 1."""
        self._chance = chance
        self._failures = 0

    def answered(self) -> None:
        """The server has answered, whatever it said."""
        self._failures = 0

    def failed(self, at_least_s: float = 0.0) -> float:
        """Seconds to wait after one more failure; `at_least_s` where the server named a time (an
        hour counts at most)."""
        bound = min(LONGEST_S, FIRST_S * float(1 << min(self._failures, 16)))
        self._failures += 1
        # Not nothing: a fast failure must not become a busy loop.
        return min(MOST_NAMED_S, max(0.2, at_least_s)) + self._chance() * bound
