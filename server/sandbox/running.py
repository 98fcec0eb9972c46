"""The sandbox gateway as a process that serves."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator, Callable

import uvicorn
from starlette.applications import Starlette

from server.sandbox.api import Api
from server.sandbox.book import Book, wall_ms
from server.sandbox.faults import Faults, Wish
from server.sandbox.pages import Pages
from server.sandbox.sending import Later, Notifier


def application(faults: Faults | None = None, minute_s: float = 60) -> Starlette:
    """The gateway. `minute_s`: how long a minute between two notifications lasts."""
    later = Later()
    book = Book(Notifier(later, minute_s), later, wall_ms)
    book.wish(Wish(faults=faults or Faults()))

    @contextlib.asynccontextmanager
    async def living(_app: Starlette) -> AsyncIterator[None]:
        yield
        later.close()

    return Starlette(routes=[*Api(book).routes(), *Pages(book).routes()], lifespan=living)


def run(
    listening: socket.socket,
    announce: Callable[[], None],
    faults: Faults | None = None,
    minute_s: float = 60,
) -> None:
    """Serve at a socket that is bound, until SIGTERM or SIGINT."""
    settings = uvicorn.Config(
        application(faults, minute_s), log_level="warning", access_log=False, server_header=False
    )
    _Server(settings, announce).run(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(self, settings: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(settings)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()
