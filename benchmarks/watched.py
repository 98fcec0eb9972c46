"""How long sync holds the counter's writer, noted at each transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos.db.database import Database
from pos.sync.worker import open_for_sync


class Watched(Database):
    """The counter's file as sync writes into it; `held_ms` gets each transaction's time in ms."""

    def __init__(self, file: Path, held_ms: list[float]) -> None:
        """Open the file as sync does."""
        made = open_for_sync(file)
        super().__init__(made.raw, made.turns)
        self.goes_first = made.goes_first
        self._held_ms = held_ms

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The same, with a clock."""
        with super().transaction():
            began = time.perf_counter()
            yield
        self._held_ms.append((time.perf_counter() - began) * 1000)
