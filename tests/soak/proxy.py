"""The network between the counters and the server: it delays, cuts, loses, doubles and invents.

One HTTP/1.1 proxy in a thread of its own, with a door (a port) for each counter. A counter's
connection is kept; each request goes on over a connection of its own, so that what is lost on one
side tells nothing about the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections import Counter as Tally
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

from tests.soak.log import Log
from tests.soak.plan import Deck

ANSWER_S = 40.0
"""Longer than the server holds any question."""

_PAGE = b"<!doctype html><html><body>Masuk dulu untuk memakai Wi-Fi</body></html>"


def _answer(status: bytes, *headers: bytes, body: bytes = _PAGE) -> bytes:
    lines = [b"HTTP/1.1 " + status, *headers]
    if body:
        lines.append(b"Content-Type: text/html")
    if not status.startswith(b"204"):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([*lines, b"", body])


INVENTED = {
    "bad gateway": _answer(b"502 Bad Gateway", body=b"<h1>502 Bad Gateway</h1>"),
    "unavailable": _answer(b"503 Service Unavailable", b"Retry-After: 1", body=b"<h1>503</h1>"),
    "too many": _answer(b"429 Too Many Requests", b"Retry-After: 1", body=b"<h1>429</h1>"),
    "portal 200": _answer(b"200 OK"),
    "portal 302": _answer(b"302 Found", b"Location: http://portal.invalid/masuk", body=b""),
    "portal 204": _answer(b"204 No Content", body=b""),
}
"""Answers that the server never gave."""


class Request(NamedTuple):
    """A request as it came: its head without the empty line, its body, what it asks for, and at
    which door."""

    head: bytes
    body: bytes
    kind: str
    door: str = ""

    def on_its_way(self) -> bytes:
        """Its bytes for a connection that carries this request only."""
        kept = [
            line for line in self.head.split(b"\r\n") if not line.lower().startswith(b"connection:")
        ]
        return b"\r\n".join([*kept, b"Connection: close", b"", self.body])


class Answer(NamedTuple):
    """What the server said: all bytes, and whether they are all."""

    bytes: bytes
    is_whole: bool


Heard = Callable[[str, str, bytes], None]


class Proxy:
    """Listens on a free port of this machine until `stop`."""

    def __init__(self, deck: Deck, log: Log, heard: Heard) -> None:
        """`heard` is told of each whole answer of the server: at which door, of what kind of
        request, and its bytes."""
        self._deck, self._log, self._heard = deck, log, heard
        self.upstream = 0
        self.is_open = False
        """Whether faults happen; without them it is only a proxy."""
        self._weather, self._until = "", 0.0
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._doors: dict[str, socket.socket] = {}
        self._passed: Tally[tuple[str, str]] = Tally()
        self._came = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="proxy")

    def door(self, name: str) -> str:
        """The address for a counter; all are made before `start`."""
        listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._doors[name] = listening
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    def start(self) -> None:
        """Take connections."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is under way is dropped."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(20)
        for listening in self._doors.values():
            listening.close()

    def befall(self, weather: str, seconds: float) -> None:
        """`refused` (connections are reset) or `silence` (requests vanish), for so long."""
        self._until = time.monotonic() + seconds
        self._weather = weather

    @property
    def weather(self) -> str:
        """What the network does to everything just now; "" for nothing."""
        return self._weather if time.monotonic() < self._until else ""

    def seen(self, name: str, what: str) -> int:
        """How often a thing has passed a door: `asked` a request, `told` its answer, `page` an
        answer with a page of the feed in it, and `brings` just before that is given."""
        with self._came:
            return self._passed[name, what]

    def wait_for(self, name: str, what: str, number: int, wait_s: float) -> bool:
        """Wait until that has passed so often; whether it has."""
        with self._came:
            return self._came.wait_for(lambda: self._passed[name, what] >= number, wait_s)

    def _passes(self, name: str, *what: str) -> None:
        with self._came:
            self._passed.update((name, one) for one in what)
            self._came.notify_all()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        for name, listening in self._doors.items():
            take = partial(self._take, name)
            serving = asyncio.start_server(take, sock=listening, limit=1 << 20)
            self._loop.run_until_complete(serving)
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    # -- a counter's connection

    async def _take(
        self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while await self._one(name, reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the counter went away in the middle
        finally:
            writer.close()

    async def _one(
        self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """One request; whether the connection is good for another."""
        if self.weather == "refused":
            self._log.count("refused")
            return _reset(writer)
        request = (await _read(reader))._replace(door=name)
        self._log.count("requests")
        self._passes(name, "asked")
        if self.weather == "silence":
            self._log.count("silence")
            while self.weather == "silence":
                await asyncio.sleep(0.05)
            return _reset(writer)
        fault = self._deck.draw(request.kind) if self.is_open else ""
        if not fault:
            answer = await self._ask(request)
            is_page = request.kind == "feed" and answer.bytes.startswith(b"HTTP/1.1 200")
            self._passes(name, *(["brings"] if is_page else []))
            is_good = await self._give(writer, answer)
            self._passes(name, "told", *(["page"] if is_page else []))
            return is_good
        self._log.count(f"fault {fault}")
        self._log.count(f"{request.kind}: {fault}")
        self._log.tell(name, f"    {request.kind}: {fault}")
        if fault in INVENTED:
            return await self._give(writer, Answer(INVENTED[fault], True))
        does: dict[str, Callable[..., Awaitable[bool]]] = {
            "delayed": self._delayed, "late": self._late, "cut request": self._cut_request,
            "cut answer": self._cut_answer, "answer lost": self._answer_lost,
            "doubled": self._doubled, "drip": self._drip, "reset": self._reset,
        }  # fmt: skip
        return await does[fault](request, writer)

    async def _give(self, writer: asyncio.StreamWriter, answer: Answer) -> bool:
        if not answer.bytes:
            return _reset(writer)
        writer.write(answer.bytes)
        await writer.drain()
        return answer.is_whole

    # -- faults

    async def _delayed(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(self._deck.number(0.1, 2))
        return await self._give(writer, await self._ask(request))

    async def _late(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """It arrives when the counter has given up, or was asked again, or was killed."""
        task = self._loop.create_task(self._after(self._deck.number(0.5, 6), request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return _reset(writer)

    async def _after(self, seconds: float, request: Request) -> None:
        await asyncio.sleep(seconds)
        await self._ask(request)

    async def _cut_request(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        whole = request.on_its_way()
        with contextlib.suppress(OSError):
            _, onward = await asyncio.open_connection("127.0.0.1", self.upstream)
            onward.write(whole[: int(self._deck.number(1, len(whole)))])
            await onward.drain()
            onward.close()
        return _reset(writer)

    async def _cut_answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        answer = (await self._ask(request)).bytes
        writer.write(answer[: int(self._deck.number(0, len(answer)))])
        await writer.drain()
        return False

    async def _answer_lost(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        await self._ask(request)
        return _reset(writer)

    async def _doubled(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        answers = await asyncio.gather(self._ask(request), self._ask(request))
        return await self._give(writer, answers[int(self._deck.number(0, 1.99))])

    async def _drip(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        answer = await self._ask(request)
        step = max(1, len(answer.bytes) // 20)
        pause = self._deck.number(0.01, 0.1)
        for begins in range(0, len(answer.bytes), step):
            writer.write(answer.bytes[begins : begins + step])
            await writer.drain()
            await asyncio.sleep(pause)
        return bool(answer.bytes) and answer.is_whole

    async def _reset(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        return _reset(writer)

    # -- the server's side

    async def _ask(self, request: Request) -> Answer:
        """Bring a request to the server; an empty answer where it is away or dies of it."""
        got = b""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
            try:
                writer.write(request.on_its_way())
                async with asyncio.timeout(ANSWER_S):
                    while part := await reader.read(1 << 16):
                        got += part
            finally:
                writer.close()
        except OSError:  # a time-out is one, too
            self._log.count("server was away")
        answer = _as_kept(got)
        if answer.is_whole:
            self._heard(request.door, request.kind, answer.bytes)
        elif got:
            self._log.count("server died in an answer")
        return answer


def _reset(writer: asyncio.StreamWriter) -> bool:
    """End a connection as a router that lost its memory does: RST, not FIN."""
    sock = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return False


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n"))[:-4]
    length = int(header(head, b"content-length") or 0)
    body = await reader.readexactly(length)
    path = head.split(b" ", 2)[1].decode()
    return Request(head, body, path.partition("?")[0].rpartition("/")[2])


def header(head: bytes, name: bytes) -> bytes:
    """A header's value, b"" where there is none; `name` in small letters."""
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip()
    return b""


def _as_kept(got: bytes) -> Answer:
    """An answer without the words that end the connection, which the counter's does not."""
    head, mark, body = got.partition(b"\r\n\r\n")
    if not mark:
        return Answer(got, False)
    lines = [one for one in head.split(b"\r\n") if not one.lower().startswith(b"connection:")]
    status = head.split(b" ", 2)[1]
    length = header(head, b"content-length")
    chunked = header(head, b"transfer-encoding") == b"chunked"
    is_whole = (
        status == b"204"
        or (bool(length) and len(body) == int(length))
        or (chunked and body.endswith(b"0\r\n\r\n"))
    )
    return Answer(b"\r\n".join([*lines, b"", body]), is_whole)
