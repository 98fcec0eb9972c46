"""What an operator's tools ask: is it alive, is it ready, how does it fare, what can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version

import msgspec

from server.app.opening import check_ready
from server.http.openapi import describe
from server.http.problems import ShuttingDown
from server.http.routes import Call, Reply, Route
from server.http.watching import Figures


class Health(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str


class Readiness(msgspec.Struct, frozen=True):
    """Requests can be served; `revision` is that of the tables."""

    status: str
    revision: str


def operating_routes(figures: Figures, others: Sequence[Route]) -> list[Route]:
    """The routes for operators; `others` are described together with them."""
    routes = [
        Route("GET", "/healthz", "The process answers", _health, answer=Health),
        Route(
            "GET",
            "/readyz",
            "The database answers and fits this program",
            _ready,
            answer=Readiness,
            refusals={"not_migrated": 503, "newer_database": 503, "stopping": 503},
        ),
    ]
    return [
        *routes,
        _description([*routes, *others]),
        _metrics(figures),
    ]


async def _health(_call: Call) -> Health:
    return Health("ok")


async def _ready(call: Call) -> Readiness:
    if call.stopping.is_set():
        raise ShuttingDown()
    return Readiness("ok", await call.run(check_ready, call.services.store))


def _description(routes: Sequence[Route]) -> Route:
    @cache
    def document() -> bytes:
        return msgspec.json.encode(describe(routes, version("huyula")))

    async def send(call: Call) -> Reply:
        # Made when somebody asks: few do, and a server that starts has other things to do.
        return Reply(await call.run(document), "application/json")

    return Route("GET", "/openapi.json", "This description", send, is_published=False)


def _metrics(figures: Figures) -> Route:
    async def send(_call: Call) -> Reply:
        return Reply(figures.text(), "text/plain; version=0.0.4; charset=utf-8")

    return Route("GET", "/metrics", "Figures for Prometheus", send, is_published=False)
