"""A server beside the sample shop: a process of its own that ends with the counter.

The counter speaks to it as to any server: over HTTP, with a code that the owner would read out.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from core.errors import Refused
from pos.counter import Counter
from pos.sync.enrolment import enrol
from pos.sync.memory import remember, server
from pos.sync.transport import HttpSender

_STOP_S: Final = 5
_PR_SET_PDEATHSIG: Final = 1


class ServerFailed(Refused):
    """The sample shop's server did not start; the counter does without."""

    code = "demo_server_failed"


class SampleServer:
    """`huyula-server demo` in a process of its own, on a database that stays.

    `url`, `email` and `password` open the owner's pages, `code` lets a counter in; `market` and
    `gerai` (of each shop's name) are addresses for buyers, `gateway` is where they pay online.
    """

    def __init__(self, folder: Path, shop: str) -> None:
        """Its database and log are kept in this folder; it makes a shop of this name."""
        folder.mkdir(parents=True, exist_ok=True)
        self._database = folder / "server.db"
        self._log = folder / "server.log"
        self._shop = shop
        self._process: subprocess.Popen[str] | None = None
        self.url = self.email = self.password = self.code = self.market = self.gateway = ""
        self.gerai: dict[str, str] = {}

    def start(self) -> None:
        """Serve on a free port of this computer.

        Raises:
            ServerFailed: it does not.
        """
        address = f"sqlite:///{self._database.resolve()}"
        words = ["--db", address, "--json", "demo", "--weeks", "0", "--name", self._shop]
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server.cli.main", *words, "--host", "127.0.0.1"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        assert self._process.stdout is not None
        answer = _answer(self._process.stdout.readline(), str(self._log))
        self.url, self.code = str(answer["url"]), str(answer["code"])
        self.email, self.password = str(answer["email"]), str(answer["password"])
        self.market, self.gateway = str(answer["market"]), str(answer["gateway"])
        self.gerai = {str(one["shop"]): str(one["url"]) for one in answer["gerai"]}

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def sample_server(counter: Counter, folder: Path) -> Iterator[SampleServer]:
    """Serve while the block runs, the sample counter being enrolled.

    Raises:
        Refused: the server does not start, or the counter cannot join.
    """
    made = SampleServer(folder, counter.settings.shop_name)
    try:
        made.start()
        found = server(counter.db)
        if found is None:
            sender = HttpSender(made.url)
            try:
                enrol(counter, made.url, made.code, sender, name="Kasir contoh")
            finally:
                sender.close()
        elif found.url != made.url:
            # The free port is another one each time.
            with counter.db.transaction():
                remember(counter.db, "url", made.url)
        yield made
    finally:
        made.stop()


def _answer(out: str, log: str) -> Any:
    with suppress(ValueError, IndexError):
        answer = json.loads(out.strip().splitlines()[-1])
        if "error" not in answer:
            return answer
        log = str(answer.get("message", log))
    raise ServerFailed(why=log.strip())


def _end_with_parent() -> None:
    """In the new process, on Linux: a killed counter takes its server along (prctl(2))."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
