"""From a table of routes to an ASGI application."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import Refused
from server.db.errors import as_refusal
from server.http.problems import (
    Internal,
    Malformed,
    MethodNotAllowed,
    NotFound,
    WrongMedia,
    headers_of,
    problem_of,
    status_of,
)
from server.http.routes import MEDIA_TYPES, Call, Media, Reply, Route, Runner, Stopping
from server.services import Services

_log = logging.getLogger("huyula.http")
# What these would have weighed is not said, nor what they are.
_WITHOUT_BODY: Final = (204, 304)


@dataclass(frozen=True)
class _Early:
    """What is known of a request before it was read."""

    services: Services
    headers: Mapping[str, str]
    request_id: str
    language: str


@dataclass(frozen=True)
class Surroundings:
    """What calls need beside the request."""

    services: Services
    run: Runner
    opening: Runner
    stopping: Stopping


class Router:
    """Finds the route of a request, reads it, runs the handler, sends the answer."""

    def __init__(
        self, routes: Sequence[Route], around: Surroundings, others: ASGIApp | None = None
    ) -> None:
        """`others` gets what no route matches (the pages)."""
        self._routes = [(compile_path(route.path)[0], route) for route in routes]
        self._around = around
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        route: Route | None = None
        places: Mapping[str, str] = {}
        try:
            route, places = self._find(scope["path"], scope["method"])
            if route is None:
                assert self._others is not None
                await self._others(scope, receive, send)
                return
            scope["huyula.route"] = route.path
            call = _call_of(route, scope, places, await _body(receive), self._around)
            answer = await self._run(route, call)
            reply = _reply_of(route, answer)
        except Exception as error:
            reply = self._refused(error, route, scope)
        await _send(reply, send, is_head=scope["method"] == "HEAD")

    def _find(self, path: str, method: str) -> tuple[Route | None, Mapping[str, str]]:
        wanted = "GET" if method == "HEAD" else method
        allowed: list[str] = []
        is_page = True
        for pattern, route in self._routes:
            found = pattern.match(path)
            if found and route.method == wanted:
                return route, found.groupdict()
            if found:
                allowed.append(route.method)
                is_page = is_page and not route.is_published
        # Where forms go, a browser that only looks is told by a page, not in JSON.
        if allowed and not (is_page and wanted == "GET" and self._others is not None):
            raise MethodNotAllowed(allow=", ".join(sorted(allowed)))
        if self._others is None:
            raise NotFound()
        return None, {}

    def _refused(self, error: Exception, route: Route | None, scope: Scope) -> Reply:
        refusal = error if isinstance(error, Refused) else as_refusal(error)
        if refusal is None:
            _log.error("fault", exc_info=error, extra={"request_id": request_id_of(scope)})
            refusal = Internal()
        if route is None or route.refuse is None:
            return refuse(refusal, scope, route)
        headers = _headers_of(scope)
        asked = _Early(self._around.services, headers, request_id_of(scope), language_of(headers))
        return route.refuse(asked, refusal)

    async def _run(self, route: Route, call: Call) -> Any:
        if inspect.iscoroutinefunction(route.handler):
            return await route.handler(call)
        return await self._around.run(route.handler, call)


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed(why="disconnected")
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _call_of(
    route: Route, scope: Scope, places: Mapping[str, str], raw: bytes, around: Surroundings
) -> Call:
    headers = _headers_of(scope)
    query_text = scope["query_string"].decode("latin-1")
    return Call(
        services=around.services,
        request_id=request_id_of(scope),
        method=scope["method"],
        path=scope["path"],
        query_text=query_text,
        headers=headers,
        address=(scope.get("client") or ("", 0))[0],
        language=language_of(headers),
        raw=raw,
        data=_data_of(route, headers, raw),
        query=_query_of(route, query_text),
        places=places,
        run=around.run,
        opening=around.opening,
        stopping=around.stopping,
        gerai=scope.get("huyula.gerai", ""),
    )


def _headers_of(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def request_id_of(scope: Scope) -> str:
    """The id that the outermost layer gave a request."""
    return str(scope.get("huyula.request_id", ""))


def language_of(headers: Mapping[str, str]) -> str:
    """English for whoever asks for it before Indonesian, else Indonesian."""
    for wish in headers.get("accept-language", "").split(","):
        tag = wish.split(";")[0].strip().lower()
        if tag.startswith(("id", "ms")):
            return "id"
        if tag.startswith("en"):
            return "en"
    return "id"


def _data_of(route: Route, headers: Mapping[str, str], raw: bytes) -> Any:
    if route.body is None:
        return None
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != MEDIA_TYPES[route.media]:
        raise WrongMedia(media=MEDIA_TYPES[route.media])
    decode = msgspec.json.decode if route.media == "json" else msgspec.msgpack.decode
    try:
        return decode(raw, type=route.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(why=str(error)) from error


def _query_of(route: Route, text: str) -> Any:
    if route.query is None:
        return None
    try:
        pairs = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=50))
        return msgspec.convert(pairs, route.query, strict=False)
    except (ValueError, msgspec.ValidationError) as error:
        raise Malformed(why=str(error)) from error


def encode(value: Any, media: Media) -> bytes:
    """A message in the route's format."""
    return msgspec.json.encode(value) if media == "json" else msgspec.msgpack.encode(value)


def _reply_of(route: Route, answer: Any) -> Reply:
    if isinstance(answer, Reply):
        return answer
    if answer is None:
        return Reply(status=204)
    return Reply(encode(answer, route.media), MEDIA_TYPES[route.media])


def refuse(refusal: Refused, scope: Scope, route: Route | None = None) -> Reply:
    """The answer to a request that is refused."""
    status = status_of(refusal, route)
    language = language_of(_headers_of(scope))
    problem = problem_of(refusal, status, language=language, request_id=request_id_of(scope))
    media: Media = route.media if route is not None else "json"
    headers = headers_of(problem, refusal.details)
    return Reply(encode(problem, media), MEDIA_TYPES[media], status, headers)


async def _send(reply: Reply, send: Send, *, is_head: bool) -> None:
    headers = [(b"content-length", str(len(reply.body)).encode())]
    if reply.status in _WITHOUT_BODY:
        headers = []
    else:
        headers.append((b"content-type", reply.media_type.encode("latin-1")))
    headers += [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else reply.body})


async def send_reply(reply: Reply, send: Send) -> None:
    """Send an answer (for layers outside the router)."""
    await _send(reply, send, is_head=False)
