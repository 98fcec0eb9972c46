"""Who waits for a shop's feed is woken when something was added to it in this process.

Other processes notice by looking at the feed's head (`server.sync.polling`); nothing depends on
being woken.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

_lock = threading.Lock()
_waiters: dict[bytes, set[Callable[[], None]]] = {}


def register(shop: bytes, call: Callable[[], None]) -> None:
    """Have `call` called, in whichever thread, whenever the shop's feed grew."""
    with _lock:
        _waiters.setdefault(shop, set()).add(call)


def forget(shop: bytes, call: Callable[[], None]) -> None:
    """Undo `register`."""
    with _lock:
        some = _waiters.get(shop)
        if some is not None:
            some.discard(call)
            if not some:
                del _waiters[shop]


def wake(shop: bytes) -> None:
    """The shop's feed grew, durably."""
    with _lock:
        calls = list(_waiters.get(shop, ()))
    for call in calls:
        call()


def waited_for() -> list[bytes]:
    """The shops that somebody waits for here."""
    with _lock:
        return list(_waiters)
