"""What an operator's tools ask: is it alive, is it ready, how does it fare, what can be asked."""

from __future__ import annotations

from collections.abc import Sequence
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
    document = msgspec.json.encode(describe([*routes, *others], version("huyula")))
    return [
        *routes,
        _fixed("/openapi.json", "This description", document, "application/json"),
        _metrics(figures),
    ]


async def _health(_call: Call) -> Health:
    return Health("ok")


async def _ready(call: Call) -> Readiness:
    if call.stopping.is_set():
        raise ShuttingDown()
    return Readiness("ok", await call.run(check_ready, call.services.store))


def _fixed(path: str, summary: str, body: bytes, media_type: str) -> Route:
    async def send(_call: Call) -> Reply:
        return Reply(body, media_type)

    return Route("GET", path, summary, send, is_published=False)


def _metrics(figures: Figures) -> Route:
    async def send(_call: Call) -> Reply:
        return Reply(figures.text(), "text/plain; version=0.0.4; charset=utf-8")

    return Route("GET", "/metrics", "Figures for Prometheus", send, is_published=False)
