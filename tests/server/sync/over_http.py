"""The whole application called in process, by signed counters."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

import httpx

from core.sync.messages import Message
from core.sync.wire import MSGPACK, pack, unpack
from server.app.application import assemble
from server.config import Config
from tests.helpers.sync_client import Counter
from tests.server.sync.conftest import Shop

M = TypeVar("M", bound=Message)
Result = TypeVar("Result")
BASE = "/api/v1"


class Http:
    """Requests to a server in this process; each test has its own."""

    def __init__(self, shop: Shop, **options: Any) -> None:
        """The application of a shop's server."""
        self.shop = shop
        self.app = assemble(shop.services, Config(), **options)

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes | AsyncIterator[bytes] = b"",
        headers: dict[str, str] | None = None,
        query: str = "",
    ) -> httpx.Response:
        """One request."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://huyula") as client:
            url = f"{BASE}{path}" + (f"?{query}" if query else "")
            return await client.request(method, url, content=body, headers=headers or {})

    async def post(
        self, counter: Counter, path: str, message: Message, kind: str = MSGPACK, **signing: Any
    ) -> httpx.Response:
        """A signed message."""
        body = pack(message, kind)
        return await self.post_bytes(counter, path, body, {"content-type": kind}, **signing)

    async def post_bytes(
        self,
        counter: Counter,
        path: str,
        body: bytes,
        headers: dict[str, str] | None = None,
        **signing: Any,
    ) -> httpx.Response:
        """Signed bytes."""
        options = {"now_ms": self.shop.clock[0]} | signing
        signed = counter.signed("POST", BASE + path, "", body, **options)
        given = {"content-type": MSGPACK} | (headers or {}) | signed
        return await self.ask("POST", path, body, given)

    async def get(self, counter: Counter, path: str, query: str, **signing: Any) -> httpx.Response:
        """A signed question."""
        options = {"now_ms": self.shop.clock[0]} | signing
        signed = counter.signed("GET", BASE + path, query, b"", **options)
        return await self.ask("GET", path, b"", signed, query)

    async def feed(self, counter: Counter, **more: Any) -> httpx.Response:
        """A counter's question for what follows its cursor."""
        where = {"epoch": counter.epoch, "after": counter.n, "hash": counter.feed_hash.hex()}
        query = "&".join(f"{name}={value}" for name, value in (where | more).items())
        return await self.get(counter, "/sync/feed", query)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to its end."""
    return asyncio.run(work)


def message(cls: type[M], response: httpx.Response) -> M:
    """An answer's message."""
    return unpack(cls, response.content, response.headers["content-type"])
