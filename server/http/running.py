"""Where plain functions run: a bounded pool of threads in production, inline in tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from server.http.admission import Admission, Ticket


class ThreadRunner:
    """Threads that do the areas' work; what would wait too long is refused at once.

    Used from one event loop only.
    """

    def __init__(
        self,
        threads: int,
        most_waiting: int,
        changed: Callable[[int], None] = lambda step: None,
    ) -> None:
        """So many `threads`; so many calls may wait for one of them. `changed` is told of each
        call that comes (1) and goes (-1)."""
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="area")
        self._admission = Admission(threads, most_waiting)
        self._changed = changed

    @property
    def inside(self) -> int:
        """How many calls run or wait."""
        return self._admission.inside

    async def __call__(self, work: Callable[..., Any], *given: Any) -> Any:
        """Run `work` in a thread.

        A call that was begun is never broken off: its transaction ends, also when nobody waits
        for the answer any more.

        Raises:
            DatabaseBusy: too much waits; `retry_s` says when to come again.
        """
        return await self._run(self._admission.enter(work), work, given)

    async def opening(self, work: Callable[..., Any], *given: Any) -> Any:
        """Run `work`, with which a visit of several calls begins: refused sooner than others."""
        return await self._run(self._admission.enter(work, opens=True), work, given)

    async def _run(self, ticket: Ticket, work: Callable[..., Any], given: tuple[Any, ...]) -> Any:
        def turn() -> Any:
            self._admission.begin(ticket)
            return work(*given)

        self._changed(1)
        future = asyncio.get_running_loop().run_in_executor(self._pool, turn)
        future.add_done_callback(lambda done: self._left(ticket, done))
        return await asyncio.shield(future)

    def _left(self, ticket: Ticket, future: asyncio.Future[Any]) -> None:
        self._admission.end(ticket)
        self._changed(-1)
        if not future.cancelled():
            # Taken, so that an error that nobody waited for is not reported as forgotten.
            future.exception()

    def close(self) -> None:
        """Wait for what runs and end the threads."""
        self._pool.shutdown(wait=True)


async def inline(work: Callable[..., Any], *given: Any) -> Any:
    """Run `work` here and now."""
    return work(*given)
