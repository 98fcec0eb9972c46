"""The long poll: a counter's question for news is held until there are some.

The waiter is registered before the feed is read, so that nothing falls between; no connection to
the database is held while waiting. What another machine added, or a command, is noticed by looking
at the feeds' heads, for those shops only that somebody waits for: twice a second where they are
few, seldom enough to stay cheap where they are many.
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
from server.sync.http.gate import Caller
from server.sync.http.queries import FeedQuery
from server.sync.http.requests import feed_answer, feed_caller, feed_page
from server.sync.pages import Page
from server.sync.standing import heads_of
from server.sync.waking import forget, register, waited_for

LOOK_S: Final = 0.5
_MOST_SHOPS: Final = 200
"""So many shops are looked at at a time; more take turns."""

_REST: Final = 10
"""A look that took long is followed by a rest of so many times its length: where a thousand
counters wait, looking must not become what the server does."""


async def follow_feed(call: Call) -> Reply:
    """Entries after a cursor, or 204 when none came within the time to wait."""
    try:
        caller: Caller = await call.run(feed_caller, call)
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
    news = _News(asyncio.get_running_loop(), caller.shop, query.after)
    _begin(caller.device, news)
    register(caller.shop, news.call)
    _watch(call)
    try:
        while True:
            news.event.clear()
            page: Page = await call.run(feed_page, call, caller, query)
            if page.entries or not await _wait(call, news, until):
                return page
    finally:
        forget(caller.shop, news.call)
        _end(caller.device, news)


async def _wait(call: Call, news: _News, until: float) -> bool:
    """Wait for news; False when there is no time left, the server ends, or the same counter asks
    again elsewhere."""
    left = until - time.monotonic()
    if left > 0 and not news.is_over and not call.stopping.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(news.event.wait(), left)
            return not news.is_over
    return False


class _News:
    """An event that any thread may set; `is_over` once there is nothing to wait for any more."""

    def __init__(self, loop: asyncio.AbstractEventLoop, shop: bytes, after: int) -> None:
        """For a shop's feed, from the entry after `after` on."""
        self.shop, self.after = shop, after
        self.event = asyncio.Event()
        self.is_over = False
        self._loop = loop

    def call(self) -> None:
        """There may be news."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.event.set)

    def end(self) -> None:
        """Answer now."""
        self.is_over = True
        self.call()


# The question that each device holds: a newer one ends the older.
_questions: dict[bytes, _News] = {}
_watchers: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None]] = WeakKeyDictionary()


def _begin(device: bytes, news: _News) -> None:
    before = _questions.get(device)
    _questions[device] = news
    if before is not None:
        before.end()


def _end(device: bytes, news: _News) -> None:
    if _questions.get(device) is news:
        del _questions[device]


def _watch(call: Call) -> None:
    """See to it that somebody looks at the feeds' heads as long as somebody waits."""
    loop = asyncio.get_running_loop()
    task = _watchers.get(loop)
    if task is None or task.done():
        _watchers[loop] = loop.create_task(_look(call))


async def _look(call: Call) -> None:
    start = 0
    rest_until = 0.0
    while shops := waited_for():
        await asyncio.sleep(LOOK_S)
        if call.stopping.is_set():
            for news in list(_questions.values()):
                news.end()
            continue
        began = time.monotonic()
        if began < rest_until:
            continue
        start %= len(shops)
        some = (shops[start:] + shops[:start])[:_MOST_SHOPS]
        start += len(some)
        try:
            heads = await call.run(heads_of, call.services, some)
        except Exception as error:
            if refusal_of(error) is None:
                raise
            continue
        ended = time.monotonic()
        rest_until = ended + (ended - began) * _REST - LOOK_S
        for news in list(_questions.values()):
            if heads.get(news.shop, news.after) != news.after:
                news.call()
