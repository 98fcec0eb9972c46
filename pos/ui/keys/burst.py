"""Telling a scan from typing by the times of the keys. Pure: no Qt, no clock.

A burst is at least four characters whose mean gap and longest gap are short, ended by Enter,
Tab or line feed, or by silence. Times are the key events' own, in milliseconds: the time of
handling says nothing, because a busy window delivers late. So what silence would have ended in a
window with nothing else to do is a scan, however late its keys are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

GS: Final = "\x1d"
"""FNC1 of GS1 codes; keyboards type it as Ctrl+]."""

_MARKS: Final = frozenset("-./ +$%:_=?&#@(),]" + GS)


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast a scanner types. All times in milliseconds."""

    min_length: int = 4
    mean_gap_ms: int = 35
    max_gap_ms: int = 60
    silence_ms: int = 100
    max_length: int = 512


NORMAL: Final = Limits()
SLOW: Final = Limits(mean_gap_ms=100, max_gap_ms=140, silence_ms=250)
"""For slow Bluetooth scanners; fast typing can then be taken for a scan."""

Verdict = Literal["first", "maybe", "burst", "other"]


def scannable(char: str) -> bool:
    """Whether a scanner sends this character inside a code; `*` multiplies and never does."""
    return len(char) == 1 and ((char.isascii() and char.isalnum()) or char in _MARKS)


class Burst:
    """Collects characters that may be a scan. Feed every character in order.

    `feed` answers "first" (a new run begins here; what came before was typing), "maybe" (may
    still become a scan), "burst" (it is one; keep it from the fields) or "other" (no code's
    character, the run is over). An end key is asked about with `end`, silence with `silent`.
    """

    def __init__(self, limits: Limits = NORMAL) -> None:
        """Begin with nothing collected."""
        self.limits = limits
        self._chars: list[str] = []
        self._began = 0
        self._last = 0
        self._done: range | None = None

    @property
    def text(self) -> str:
        """What was collected so far."""
        return "".join(self._chars)

    @property
    def running(self) -> bool:
        """Whether something is collected that may still become a scan."""
        return bool(self._chars)

    @property
    def is_burst(self) -> bool:
        """Whether what is collected came long and fast enough."""
        count = len(self._chars)
        if count < self.limits.min_length:
            return False
        return self._last - self._began <= self.limits.mean_gap_ms * (count - 1)

    def feed(self, char: str, at_ms: int) -> Verdict:
        """Take a character that was typed at `at_ms`."""
        self._done = None
        if not scannable(char):
            self.forget()
            return "other"
        new = (
            not self._chars or not self.follows(at_ms) or len(self._chars) >= self.limits.max_length
        )
        if new:
            self._chars = []
            self._began = at_ms
        self._chars.append(char)
        self._last = at_ms
        if new:
            return "first"
        return "burst" if self.is_burst else "maybe"

    def follows(self, at_ms: int) -> bool:
        """Whether a key at `at_ms` comes fast enough after the last one."""
        return bool(self._chars) and 0 <= at_ms - self._last <= self.limits.max_gap_ms

    def was_silent(self, at_ms: int, *, end_key: bool) -> bool:
        """Whether silence made what is collected a scan before a key at `at_ms` came.

        An end key has a little longer: until then it belongs to the scan itself.
        """
        limit = self._last_end() if end_key else self._last + self.limits.silence_ms
        return self.is_burst and at_ms > limit

    def end(self, at_ms: int) -> str | None:
        """Enter, Tab or line feed at `at_ms`: the scanned text, or None if that was typing.

        A second end key right after a scan (CR and LF) is to be swallowed: see `after_scan`.
        """
        scan = self.text if self.is_burst and self._last <= at_ms <= self._last_end() else None
        self.forget()
        if scan is not None:
            self._done = range(at_ms, at_ms + self.limits.max_gap_ms + 1)
        return scan

    def silent(self) -> str | None:
        """Nothing came for `silence_ms`: the scanned text, or None if that was typing."""
        scan = self.text if self.is_burst else None
        done = range(self._last, self._last_end() + 1)
        self.forget()
        self._done = done if scan is not None else None
        return scan

    def after_scan(self, at_ms: int) -> bool:
        """Whether an end key at `at_ms` still belongs to the scan that just ended."""
        return self._done is not None and at_ms in self._done

    def commanded(self) -> None:
        """A command key came: no end key after it belongs to the scan before it."""
        self._done = None

    def _last_end(self) -> int:
        """When the latest end key that belongs to what is collected can come."""
        return self._last + self.limits.silence_ms + self.limits.max_gap_ms

    def forget(self) -> None:
        """Drop what was collected."""
        self._chars = []
        self._done = None
