"""The sandbox gateway as a real process, and somebody who hears its notifications."""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from server.payments.midtrans import Access, Midtrans
from server.payments.provider import Charge, Line
from tests.helpers.process import ROOT
from tests.helpers.server_process import environment

KEY = "SB-Mid-server-toko-a"


class Sandbox:
    """A gateway that runs, as a tester uses it."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url

    def wish(self, order_id: str = "", **faults: Any) -> None:
        """How it behaves from now on."""
        wish = {"order_id": order_id, "faults": faults}
        requests.post(f"{self.url}/sandbox/faults", json=wish, timeout=10).raise_for_status()

    def act(self, order_id: str, what: str, **given: Any) -> None:
        """What a buyer, a bank or time does."""
        place = f"{self.url}/sandbox/orders/{order_id}/{what}"
        answer = requests.post(place, params=given, timeout=10)
        assert "order_id" in answer.json(), answer.text

    def midtrans(self, key: str = KEY, timeout_s: float = 10) -> Midtrans:
        """The adapter that speaks with it."""
        return Midtrans(Access("sandbox", key, self.url), timeout_s=timeout_s)


@contextlib.contextmanager
def sandbox_running(*words: str) -> Iterator[Sandbox]:
    """Run one on a free port until the block ends."""
    command = [sys.executable, "-m", "server.cli.main", "--json", "sandbox", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--minute", "0.05", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        yield Sandbox(process, json.loads(line)["url"])
    finally:
        process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


class Ear:
    """A place that hears notifications; `answer` says with which status."""

    def __init__(self, answer: Callable[[bytes], int]) -> None:
        self.heard: list[bytes] = []
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status = answer(body)
                ear.heard.append(body)
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_given: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/bayar/midtrans/kabar"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def statuses(self) -> list[str]:
        """What was told, in the order in which it came."""
        return [json.loads(body)["transaction_status"] for body in self.heard]

    def wait(self, count: int, within_s: float = 20) -> None:
        """Until so many came."""
        until(lambda: len(self.heard) >= count, within_s)

    def close(self) -> None:
        """Hear no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


@contextlib.contextmanager
def listening(answer: Callable[[bytes], int] = lambda _body: 200) -> Iterator[Ear]:
    """An ear for the length of a block."""
    ear = Ear(answer)
    try:
        yield ear
    finally:
        ear.close()


def until(done: Callable[[], bool], within_s: float = 20) -> None:
    """Wait for something that happens by itself."""
    ends = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.01)


def now_ms() -> int:
    """The wall clock, which the gateway goes by."""
    return time.time_ns() // 1_000_000


def charge_of(order_key: str, **more: Any) -> Charge:
    """Two things and their delivery, with a discount."""
    lines = (Line("Kopi Pinogu", 25_000), Line("Ongkir", 5_000), Line("Potongan", -2_000))
    repeat = hashlib.sha256(order_key.encode()).hexdigest()[:36]
    made = Charge(order_key, repeat, "qris", 28_000, lines, now_ms(), 900)
    return made._replace(**more)
