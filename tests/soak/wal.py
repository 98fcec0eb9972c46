"""How often a database was committed to, seen from outside: by its write-ahead log's frames."""

from __future__ import annotations

import struct
import time
from pathlib import Path
from typing import IO

_HEAD, _FRAME = 32, 24
LOOKS_EVERY_S = 0.0003


class Wal:
    """The log of one SQLite database while another process writes it."""

    def __init__(self, database: Path) -> None:
        """What was committed before is not counted."""
        self._file = database.with_name(database.name + "-wal")
        self._salts, self._at = b"", _HEAD
        self.commits()

    def wait(self, commits: int, wait_s: float) -> bool:
        """Wait for so many more commits; whether they came."""
        deadline = time.monotonic() + wait_s
        while (commits := commits - self.commits()) > 0:
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOKS_EVERY_S)
        return True

    def commits(self) -> int:
        """How many have come since the last look."""
        try:
            with self._file.open("rb") as log:
                head = log.read(_HEAD)
                return self._read(log, head) if len(head) == _HEAD else 0
        except FileNotFoundError:
            return 0

    def _read(self, log: IO[bytes], head: bytes) -> int:
        page, salts, found = struct.unpack(">I", head[8:12])[0], head[16:24], 0
        if salts != self._salts:  # the log begins anew after a checkpoint
            self._salts, self._at = salts, _HEAD
        while True:
            log.seek(self._at)
            frame = log.read(_FRAME)
            if len(frame) < _FRAME or frame[8:16] != salts:
                return found
            # The second word of a frame that ends a transaction is the database's size then.
            found += frame[4:8] != b"\0\0\0\0"
            self._at += _FRAME + page
