"""An ASGI application asked without a network."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx


def ask(app: Any, method: str, path: str, **given: Any) -> httpx.Response:
    """One request and its answer; an error that the application lets out is raised here."""

    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            return await client.request(method, path, **given)

    return asyncio.run(run())
