"""The outermost layer: an id for each request, one line in the log, and its figures."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.problems import Internal
from server.http.router import refuse, send_reply

_log = logging.getLogger("huyula.request")
_GIVEN_ID: Final = re.compile(rb"[A-Za-z0-9_-]{8,64}")
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 30)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


FIGURES_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which processes that serve together keep their figures; the library reads
it when it is imported."""


class Figures:
    """What `/metrics` shows, in Prometheus' text format."""

    def __init__(self) -> None:
        """All at nought."""
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter(
            "huyula_requests", "Requests answered", labels, registry=self.registry
        )
        self.seconds = Histogram(
            "huyula_request_seconds",
            "Time to answer a request",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.inside = self._gauge("huyula_requests_inside", "Being answered")
        self.working = self._gauge("huyula_calls_inside", "Calls that run or wait for a thread")

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self.registry, multiprocess_mode="livesum")

    def text(self) -> bytes:
        """All figures as text: of all processes that serve together."""
        if FIGURES_VARIABLE not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


class Watch:
    """Gives each request an id, logs it when it is answered, and counts it.

    Neither headers nor bodies nor query texts are logged: they hold secrets.
    """

    def __init__(self, app: ASGIApp, figures: Figures, random: Callable[[int], bytes]) -> None:
        """`random` makes the ids of requests that bring none."""
        self._app = app
        self._figures = figures
        self._random = random

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["huyula.request_id"] = self._id_of(scope)
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", []),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        began = time.perf_counter()
        with self._figures.inside.track_inprogress():
            try:
                await self._app(scope, receive, noting)
            except Exception as error:
                _log.error("fault", exc_info=error, extra={"request_id": request_id})
                if status == 0:
                    await send_reply(refuse(Internal(), scope), noting)
        self._note(scope, status, time.perf_counter() - began)

    def _id_of(self, scope: Scope) -> str:
        for name, value in scope["headers"]:
            if name == b"x-request-id" and _GIVEN_ID.fullmatch(value):
                return str(value.decode("ascii"))
        return self._random(12).hex()

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # Only routes of ours and known methods: whoever asks for nonsense must not fill the memory.
        route = scope.get("huyula.route", "other")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._figures.requests.labels(method, route, str(status)).inc()
        self._figures.seconds.labels(route).observe(seconds)
        _log.info(
            "request",
            extra={
                "request_id": scope["huyula.request_id"],
                "method": method,
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "address": (scope.get("client") or ("",))[0],
            },
        )
