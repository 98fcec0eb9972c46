"""The whole server as one ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from server.app.doors import order_door
from server.app.operating import operating_routes
from server.app.siblings import Siblings
from server.app.sweeping import sweep
from server.config import Config
from server.http.headers import SecurityHeaders
from server.http.limits import BodyLimit
from server.http.router import Router, Surroundings
from server.http.routes import Route, Runner, Stopping
from server.http.running import ThreadRunner, inline
from server.http.watching import Figures, Watch
from server.orders.http import order_routes
from server.orders.sweeping import sweep_orders
from server.payments.paying import Paying
from server.payments.polling import poll_due
from server.payments.requests import payment_routes
from server.pictures.requests import picture_routes
from server.pictures.sweeping import PictureSweep
from server.search.following import EVERY_S, Follower
from server.services import Services
from server.sync.http.routes import sync_routes
from server.web.own_hosts import OwnHosts
from server.web.pages import page_routes
from server.web.routing import NothingHere

_log = logging.getLogger("huyula.app")
_SWEEP_EVERY_S: Final = 3600
_ORDERS_EVERY_S: Final = 20
_POLL_EVERY_S: Final = 5


def area_routes() -> list[Route]:
    """The routes of every area, and of the pages."""
    return [
        *sync_routes(),
        *picture_routes(),
        *order_routes(),
        *payment_routes(order_door()),
        *page_routes(),
    ]


def assemble(
    services: Services,
    config: Config,
    *,
    run: Runner = inline,
    opening: Runner | None = None,
    stopping: Stopping | None = None,
    routes: Sequence[Route] | None = None,
    pages: ASGIApp | None = None,
    figures: Figures | None = None,
) -> ASGIApp:
    """The application without what happens by itself: tests and the simulator call it as it is.

    `routes` stands in for the areas' own, `pages` gets what no route matches: where nothing is
    given, a page says that nothing is there.
    """
    figures = figures or Figures()
    own = area_routes() if routes is None else list(routes)
    around = Surroundings(services, run, opening or run, stopping or threading.Event())
    nowhere = NothingHere(services) if routes is None else None
    router = Router([*operating_routes(figures, own), *own], around, pages or nowhere)
    sorted_ = OwnHosts(router, services.hosts)
    limited = BodyLimit(sorted_, config.body_bytes)
    return Watch(SecurityHeaders(limited), figures, services.random)


class Application:
    """The application as it is served: with threads, hourly sweeping, and an orderly end."""

    def __init__(
        self, services: Services, config: Config, siblings: Siblings | None = None
    ) -> None:
        """Nothing runs before the first event of the server. `siblings` serve the same."""
        self.stopping = threading.Event()
        self._services = services
        self._pictures = PictureSweep(services)
        self._follower = Follower(services)
        self._siblings = siblings
        figures = Figures()
        self._runner = ThreadRunner(config.threads, config.most_waiting, figures.working.inc)
        self._app = assemble(
            services,
            config,
            run=self._runner,
            opening=self._runner.opening,
            stopping=self.stopping,
            figures=figures,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve requests, and the server's own beginning and end."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        if self._siblings is not None:
            self._siblings.listen()
        own = (self._sweep(), self._sweep_orders(), self._follow())
        tasks = [asyncio.create_task(one) for one in own]
        polling = asyncio.create_task(self._poll())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.stopping.set()
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        # A provider that is being asked is waited for: its answer is to be stored.
        await polling
        if self._siblings is not None:
            self._siblings.close()
        self._runner.close()
        self._services.store.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _sweep_orders(self) -> None:
        while True:
            await asyncio.sleep(_ORDERS_EVERY_S)
            try:
                await self._runner(sweep_orders, self._services)
            except Exception as error:
                _log.warning("sweeping orders failed; again soon", exc_info=error)

    async def _follow(self) -> None:
        """Keep the search up with the shops."""
        while True:
            more = False
            try:
                more = await self._runner(self._follower.turn)
            except Exception as error:
                _log.warning("following failed; again in a moment", exc_info=error)
            await asyncio.sleep(0 if more else EVERY_S)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_EVERY_S)
            try:
                await self._runner(sweep, self._services)
                await self._runner(self._pictures.turn)
            except Exception as error:
                _log.warning("sweeping failed; again in an hour", exc_info=error)

    async def _poll(self) -> None:
        """Ask providers about payments that are due, in a thread of its own: a provider that is
        slow takes no thread from requests."""
        paying = Paying(self._services, order_door())
        while not self.stopping.is_set():
            try:
                await asyncio.to_thread(poll_due, paying, self.stopping.is_set)
            except Exception as error:
                _log.warning("asking about payments failed; again in a moment", exc_info=error)
            await asyncio.to_thread(self.stopping.wait, _POLL_EVERY_S)
