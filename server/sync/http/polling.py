"""The long poll: a counter's question for news is held until there are some.

The waiter is registered before the feed is read, so that nothing falls between; no connection to
the database is held while waiting. What another process of the server added is noticed by looking
at the feeds' heads twice a second, for those shops only that somebody waits for.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Final
from weakref import WeakKeyDictionary

from core.sync.limits import POLL_MS
from server.http.routes import Call, Reply
from server.sync.http.answering import nothing_new, refusal_of, refused, reply
from server.sync.http.gate import Caller, gate_of
from server.sync.http.queries import FeedQuery
from server.sync.http.requests import feed_answer, feed_page
from server.sync.pages import Page
from server.sync.standing import heads_of
from server.sync.waking import forget, register, waited_for, wake

LOOK_S: Final = 0.5
_STOP_S: Final = 1.0
_MOST_SHOPS: Final = 200
"""So many shops are looked at at a time; more take turns."""


async def follow_feed(call: Call) -> Reply:
    """Entries after a cursor, or 204 when none came within the time to wait."""
    try:
        caller: Caller = await call.run(gate_of(call.services).check, call)
        query: FeedQuery = call.query
        page = await _next_page(call, caller, query)
        if page.entries:
            return reply(call, await call.run(feed_answer, call, caller, page))
        return nothing_new(call, page.head.epoch)
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        return refused(call, refusal)


async def _next_page(call: Call, caller: Caller, query: FeedQuery) -> Page:
    wait_s = max(0, min(query.wait, POLL_MS)) / 1000
    until = time.monotonic() + wait_s
    news = _News(asyncio.get_running_loop())
    turn = _turns.begin(caller.device, news)
    register(caller.shop, news.call)
    _watch(call)
    try:
        while True:
            news.event.clear()
            page: Page = await call.run(feed_page, call, caller, query)
            if page.entries or not await _wait(call, news, until, turn):
                return page
    finally:
        forget(caller.shop, news.call)
        _turns.end(caller.device, turn)


async def _wait(call: Call, news: _News, until: float, turn: int) -> bool:
    """Wait for news; False when there is no time left, the server ends, or the same counter asks
    again elsewhere."""
    while True:
        left = until - time.monotonic()
        if left <= 0 or call.stopping.is_set() or not _turns.holds(turn):
            return False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(news.event.wait(), min(left, _STOP_S))
            return True


class _News:
    """An event that any thread may set."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.event = asyncio.Event()
        self._loop = loop

    def call(self) -> None:
        """There may be news."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.event.set)


class _Turns:
    """One question at a time for each device: a newer one ends the older."""

    def __init__(self) -> None:
        self._last = 0
        self._of_device: dict[bytes, tuple[int, _News]] = {}

    def begin(self, device: bytes, news: _News) -> int:
        before = self._of_device.get(device)
        self._last += 1
        self._of_device[device] = (self._last, news)
        if before is not None:
            before[1].call()
        return self._last

    def holds(self, turn: int) -> bool:
        return any(one == turn for one, _ in self._of_device.values())

    def end(self, device: bytes, turn: int) -> None:
        if self._of_device.get(device, (0,))[0] == turn:
            del self._of_device[device]


_turns = _Turns()
_watchers: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None]] = WeakKeyDictionary()


def _watch(call: Call) -> None:
    """See to it that somebody looks at the feeds' heads as long as somebody waits."""
    loop = asyncio.get_running_loop()
    task = _watchers.get(loop)
    if task is None or task.done():
        _watchers[loop] = loop.create_task(_look(call))


async def _look(call: Call) -> None:
    seen: dict[bytes, int] = {}
    start = 0
    while shops := waited_for():
        await asyncio.sleep(LOOK_S)
        start = start % len(shops)
        some = (shops[start:] + shops[:start])[:_MOST_SHOPS]
        start += len(some)
        try:
            heads = await call.run(heads_of, call.services, some)
        except Exception as error:
            if refusal_of(error) is None:
                raise
            continue
        for shop, n in heads.items():
            if seen.get(shop, n) != n:
                wake(shop)
            seen[shop] = n
