"""What happened in a run: a story told by several threads, counts, and what must not happen."""

from __future__ import annotations

import threading
import time

from tests.simulation.story import Row, Story


class Log:
    """The simulator's story, on the real clock, for several threads."""

    def __init__(self) -> None:
        """Nothing has happened."""
        self._story = Story()
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self.faults: list[str] = []
        """What the product did and must never do; the run ends at the first."""
        self.ended = threading.Event()

    def tell(
        self, who: str, what: str, *, head: str = "", waits: str = "", cursor: str = ""
    ) -> None:
        """One more row."""
        at = int((time.monotonic() - self._began) * 1000)
        with self._lock:
            self._story.tell(Row(at, who, what, head, waits, cursor))

    def count(self, name: str, number: int = 1) -> None:
        """Something worth counting happened."""
        with self._lock:
            self._story.count(name, number)

    def fail(self, who: str, what: str) -> None:
        """Something happened that must not; everything ends."""
        self.tell(who, f"FAILED: {what}")
        with self._lock:
            self.faults.append(f"{who}: {what}")
        self.ended.set()

    @property
    def counts(self) -> dict[str, int]:
        """How often what happened."""
        with self._lock:
            return dict(sorted(self._story.counts.items()))

    def table(self, last: int = 0) -> str:
        """The story (its last rows, or all) for people to read."""
        with self._lock:
            return self._story.table(last)
