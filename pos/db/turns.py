"""Who writes into the counter's file next: the window first, sync when the window rests.

SQLite lets one connection write, and whoever finds it busy looks again after one, two, five and
more milliseconds. Inside one program a lock passes the turn on at once. And Python runs one thread
at a time: while sync reckons, each of the window's statements would wait for it. So sync works in
small pieces, and begins none while the window is at work.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakValueDictionary


class Turns:
    """For one file, in one program; used from all threads."""

    def __init__(self) -> None:
        """Nobody writes, and the window rests."""
        self._writer = threading.Lock()
        self._guard = threading.Lock()
        self._resting = threading.Event()
        self._resting.set()
        self._works = False
        self._first = 0

    @contextmanager
    def writing(self, *, first: bool) -> Iterator[None]:
        """Be the only one who writes; whoever goes `first` is also waited for by sync."""
        if first:
            self._note(1)
        try:
            with self._writer:
                yield
        finally:
            if first:
                self._note(-1)

    def _note(self, step: int) -> None:
        with self._guard:
            self._first += step
            self._tell()

    def _tell(self) -> None:
        if self._works or self._first:
            self._resting.clear()
        else:
            self._resting.set()

    def work(self) -> None:
        """The window has something to do."""
        with self._guard:
            self._works = True
            self._tell()

    def rest(self) -> None:
        """The window waits for what comes next."""
        with self._guard:
            self._works = False
            self._tell()

    def wait_for_rest(self, most_s: float) -> bool:
        """Until the window rests, but not longer than so many seconds; whether it does."""
        return self._resting.wait(most_s)


_of_file: WeakValueDictionary[Path, Turns] = WeakValueDictionary()
_guard = threading.Lock()


def turns_of(file: Path) -> Turns:
    """The turns at a file: the same for everybody who asks in this program."""
    with _guard:
        key = file.absolute()
        found = _of_file.get(key)
        if found is None:
            found = _of_file[key] = Turns()
        return found
