from __future__ import annotations

import asyncio
import threading

import pytest

from server.failures import DatabaseBusy
from server.http.running import ThreadRunner, inline


def test_work_is_done_in_another_thread_and_its_error_comes_back() -> None:
    async def run() -> None:
        runner = ThreadRunner(1, 1)
        assert await runner(threading.get_ident) != threading.get_ident()
        with pytest.raises(ZeroDivisionError):
            await runner(lambda: 1 // 0)
        assert runner.inside == 0
        runner.close()

    asyncio.run(run())


def test_what_would_wait_too_long_is_refused_at_once() -> None:
    async def run() -> None:
        runner, go = ThreadRunner(1, 1), threading.Event()
        tasks = [asyncio.create_task(runner(go.wait, 20)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(DatabaseBusy):
            await runner(int)
        go.set()
        assert await asyncio.gather(*tasks) == [True, True]
        assert await runner(int) == 0
        runner.close()

    asyncio.run(run())


def test_work_goes_on_when_nobody_waits_any_more() -> None:
    done: list[int] = []

    async def run() -> None:
        runner, go, began = ThreadRunner(1, 0), threading.Event(), threading.Event()

        def work() -> None:
            began.set()
            go.wait(20)
            done.append(1)

        task = asyncio.create_task(runner(work))
        await asyncio.to_thread(began.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert runner.inside == 1
        go.set()
        runner.close()

    asyncio.run(run())
    assert done == [1]


def test_inline_is_here_and_now() -> None:
    coroutine = inline(threading.get_ident)
    with pytest.raises(StopIteration) as ended:
        coroutine.send(None)
    assert ended.value.value == threading.get_ident()
