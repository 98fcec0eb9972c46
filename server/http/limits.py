"""A body is cut where it becomes too large or comes too slowly, however it is sent."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.problems import TooLarge, TooSlow

WAIT_S: Final = 30.0
"""So long a body is waited for in all, and longer by what of it has come."""

LEAST_PACE: Final = 512
"""Bytes a second that a body comes with at least: the worst mobile network still has more."""


MOST_WAITS: Final = 4
"""Whoever has sent much at once is waited for so many times as long, and no longer."""


class BodyLimit:
    """Refuses a body over the limit: at once where its length is said, else where it gets there.
    One that trickles in is refused, too: it would hold its place for ever.

    Whoever reads the body is told, so that a route's refusal is in the form of its other answers.

    Whoever is answered before the body has come whole is cut off: the rest is not waited for.
    """

    def __init__(self, app: ASGIApp, most_bytes: int, wait_s: float = WAIT_S) -> None:
        """`most_bytes` that a body may have, `wait_s` that one is waited for which brings none."""
        self._app = app
        self._most = most_bytes
        self._wait_s = wait_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = self._declared(scope)
        body = _Body(receive, send, self._most, declared, self._wait_s)
        await self._app(scope, body.receive, body.send)

    def _declared(self, scope: Scope) -> int:
        """The length that is said: 0 for no body, -1 for one of unsaid length."""
        for name, value in scope["headers"]:
            if name == b"content-length":
                return int(value) if value.isdigit() and len(value) < 19 else self._most + 1
            if name == b"transfer-encoding":
                return -1
        return 0


class _Body:
    """Counts what comes in, and closes the connection where the answer comes first."""

    def __init__(
        self, receive: Receive, send: Send, most: int, declared: int, wait_s: float
    ) -> None:
        self._receive = receive
        self._left_s = wait_s
        self._most_s = wait_s * MOST_WAITS
        self._send = send
        self._most = most
        self._declared = declared
        self._count = 0
        self._is_coming = declared != 0

    async def receive(self) -> Message:
        if self._declared > self._most:
            raise TooLarge(most=self._most)
        message = await (self._in_time() if self._is_coming else self._receive())
        self._count += len(message.get("body", b""))
        if self._count > self._most:
            raise TooLarge(most=self._most)
        if not message.get("more_body", False):
            self._is_coming = False
        return message

    async def _in_time(self) -> Message:
        """The next part. Only waiting counts, not what is done between two parts."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, self._left_s)):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow() from None
        left_s = self._left_s - (time.monotonic() - began)
        self._left_s = min(left_s + len(message.get("body", b"")) / LEAST_PACE, self._most_s)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._is_coming:
            message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
        await self._send(message)
