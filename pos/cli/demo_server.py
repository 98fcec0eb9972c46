"""A server beside the sample shop: a process of its own that ends with the counter.

The counter speaks to it as to any server: over HTTP, with a code that the owner would read out.
"""

from __future__ import annotations

import json
import os
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

OWNER: Final = "pemilik@contoh.id"
PASSWORD: Final = "odu-olo-huyula"
PATIENCE_S: Final = 60
_STOP_S: Final = 5
_PR_SET_PDEATHSIG: Final = 1


class ServerFailed(Refused):
    """The sample shop's server did not start; the counter does without."""

    code = "demo_server_failed"


class SampleServer:
    """Commands of `huyula-server` on a database of its own, and the process that serves."""

    def __init__(self, folder: Path) -> None:
        """Its database and log are kept in this folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self._database = folder / "server.db"
        self._log = folder / "server.log"
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    @property
    def is_new(self) -> bool:
        """Whether it has no database yet."""
        return not self._database.exists()

    def command(self, *words: str, **environment: str) -> Any:
        """Run one command to its end; its answer.

        Raises:
            ServerFailed: it did not do it.
        """
        try:
            done = subprocess.run(
                self._words(*words),
                capture_output=True,
                text=True,
                timeout=PATIENCE_S,
                env={**os.environ, **environment},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ServerFailed(why=str(error)) from error
        return _answer(done.stdout, done.stderr)

    def start(self) -> None:
        """Serve on a free port of this computer.

        Raises:
            ServerFailed: it does not.
        """
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                self._words("serve", "--host", "127.0.0.1", "--port", "0"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        assert self._process.stdout is not None
        self.url = str(_answer(self._process.stdout.readline(), str(self._log))["url"])

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

    def _words(self, *words: str) -> list[str]:
        address = f"sqlite:///{self._database.resolve()}"
        return [sys.executable, "-m", "server.cli.main", "--db", address, "--json", *words]


@contextmanager
def sample_server(counter: Counter, folder: Path) -> Iterator[SampleServer]:
    """Serve while the block runs, the sample counter being enrolled.

    Raises:
        Refused: the server does not start, or the counter cannot join.
    """
    made = SampleServer(folder)
    try:
        shop = _first_time(made, counter) if made.is_new else ""
        made.start()
        found = server(counter.db)
        if found is None:
            code = made.command("device", "code", shop or counter.settings.shop_name)["code"]
            sender = HttpSender(made.url)
            try:
                enrol(counter, made.url, str(code), sender, name="Kasir contoh")
            finally:
                sender.close()
        elif found.url != made.url:
            # The free port is another one each time.
            with counter.db.transaction():
                remember(counter.db, "url", made.url)
        yield made
    finally:
        made.stop()


def _first_time(made: SampleServer, counter: Counter) -> str:
    shop = str(made.command("shop", "add", counter.settings.shop_name)["shop"])
    made.command("user", "add", OWNER, "--shop", shop, "--role", "owner", HUYULA_PASSWORD=PASSWORD)
    return shop


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
