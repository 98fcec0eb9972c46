"""Who waits for a shop's feed is woken when something was added to it.

By whoever added it: in this process at once, in the others of this machine by `also_tell`. Other
machines notice by looking at the feed's head (`server.sync.http.polling`); nothing depends on
being woken.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

_lock = threading.Lock()
_waiters: dict[bytes, set[Callable[[], None]]] = {}
_others: list[Callable[[bytes], None]] = []


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


def also_tell(tell: Callable[[bytes], None]) -> None:
    """Have `tell` called with each shop whose feed grew by this process's doing."""
    with _lock:
        _others.append(tell)


def tell_no_more(tell: Callable[[bytes], None]) -> None:
    """Undo `also_tell`."""
    with _lock:
        _others.remove(tell)


def wake(shop: bytes) -> None:
    """The shop's feed grew, durably, by this process's doing."""
    with _lock:
        others = list(_others)
    for tell in others:
        tell(shop)
    wake_here(shop)


def wake_here(shop: bytes) -> None:
    """The shop's feed grew, by whoever's doing: wake who waits in this process."""
    with _lock:
        calls = list(_waiters.get(shop, ()))
    for call in calls:
        call()


def waited_for() -> list[bytes]:
    """The shops that somebody waits for here."""
    with _lock:
        return list(_waiters)
