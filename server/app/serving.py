"""Serving until told to stop: no new requests then, and those that run are finished."""

from __future__ import annotations

import gc
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from core.errors import Refused
from server.app.application import Application
from server.app.logs import set_up_logs
from server.app.memory import keep_little
from server.app.siblings import Siblings
from server.config import Config
from server.services import Services


class PortTaken(Refused):
    """The address to serve at is in use, or is not this machine's."""

    code = "port_taken"


def serve(services: Services, config: Config, announce: Callable[[str, int], None]) -> None:
    """Serve until SIGTERM or SIGINT; `announce` is told the address once requests are taken.

    Raises:
        PortTaken: the address cannot be used.
    """
    listening = bound(config.host, config.port)
    host, port = listening.getsockname()[:2]
    serve_on(listening, services, config, lambda: announce(host, port))


def serve_on(
    listening: socket.socket,
    services: Services,
    config: Config,
    ready: Callable[[], None],
    siblings: Siblings | None = None,
) -> None:
    """Serve at a socket that is bound, until SIGTERM or SIGINT; `siblings` serve there, too."""
    keep_little()
    # Most objects live as long as one request and refer to nothing in a circle: looking for
    # circles less often saves a seventh of the time that a journal takes.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    set_up_logs(config.log_level)
    app = Application(services, config, siblings)
    settings = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=config.proxies,
        timeout_graceful_shutdown=config.drain_seconds,
    )
    # uvicorn, once it has ended in order, sends itself the signal again.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
    _Server(settings, app, ready).run(sockets=[listening])


def bound(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket bound to an address; `shared`: other processes may bind theirs to it, too.

    Raises:
        PortTaken: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        if shared:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind((host, port))
    except (OSError, UnicodeError):
        made.close()
        raise PortTaken(host=host, port=port) from None
    return made


class _Server(uvicorn.Server):
    """uvicorn, which says when it is ready and tells long polls that the end has come."""

    def __init__(
        self, settings: uvicorn.Config, app: Application, ready: Callable[[], None]
    ) -> None:
        super().__init__(settings)
        self._app = app
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.stopping.set()
        super().handle_exit(sig, frame)
