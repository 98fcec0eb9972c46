"""The real server in this process, reached by counters through the bytes that travel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx

from pos.sync.wire import NoAnswer, Received, Wire
from server.app.application import assemble
from server.config import Config
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import PasswordCost, Services
from server.shops.adding import add_shop
from server.sync.verifying import verify
from tests.helpers.compiled import shared
from tests.helpers.memory_store import ready_file


class RealServer:
    """A server on SQLite with one shop; `weather` may spoil an exchange."""

    def __init__(self, place: Path, now_ms: Callable[[], int]) -> None:
        """Set it up in a folder."""
        self.file = place / "server.db"
        ready_file(f"sqlite:///{self.file}")
        self._now_ms = now_ms
        self.weather: Callable[[Wire, Callable[[], Received]], Received] = lambda wire, go: go()
        self.open()
        self.shop = add_shop(self.services, "Toko Uji").id

    def open(self) -> None:
        """Start it (again)."""
        self.store = shared(Store(f"sqlite:///{self.file}"))
        self.services = Services(
            self.store, now_ms=self._now_ms, password_cost=PasswordCost(1, 8, 1)
        )
        self.app = assemble(self.services, Config())

    def close(self) -> None:
        """Stop it."""
        self.store.close()

    def code(self) -> str:
        """A pairing code."""
        return make_code(self.services, self.shop).code

    def send(self, wire: Wire) -> Received:
        """One exchange, as the weather allows."""
        return self.weather(wire, lambda: asyncio.run(self._exchange(wire)))

    async def _exchange(self, wire: Wire) -> Received:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://huyula") as client:
            url = wire.path + (f"?{wire.query}" if wire.query else "")
            request = client.build_request(
                wire.method, url, content=wire.body, headers=wire.headers
            )
            answer = await client.send(request, stream=True)
            body = b"".join([part async for part in answer.aiter_raw()])
        return Received(answer.status_code, dict(answer.headers), body)

    def proves_itself(self) -> bool:
        """Whether its tables are what its feed says."""
        return verify(self.services, self.shop).ok


def offline(wire: Wire, go: Callable[[], Received]) -> Received:
    """No network."""
    raise NoAnswer(why="connection")
