"""A body is cut where it becomes too large, however it is sent."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.problems import TooLarge


class BodyLimit:
    """Refuses a body over the limit: at once where its length is said, else where it gets there.

    Whoever reads the body is told, so that a route's refusal is in the form of its other answers.

    Whoever is answered before the body has come whole is cut off: the rest is not waited for.
    """

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        """`most_bytes` that a body may have."""
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = self._declared(scope)
        body = _Body(receive, send, self._most, declared)
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

    def __init__(self, receive: Receive, send: Send, most: int, declared: int) -> None:
        self._receive = receive
        self._send = send
        self._most = most
        self._declared = declared
        self._count = 0
        self._is_coming = declared != 0

    async def receive(self) -> Message:
        if self._declared > self._most:
            raise TooLarge(most=self._most)
        message = await self._receive()
        self._count += len(message.get("body", b""))
        if self._count > self._most:
            raise TooLarge(most=self._most)
        if not message.get("more_body", False):
            self._is_coming = False
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._is_coming:
            message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
        await self._send(message)
