"""The pages served for a real browser, from a thread of the test's own process."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import uvicorn

from server.app.application import assemble
from server.config import Config
from server.services import Services


@contextlib.contextmanager
def served(services: Services) -> Iterator[str]:
    """Serve until the block ends; gives the address."""
    listening = socket.create_server(("127.0.0.1", 0))
    settings = uvicorn.Config(
        assemble(services, Config()), ws="none", lifespan="off", log_config=None, access_log=False,
        # An order's page of a browser that is gone waits on for news.
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
