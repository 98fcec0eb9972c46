"""A counter's connection to a server on this machine, for benchmarks of very many counters."""

from __future__ import annotations

import asyncio
from typing import Final, TypeVar
from urllib.parse import urlencode

import zstandard

from core.sync.messages import Answer, Problem
from core.sync.wire import MSGPACK, unpack
from tests.helpers.sync_client import Counter

_BASE: Final = "/api/v1"
A = TypeVar("A", bound=Answer)


class Later(Exception):
    """The server says when to come again: in `retry_s` seconds."""

    def __init__(self, retry_s: int) -> None:
        """As the server's answer says."""
        super().__init__(retry_s)
        self.retry_s = retry_s


class CounterLine:
    """One connection of a counter, opened when it is needed."""

    def __init__(self, port: int, counter: Counter) -> None:
        """To a server on this machine; nothing is sent yet."""
        self._port = port
        self._counter = counter
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, expected: type[A], method: str, path: str, body: bytes = b"", packed: str = ""
    ) -> A | None:
        """One exchange; None for "nothing new".

        Raises:
            Later: come again.
            ValueError: any other refusal.
        """
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        reader, writer = self._streams
        writer.write(self._request(method, path, body, packed))
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        fields = dict(row.split(": ", 1) for row in head.split("\r\n")[1:] if row)
        answer = await reader.readexactly(int(fields.get("content-length", 0)))
        status = int(head.split(" ", 2)[1])
        if status == 204:
            return None
        if fields.get("content-encoding") == "zstd":
            answer = zstandard.ZstdDecompressor().decompress(answer, max_output_size=1 << 24)
        if status == 200:
            return unpack(expected, answer, fields["content-type"])
        problem = unpack(Problem, answer, fields["content-type"])
        if status in (429, 503) and problem.retry_s:
            raise Later(problem.retry_s)
        raise ValueError(f"{status} {problem.error}")

    def _request(self, method: str, path: str, body: bytes, packed: str) -> bytes:
        where, _, query = path.partition("?")
        headers = {
            "host": "127.0.0.1",
            "accept": MSGPACK,
            "accept-encoding": "zstd",
            "content-type": MSGPACK,
            "content-length": str(len(body)),
            **({"content-encoding": packed} if packed else {}),
            **self._counter.signed(method, _BASE + where, query, body),
        }
        rows = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{method} {_BASE}{path} HTTP/1.1\r\n{rows}\r\n".encode() + body

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def cursor_of(counter: Counter) -> str:
    """The query that says how far a counter has heard the feed."""
    return urlencode({"epoch": 1, "after": counter.n, "hash": counter.feed_hash.hex()})
