"""What a run takes from outside: time, chance, sudden death. All of it follows from the seed."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pos.device.clock import Clock
from tests.helpers.counter import NOON_MS

HOUR_MS = 3_600_000
YEAR_MS = 365 * 24 * HOUR_MS


class Killed(BaseException):
    """A process ended in mid-air. Not an `Exception`: no code of the product may survive it."""


class Truth:
    """The one real time; machines show it as well as they can."""

    def __init__(self) -> None:
        """Begin at noon."""
        self.now = NOON_MS

    def forward(self, ms: int) -> None:
        """Let time pass."""
        self.now += ms


class MachineClock(Clock):
    """The clocks of one machine: a wall clock that may be wrong, one that counts since it was
    switched on."""

    def __init__(self, truth: Truth, chance: random.Random) -> None:
        """Switched on now, with the right time."""
        self.truth = truth
        self.chance = chance
        self.wrong_ms = 0
        self._jumps: tuple[int, int] | None = None
        self.reboot()

    def reboot(self) -> None:
        """Switched off and on: the counting begins anew, under a new name."""
        self.boot = self.chance.randbytes(8)
        self._since = self.truth.now

    def stood_still(self, ms: int) -> None:
        """The machine slept, and what counts since it was switched on did not go on."""
        self._since += ms

    def jump(self, looks: int, wrong_ms: int) -> None:
        """After so many looks at it the wall clock is so wrong, or right again."""
        self._jumps = looks, wrong_ms

    def set_right(self) -> None:
        """Somebody sets it, and nobody else does any more."""
        self.wrong_ms, self._jumps = 0, None

    def now_ms(self) -> int:
        """What the wall clock shows, UTC ms."""
        if self._jumps is not None:
            looks, wrong_ms = self._jumps
            self._jumps = (looks - 1, wrong_ms) if looks else None
            self.wrong_ms = self.wrong_ms if looks else wrong_ms
        return max(0, self.truth.now + self.wrong_ms)

    def mono_ms(self) -> int:
        """Since it was switched on, ms."""
        return self.truth.now - self._since

    def random(self, length: int) -> bytes:
        """Random bytes."""
        return self.chance.randbytes(length)


class Fuse:
    """Ends a process after so many statements; a dead process executes nothing any more."""

    def __init__(self) -> None:
        """Not lit."""
        self.left: int | None = None
        self.is_dead = False
        self.is_live = True

    def light(self, statements: int) -> None:
        """Let so many statements pass, then no more."""
        self.left = statements

    def mend(self) -> None:
        """A new process."""
        self.left, self.is_dead = None, False

    def burn(self) -> None:
        """One statement.

        Raises:
            Killed: it was one too many.
        """
        if not self.is_live:
            return  # somebody looks at the file; the program does nothing
        if self.is_dead:
            raise Killed
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.is_dead = True
                raise Killed


def _failure(text: str, name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return error


STATEMENT_S: Final = 0.000_02
"""What a statement takes on the disk of a run: a slow machine's, so that limits are met."""

_FULL: Final = 2


class FusedConnection(sqlite3.Connection):
    """A connection of a process that may be killed at any statement.

    It knows how long the writer was held (in statements), and how much of its log the disk has
    really got: what was flushed.
    """

    fuse: Fuse | None = None
    wal: Path | None = None
    busy = 0
    fails: tuple[int, ...] = ()
    takes_back = False
    failed = 0
    done = 0
    longest = 0
    synced = 0
    _began = 0
    _flushes = False

    def on_memory(self) -> None:
        """Nothing is flushed here, for speed; what would have been is noted."""
        self._flushes = super().execute("PRAGMA synchronous").fetchone()[0] >= _FULL
        super().execute("PRAGMA synchronous=OFF")
        # The log only grows: what was cut off it is what was written last.
        super().execute("PRAGMA wal_autocheckpoint=0")

    def execute(self, *given: Any) -> sqlite3.Cursor:
        """Execute, if the process lives."""
        if self.fuse is not None:
            self.fuse.burn()
        self.done += 1
        text = given[0]
        self._read_or_write(text)
        if text == "BEGIN IMMEDIATE":
            self._begin()
        found = super().execute(*given)
        if text == "COMMIT":
            self.longest = max(self.longest, self.done - self._began)
            if self._flushes and self.wal is not None:
                self.synced = log_size(self.wal)
        return found

    def executemany(self, *given: Any) -> sqlite3.Cursor:
        """The same for many rows."""
        if self.fuse is not None:
            self.fuse.burn()
        rows = list(given[1])
        self.done += len(rows)
        self._read_or_write(given[0])
        return super().executemany(given[0], rows)

    def fail_after(self, statements: Sequence[int], *, takes_back: bool) -> None:
        """After so many statements the disk fails one, and again after so many more; `takes_back`:
        SQLite then rolls the transaction back by itself, as it may."""
        self.fails, self.takes_back = tuple(statements), takes_back

    def _read_or_write(self, text: str) -> None:
        is_live = self.fuse is None or self.fuse.is_live
        if not self.fails or not is_live or text == "ROLLBACK":
            return
        left, *later = self.fails
        self.fails = (left - 1, *later) if left else tuple(later)
        if left:
            return
        self.failed += 1
        if self.takes_back and self.in_transaction:
            super().execute("ROLLBACK")
        raise _failure("disk I/O error", "SQLITE_IOERR_WRITE")

    def _begin(self) -> None:
        if self.busy and (self.fuse is None or self.fuse.is_live):
            self.busy -= 1
            raise _failure("database is locked", "SQLITE_BUSY")
        self._began = self.done

    def clock(self) -> float:
        """How long all its statements have taken, in seconds."""
        return self.done * STATEMENT_S


def log_size(wal: Path) -> int:
    """How many bytes a log has."""
    return wal.stat().st_size if wal.exists() else 0
