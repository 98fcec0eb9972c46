"""Several processes that serve at one address, and the one that watches over them.

Python runs one thread at a time, so a machine's other cores need processes. Each has a socket of
its own at the same port (SO_REUSEPORT): Linux deals connections out evenly, where processes with
one socket in common would race for them. They know nothing of one another but what lies in the
database, in a folder that they share (rates, figures), and whose feed grew (`siblings`).
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final, NamedTuple

from prometheus_client.multiprocess import mark_process_dead

from core.errors import Refused
from server.app.logs import set_up_logs
from server.app.opening import open_services
from server.app.serving import bound, serve_on
from server.app.siblings import Siblings
from server.config import Config
from server.db.url import parse_address
from server.http.watching import FIGURES_VARIABLE
from server.sync.http.buckets import make_file
from server.sync.http.gate import BUCKETS_FILE

_READY: Final = "ready"
_PAUSE_S: Final = 1.0
"""Between two starts of the same worker."""

_GRACE_S: Final = 5
"""Beyond the time in which requests are finished."""

_log = logging.getLogger("huyula.workers")


class WorkersNeedPostgresql(Refused):
    """SQLite lets one process write: several would only wait for each other."""

    code = "workers_need_postgresql"


class WorkersNotHere(Refused):
    """This system has no SO_REUSEPORT."""

    code = "workers_not_here"


class WorkerFailed(Refused):
    """A process ended before it could serve."""

    code = "worker_failed"


def check_workers(config: Config) -> None:
    """Pass settings with which so many processes can serve.

    Raises:
        WorkersNeedPostgresql, WorkersNotHere: they cannot.
    """
    if config.workers == 1:
        return
    if parse_address(config.address).get_backend_name() == "sqlite":
        raise WorkersNeedPostgresql()
    if not hasattr(socket, "SO_REUSEPORT"):
        raise WorkersNotHere()


def serve_together(config: Config, announce: Callable[[str, int], None]) -> None:
    """Serve with `config.workers` processes until SIGTERM or SIGINT.

    `announce` is told the address once all take requests. A process that dies is replaced.

    Raises:
        PortTaken: the address cannot be used.
        WorkerFailed: one of them did not come up at first.
    """
    set_up_logs(config.log_level)
    # Whoever listens there already, alone, is found by a socket that does not share.
    alone = bound(config.host, config.port)
    host, port = alone.getsockname()[:2]
    alone.close()
    with (
        tempfile.TemporaryDirectory(prefix="huyula-") as name,
        # Keeps the port from others while a process is replaced; takes no connections itself.
        closing(bound(host, port, shared=True)),
    ):
        folder = Path(name)
        make_file(folder / BUCKETS_FILE)
        os.environ[FIGURES_VARIABLE] = name
        try:
            _Watch(config, host, port, folder).run(lambda: announce(host, port))
        finally:
            del os.environ[FIGURES_VARIABLE]


class _Worker(NamedTuple):
    process: BaseProcess
    channel: Connection
    started: float


class _Watch:
    """Starts the processes, replaces who dies, ends all."""

    def __init__(self, config: Config, host: str, port: int, folder: Path) -> None:
        self._config = config
        self._host, self._port, self._folder = host, port, folder
        self._workers: dict[int, _Worker] = {}
        self._stopping = False
        self._bell, self._button = socket.socketpair()
        self._button.setblocking(False)

    def run(self, announce: Callable[[], None]) -> None:
        before = {
            number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            for number in range(self._config.workers):
                self._start(number)
            if self._all_ready():
                announce()
            while not self._stopping:
                self._wait()
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)
            self._bell.close()
            self._button.close()

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopping = True
        self._button.send(b"!")

    def _start(self, number: int) -> None:
        ours, theirs = multiprocessing.Pipe()
        # A new interpreter: nothing of this one's threads and connections is inherited.
        process = multiprocessing.get_context("spawn").Process(
            target=run_worker,
            args=(self._config, self._host, self._port, self._folder, number, theirs),
            name=f"huyula-server {number}",
        )
        process.start()
        theirs.close()
        self._workers[number] = _Worker(process, ours, time.monotonic())

    def _all_ready(self) -> bool:
        """Wait until all serve; False where the end came first."""
        for worker in self._workers.values():
            while not self._stopping:
                wait([worker.channel, self._bell])
                if worker.channel.poll():
                    self._check_ready(worker)
                    break
        return not self._stopping

    def _check_ready(self, worker: _Worker) -> None:
        try:
            worker.channel.recv()
        except EOFError:
            raise WorkerFailed() from None

    def _wait(self) -> None:
        """Until one dies or the end comes."""
        wait([self._bell, *(one.process.sentinel for one in self._workers.values())])
        for number, worker in list(self._workers.items()):
            if self._stopping or worker.process.is_alive():
                continue
            self._bury(worker)
            _log.error("a worker ended (exit %s); it is replaced", worker.process.exitcode)
            left_s = worker.started + _PAUSE_S - time.monotonic()
            if left_s > 0:
                wait([self._bell], left_s)
            if not self._stopping:
                self._start(number)

    def _bury(self, worker: _Worker) -> None:
        worker.process.join()
        worker.channel.close()
        # Its gauges go; what it counted stays.
        mark_process_dead(worker.process.pid)  # type: ignore[no-untyped-call]

    def _end(self) -> None:
        """Ask all to end what they do, and wait for it as long as it may take."""
        for worker in self._workers.values():
            worker.process.terminate()
        until = time.monotonic() + self._config.drain_seconds + _GRACE_S
        for worker in self._workers.values():
            worker.process.join(max(0.0, until - time.monotonic()))
            if worker.process.is_alive():
                _log.error("a worker did not end in time")
                worker.process.kill()
            self._bury(worker)


def run_worker(
    config: Config, host: str, port: int, folder: Path, number: int, channel: Connection
) -> None:
    """What one of the processes does: serve until it is told to end, or nobody watches any more."""
    set_up_logs(config.log_level)
    services = open_services(config, shared=folder)
    siblings = Siblings(folder, number, config.workers)
    threading.Thread(target=_end_with, args=(channel,), daemon=True).start()
    listening = bound(host, port, shared=True)
    try:
        serve_on(listening, services, config, lambda: channel.send(_READY), siblings)
    finally:
        services.store.close()


def _end_with(channel: Connection) -> None:
    """End this process where the one that watches has ended, however it did."""
    try:
        channel.recv()
    except (EOFError, OSError):
        os.kill(os.getpid(), signal.SIGTERM)
