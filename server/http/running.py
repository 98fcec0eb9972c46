"""Where plain functions run: a bounded pool of threads in production, inline in tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from server.failures import DatabaseBusy


class ThreadRunner:
    """Threads that do the areas' work; what would wait too long is refused at once.

    Used from one event loop only.
    """

    def __init__(self, threads: int, most_waiting: int) -> None:
        """So many `threads`; so many calls may wait for one of them."""
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="area")
        self._room = threads + most_waiting
        self._inside = 0

    @property
    def inside(self) -> int:
        """How many calls run or wait."""
        return self._inside

    async def __call__(self, work: Callable[..., Any], *given: Any) -> Any:
        """Run `work` in a thread.

        A call that was begun is never broken off: its transaction ends, also when nobody waits
        for the answer any more.

        Raises:
            DatabaseBusy: too many calls wait.
        """
        if self._inside >= self._room:
            raise DatabaseBusy()
        self._inside += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *given))
        future.add_done_callback(self._left)
        return await asyncio.shield(future)

    def _left(self, future: asyncio.Future[Any]) -> None:
        self._inside -= 1
        if not future.cancelled():
            # Taken, so that an error that nobody waited for is not reported as forgotten.
            future.exception()

    def close(self) -> None:
        """Wait for what runs and end the threads."""
        self._pool.shutdown(wait=True)


async def inline(work: Callable[..., Any], *given: Any) -> Any:
    """Run `work` here and now."""
    return work(*given)
