"""Checkouts while a feed of 10,000 entries is being pulled, against checkouts with nothing to pull.

The whole program with its window (offscreen) and its sync, a real server over HTTP; another
counter's sales of 8 lines, of the same goods, are what comes. A cashier checks out carts of 8 lines
with short pauses, in the window's event loop. How long sync holds the counter's writer is measured
around each of its transactions.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest import mock

from PySide6.QtCore import QEventLoop, QTimer

from benchmarks.big_shop import big_shop
from benchmarks.figure import Figure, at_most, quantile, times
from benchmarks.serving import serving
from benchmarks.watched import Watched
from core import cart as carts
from core.facts.shifts import ShiftOpened
from core.sync.limits import APPLY_MS, BATCH_ENTRIES
from core.tender import TenderKind
from pos.app import Program, application
from pos.catalog.goods import one_goods
from pos.counter import Counter
from pos.selling.sales import Tendered, complete_sale
from pos.shifts.drawer import start_shift
from pos.staff.people import everybody
from pos.sync.enrolment import enrol
from pos.sync.memory import cursor
from pos.sync.transport import HttpSender
from pos.ui.shell.window import MainWindow
from pos.ui.sync.link import SyncLink
from server.db.migrate import migrate
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import Services
from server.shops.adding import add_shop
from server.sync import enrolling
from server.sync.journal import take_journal
from server.sync.keys import ServerKey
from server.sync.standing import heads_of
from tests.helpers.postgres import running_cluster
from tests.helpers.sync_client import Counter as Other
from tests.helpers.sync_client import fresh_id, line, sale

ENTRIES, QUICK_ENTRIES, LINES, PRODUCTS = 10_000, 1_500, 8, 2_000
IDLE, WARM_UP = 600, 50
BAR: Final = 1.5
_PAUSE_S: Final = (0.005, 0.025)


def measure(entries: int = ENTRIES) -> list[Figure]:
    """The 99th of 100 checkouts in both, and the longest hold."""
    with running_cluster() as cluster, TemporaryDirectory() as place:
        addresses = cluster.create()
        migrate(addresses.owner)
        services = Services(Store(addresses.app))
        shop_id = add_shop(services, "Toko Ukur").id
        with serving(addresses.app) as port:
            folder = Path(place) / "shop"
            # Where the shop was founded: else the program takes the folder for a copy.
            with mock.patch.dict(os.environ, HUYULA_STATE=str(folder / "state")):
                _enrol(folder, services, shop_id, port)
                found = _Measured(folder, services, shop_id).run(entries)
            services.store.close()
    return found


def _enrol(folder: Path, services: Services, shop_id: bytes, port: int) -> None:
    counter = big_shop(folder, PRODUCTS)
    start_shift(counter, 0)
    url = f"http://127.0.0.1:{port}"
    enrol(counter, url, make_code(services, shop_id).code, HttpSender(url))
    counter.close()


class _Measured:
    """One counter, first with nothing to pull, then with a feed that comes."""

    def __init__(self, folder: Path, services: Services, shop_id: bytes) -> None:
        self._folder = folder
        self._services, self._shop_id = services, shop_id
        self._chance = random.Random(6)
        self._holds_ms: list[float] = []
        self._app = application("light")

    def run(self, entries: int) -> list[Figure]:
        """Both, and the figures of them."""
        with self._program() as (counter, sync):
            self._until_pulled(counter)
            self._checkouts(counter, WARM_UP)
            idle = self._checkouts(counter, IDLE)
            self._until_pulled(counter)
            sync.stop()
            self._push(entries, self._goods(counter))
            self._holds_ms.clear()
            busy: list[float] = []
            sync.begin()
            while self._behind(counter) > 0:
                busy += self._checkouts(counter, 20)
        name = f"checkout while {entries:,} entries are pulled"
        return [
            times(f"{name}, p99", quantile(busy, 0.99), quantile(idle, 0.99), BAR),
            at_most("the counter's writer held by sync, longest", max(self._holds_ms), APPLY_MS),
        ]

    @contextmanager
    def _program(self) -> Iterator[tuple[Counter, SyncLink]]:
        """The program with its sync, whose transactions are watched."""
        watched = partial(Watched, held_ms=self._holds_ms)
        with mock.patch("pos.sync.worker.open_for_sync", watched):
            program = Program(self._app, self._folder)
            program.open()
            counter, window = program.counter, program.window
            assert counter is not None and isinstance(window, MainWindow)
            counter.staff_id = everybody(counter.db)[0].id
            try:
                self._pass(0.2)
                yield counter, window.sync
            finally:
                window.close()
                program.close()

    def _pass(self, seconds: float) -> None:
        """Let the window's loop run, as it does between two keys."""
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def _checkouts(self, counter: Counter, count: int) -> list[float]:
        goods, taken = self._goods(counter), []
        for _ in range(count):
            cart = carts.EMPTY
            for product_id in self._chance.sample(goods, LINES):
                cart, _ = carts.add(cart, one_goods(counter.db, product_id), "pcs", 1000)
            began = time.perf_counter()
            complete_sale(counter, cart, [Tendered(TenderKind.CASH, 1_000_000)])
            taken.append((time.perf_counter() - began) * 1000)
            self._pass(self._chance.uniform(*_PAUSE_S))
        return taken

    def _goods(self, counter: Counter) -> list[bytes]:
        return [bytes(row[0]) for row in counter.db.rows("SELECT id FROM product ORDER BY id")]

    def _behind(self, counter: Counter) -> int:
        """How many entries of the feed are not here yet."""
        head = heads_of(self._services, [self._shop_id])[self._shop_id]
        return head - cursor(counter.db).n

    def _until_pulled(self, counter: Counter) -> None:
        while self._behind(counter) > 0:
            self._pass(0.05)

    def _push(self, entries: int, goods: list[bytes]) -> None:
        """Another counter's sales arrive at the server."""
        other, shift = Other("K2"), fresh_id()
        code = make_code(self._services, self._shop_id).code
        key = ServerKey(self._services).public
        enrolling.enrol(self._services, key, other.enrol(code), address="here")
        other.write(ShiftOpened(shift, 100_000))
        for number in range(1, entries):
            chosen = self._chance.sample(goods, LINES)
            other.write(sale(number, shift, [line(one) for one in chosen]))
        for first in range(1, entries + 1, BATCH_ENTRIES):
            push = other.push(first, min(entries, first + BATCH_ENTRIES - 1))
            take_journal(self._services, self._shop_id, other.device, push)


if __name__ == "__main__":
    for figure in measure(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES):
        print(figure)
