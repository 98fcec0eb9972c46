"""Something that is read from the database now and then, and kept meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """One who asks reads it again when it is too old; the others take the old one meanwhile, and
    wait only where there is none yet."""

    def __init__(self, fresh_ms: int) -> None:
        """Nothing is read yet; good for `fresh_ms`."""
        self._fresh_ms = fresh_ms
        self._lock = threading.Lock()
        self._found: tuple[int, Value] | None = None

    def get(self, now_ms: int, read: Callable[[], Value]) -> Value:
        """What is kept, or what `read` gives."""
        found = self._found
        if found is not None and self._is_fresh(found[0], now_ms):
            return found[1]
        if not self._lock.acquire(blocking=found is None):
            assert found is not None
            return found[1]
        try:
            return self._read(now_ms, read)
        finally:
            self._lock.release()

    def _read(self, now_ms: int, read: Callable[[], Value]) -> Value:
        found = self._found
        if found is not None and self._is_fresh(found[0], now_ms):
            return found[1]
        value = read()
        # What has only begun to fill is looked at again.
        self._found = (now_ms, value) if value else None
        return value

    def _is_fresh(self, read_ms: int, now_ms: int) -> bool:
        return 0 <= now_ms - read_ms < self._fresh_ms
