"""Counters as processes of their own, each the whole program with its window (offscreen)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.counter_acts import begin_shop
from pos.device.witness import Witness
from pos.shifts.drawer import start_shift
from pos.shop.founding import found_shop
from pos.sync.enrolment import enrol
from pos.sync.transport import HttpSender
from server.devices.pairing import make_code
from server.services import Services

PATIENCE_S = 60.0


def found_counter(
    services: Services, shop_id: bytes, folder: Path, url: str, *, first: bool
) -> None:
    """A counter in its folder, in the shop, with an open shift; the `first` one has goods, a
    customer and a parked cart."""
    counter = found_shop(folder, "Toko", "Ibu", witness=Witness(folder / "state"))
    start_shift(counter, 0)
    if first:
        begin_shop(counter)
    enrol(counter, url, make_code(services, shop_id).code, HttpSender(url))
    counter.close()


class Screen:
    """A counter's process: what it is told, and what it says of its screen."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Listen to it from now on."""
        assert process.stdin is not None and process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout
        self._said: deque[dict[str, Any]] = deque()
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._stdout:
            with self._news:
                self._said.append(msgspec.json.decode(line))
                self._news.notify_all()

    def look_at(self, place: str) -> None:
        """Have this place opened."""
        self._tell(look=place)
        self.wait("looks", place, 0)

    def do(self, act: str, value: int) -> int:
        """Have something done here; returns when that began (ns)."""
        began = time.monotonic_ns()
        self._tell(do=act, value=value)
        return self.wait("began", act, value, began)

    def _tell(self, **what: Any) -> None:
        self._stdin.write(msgspec.json.encode(what) + b"\n")
        self._stdin.flush()

    def wait(self, word: str, what: str, value: int, since_ns: int = 0) -> int:
        """When it said so, at `since_ns` or later (ns). What was said before that is forgotten."""
        until = time.monotonic() + PATIENCE_S
        with self._news:
            while True:
                while self._said and self._said[0]["at_ns"] < since_ns:
                    self._said.popleft()
                for said in self._said:
                    if said.get(word) == what and said["value"] == value:
                        return int(said["at_ns"])
                left_s = until - time.monotonic()
                if left_s <= 0 or not self._news.wait(left_s):
                    raise TimeoutError(f"{word} {what} {value}: not within {PATIENCE_S:g} s")


@contextmanager
def screen_of(folder: Path) -> Iterator[Screen]:
    """A counter's program on its folder, with its list of goods open; ended with the block."""
    command = [sys.executable, "-m", "benchmarks.counter_window", str(folder)]
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "HUYULA_STATE": str(folder / "state"),
    }
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Screen(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)
