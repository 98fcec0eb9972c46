"""A client that asks for pages: at a steady rate, or as fast as the answers come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

CONNECTIONS: Final = 16


class Asked(NamedTuple):
    """What came of it: how long each answer took from the moment at which it was due (ms), pages a
    second, and answers that were no page."""

    took_ms: list[float]
    rate: float
    failed: int


def at_rate(port: int, paths: Sequence[str], rate: float, seconds: float) -> Asked:
    """So many a second, whether answers come or not: who waits for a connection has waited."""
    return asyncio.run(_steady(port, paths, rate, seconds))


def as_fast(port: int, paths: Sequence[str], seconds: float, connections: int) -> Asked:
    """Each connection asks again as soon as it is answered."""
    return asyncio.run(_full(port, paths, seconds, connections))


class _Line:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str) -> bool:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(
            f"GET {path} HTTP/1.1\r\nhost: localhost:{self._port}\r\n"
            "accept-encoding: gzip\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = next(
            (int(one[16:]) for one in head.split(b"\r\n") if one.startswith(b"content-length: ")), 0
        )
        await reader.readexactly(length)
        if b"connection: close" in head:
            self._streams[1].close()
            self._streams = None
        return head.split(b" ", 2)[1] == b"200"


async def _steady(port: int, paths: Sequence[str], rate: float, seconds: float) -> Asked:
    free: asyncio.Queue[_Line] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(_Line(port))
    took: list[float] = []
    failed = 0

    async def one(path: str, due: float) -> None:
        nonlocal failed
        line = await free.get()
        try:
            failed += not await line.ask(path)
        finally:
            free.put_nowait(line)
        took.append((time.perf_counter() - due) * 1000)

    began = time.perf_counter()
    tasks = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        if (left := due - time.perf_counter()) > 0:
            await asyncio.sleep(left)
        tasks.append(asyncio.create_task(one(paths[number % len(paths)], due)))
    await asyncio.gather(*tasks)
    return Asked(took, len(took) / (time.perf_counter() - began), failed)


async def _full(port: int, paths: Sequence[str], seconds: float, connections: int) -> Asked:
    took: list[float] = []
    failed, place = 0, iter(range(10**9))
    until = time.perf_counter() + seconds

    async def line() -> None:
        nonlocal failed
        own = _Line(port)
        while (began := time.perf_counter()) < until:
            failed += not await own.ask(paths[next(place) % len(paths)])
            took.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(line() for _ in range(connections)))
    return Asked(took, len(took) / (time.perf_counter() - began), failed)


def memory_mb(pids: Sequence[int]) -> float:
    """The most that one of some processes has in memory."""
    return max(_resident(pid) for pid in pids) / 1024


def _resident(pid: int) -> int:
    with open(f"/proc/{pid}/status") as told:
        return next(int(one.split()[1]) for one in told if one.startswith("VmRSS"))


def children_of(pid: int) -> list[int]:
    """The processes that a process started."""
    with open(f"/proc/{pid}/task/{pid}/children") as told:
        return [int(one) for one in told.read().split()]
