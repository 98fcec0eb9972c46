"""Pages of gerai as they were made, kept in memory for as long as nothing in them changed.

A page is as the shop's feed, its counters' last word, its pictures, its address and the time make
it. All but the time are asked anew for each request, which is far less than making the page; by
time alone it lasts until the next step of five minutes, or until the shop opens or closes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from core.dates import instant_of
from server.http.routes import Call, Reply
from server.marks import GRAIN_MS
from server.services import Services
from server.storefront.goods import last_sync
from server.storefront.stamp import Stamp, stamp_of
from server.web.gerai_front import Front, as_known

MOST_BYTES: Final = 24 * 1024 * 1024
_LONGEST_KEY: Final = 600
_ENTRY_BYTES: Final = 2_000


class _Kept(NamedTuple):
    shop_id: bytes
    stamp: Stamp
    from_ms: int
    until_ms: int
    reply: Reply


class KeptPages:
    """The pages that were asked for last, by address, language and packing."""

    def __init__(self, services: Services, most_bytes: int = MOST_BYTES) -> None:
        """Nothing is kept yet."""
        self._services = services
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[str, ...], _Kept] = OrderedDict()
        self._bytes = 0

    def answer(
        self, call: Call, open_gerai: Callable[[Call], Front], make: Callable[[Front], Reply]
    ) -> Reply:
        """The page that is kept, or made now."""
        key = _key_of(call)
        kept = self._find(key)
        if kept is not None:
            return as_known(call, kept.reply)
        front = open_gerai(call)
        reply = make(front)
        is_whole = reply.status == 200 and front.stamp[0] == front.name
        if is_whole and sum(map(len, key)) <= _LONGEST_KEY:
            now_ms, until_ms = front.at.now_ms, _until(front)
            self._put(key, _Kept(front.here.id, front.stamp, now_ms, until_ms, reply))
        return as_known(call, reply)

    def _find(self, key: tuple[str, ...]) -> _Kept | None:
        with self._lock:
            kept = self._pages.get(key)
        if kept is None:
            return None
        if kept.from_ms <= self._services.now_ms() < kept.until_ms:
            with self._services.store.reading_shop(kept.shop_id) as tx:
                stamp = stamp_of(tx, last_sync(tx, 0))
            if stamp == kept.stamp:
                with self._lock:
                    if key in self._pages:
                        self._pages.move_to_end(key)
                return kept
        return None

    def _put(self, key: tuple[str, ...], kept: _Kept) -> None:
        with self._lock:
            before = self._pages.pop(key, None)
            if before is not None:
                self._bytes -= _size(before)
            self._pages[key] = kept
            self._bytes += _size(kept)
            while self._bytes > self._most_bytes:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= _size(oldest)


@lru_cache(maxsize=1)
def kept_pages(services: Services) -> KeptPages:
    """Those of a server's process."""
    return KeptPages(services)


def _key_of(call: Call) -> tuple[str, ...]:
    packs = "gzip" in call.headers.get("accept-encoding", "")
    host = call.headers.get("host", "").lower()
    return call.path, call.query_text, call.language, host, "gzip" if packs else ""


def _until(front: Front) -> int:
    """When the time alone changes the page: ages grow in steps, the shop opens or closes."""
    step = (front.at.now_ms // GRAIN_MS + 1) * GRAIN_MS
    if not front.now.day:
        return step
    return min(step, instant_of(front.now.day, front.now.minute, front.here.zone))


def _size(kept: _Kept) -> int:
    return len(kept.reply.body) + _ENTRY_BYTES
