"""How many requests each device has left: a bucket of tokens that time fills again.

They protect the machine, so they are counted on the machine: processes that serve together share
the memory of a file. A bucket is a slot that the device's id and a secret choose; a device that
finds another's name there begins with a full one, so memory is bounded, nobody pays for a
neighbour, and nobody can choose one.
"""

from __future__ import annotations

import mmap
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Final

_SLOT: Final = struct.Struct("<16sdd")
_SLOTS: Final = 65_536
_SECRET: Final = 32
_SIZE: Final = _SECRET + _SLOT.size * _SLOTS


class Buckets:
    """Buckets of `burst` tokens that gain `a_second`; shared by those who name the same file."""

    def __init__(self, a_second: float, burst: int, file: Path | None = None) -> None:
        """All full. `file` is one that `make_file` made; without it they are this process's own."""
        self._a_second, self._burst = a_second, burst
        self._lock = threading.Lock()
        self._file = None if file is None else file.open("r+b")
        self._memory = mmap.mmap(-1 if self._file is None else self._file.fileno(), _SIZE)
        if self._file is None:
            self._memory[:_SECRET] = os.urandom(_SECRET)
        self._secret = bytes(self._memory[:_SECRET])

    def take(self, device: bytes, now_ms: int) -> bool:
        """Take a token; False where there is none."""
        digest = blake2b(device, digest_size=4, key=self._secret).digest()
        place = _SECRET + int.from_bytes(digest, "big") % _SLOTS * _SLOT.size
        with self._lock, self._alone():
            owner, left, last_ms = _SLOT.unpack_from(self._memory, place)
            if owner != device:
                left, last_ms = float(self._burst), float(now_ms)
            gained = max(0.0, now_ms - last_ms) * self._a_second / 1000
            left = min(float(self._burst), left + gained)
            is_there = bool(left >= 1)
            _SLOT.pack_into(self._memory, place, device, left - is_there, float(now_ms))
            return is_there

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process changes a bucket meanwhile."""
        if self._file is None:
            yield
            return
        import fcntl  # not where there is but one process (Windows)

        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()
        if self._file is not None:
            self._file.close()


def make_file(file: Path) -> None:
    """A file of full buckets, for processes to share."""
    with file.open("wb") as made:
        made.write(os.urandom(_SECRET))
        made.truncate(_SIZE)
