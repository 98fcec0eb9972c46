"""How much of a page is applied at once: as much as holds the writer for some 3 ms, at most 20.

What an entry takes is reckoned from its length, since a sale of many lines takes longer than an
opened drawer, and corrected by how long the last slice took.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

from core.facts.sync import EntryJudged
from core.sync.messages import FeedEntry

FIRST: Final = 8
MUCH_WAITS: Final = 200
"""Entries that wait; from there on one is begun with, for what it moves may have to be lifted."""

MOST: Final = 1_024
GOAL_MS: Final = 3.0
"""What a slice is to take: a checkout that comes in the midst of it waits for its end. The bound
(`APPLY_MS`) is for slow machines and long entries."""

_BYTES: Final = 128
_UNKNOWN: Final = 3
"""What an own entry weighs, whose bytes did not come, or one that another waits for."""


def weight(entry: FeedEntry) -> int:
    """How much there is to do for an entry, in parts of a small one."""
    if entry.body is None or entry.kind == EntryJudged.KIND:
        return _UNKNOWN
    return 1 + len(entry.body) // _BYTES


class Slices:
    """Parts of a page, one after the other."""

    def __init__(self, entries: Sequence[FeedEntry], waiting: int = 0) -> None:
        """Begin with little, for nothing is known of the machine; with one where much waits."""
        self._rest = deque(entries)
        self._room = 1 if waiting > MUCH_WAITS else FIRST

    def take(self) -> list[FeedEntry]:
        """The next entries, at least one; none at the end."""
        size, part = 0, list[FeedEntry]()
        while self._rest and size < self._room:
            size += weight(self._rest[0])
            part.append(self._rest.popleft())
        return part

    @property
    def is_last(self) -> bool:
        """Whether nothing is left after what was taken."""
        return not self._rest

    def took(self, ms: float) -> None:
        """How long the last ones took."""
        if ms > GOAL_MS:
            self._room = max(1, self._room // 2)
        elif ms < GOAL_MS / 3:
            self._room = min(MOST, self._room * 2)
