"""Checkouts while a feed of 10,000 entries is being pulled, against checkouts with nothing to pull.

A real counter with its sync thread, a real server over HTTP; another counter's sales of 8 lines,
of the same goods, are what comes. A cashier checks out carts of 8 lines with short pauses. How
long sync holds the counter's writer is measured around each of its transactions.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest import mock

from benchmarks.big_shop import big_shop
from benchmarks.figure import Figure, at_most, quantile, times
from benchmarks.serving import serving
from core import cart as carts
from core.facts.shifts import ShiftOpened
from core.sync.limits import APPLY_MS, BATCH_ENTRIES
from core.tender import TenderKind
from pos.catalog.goods import one_goods
from pos.counter import Counter
from pos.db.database import Database, open_database
from pos.opening import database_file
from pos.selling.sales import Tendered, complete_sale
from pos.shifts.drawer import start_shift
from pos.sync.enrolment import enrol
from pos.sync.memory import cursor
from pos.sync.transport import HttpSender
from pos.sync.worker import SyncWorker
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
IDLE, WARM_UP, LEAST = 600, 50, 300
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
            counter = _enrolled(Path(place) / "shop", services, shop_id, port)
            try:
                found = _Measured(counter, services, shop_id, port).run(entries)
            finally:
                counter.close()
                services.store.close()
    return found


def _enrolled(folder: Path, services: Services, shop_id: bytes, port: int) -> Counter:
    counter = big_shop(folder, PRODUCTS)
    start_shift(counter, 0)
    url = f"http://127.0.0.1:{port}"
    enrol(counter, url, make_code(services, shop_id).code, HttpSender(url))
    return counter


class _Measured:
    """One counter, first with nothing to pull, then with a feed that comes."""

    def __init__(self, counter: Counter, services: Services, shop_id: bytes, port: int) -> None:
        self._counter = counter
        self._services, self._shop_id = services, shop_id
        self._goods = [bytes(row[0]) for row in counter.db.rows("SELECT id FROM product")]
        self._chance = random.Random(6)
        self._holds_ms: list[float] = []

    def run(self, entries: int) -> list[Figure]:
        """Both, and the figures of them."""
        with self._sync():
            self._until_pulled()
            self._checkouts(WARM_UP)
            idle = self._checkouts(IDLE)
            self._until_pulled()
        self._push(entries)
        self._holds_ms.clear()
        busy: list[float] = []
        with self._sync():
            while self._behind() > 0 or len(busy) < LEAST:
                busy += self._checkouts(10)
        name = f"checkout while {entries:,} entries are pulled"
        return [
            times(f"{name}, p99", quantile(busy, 0.99), quantile(idle, 0.99), BAR),
            at_most("the counter's writer held by sync, longest", max(self._holds_ms), APPLY_MS),
        ]

    @contextmanager
    def _sync(self) -> Iterator[None]:
        """Sync as the program runs it: woken by what is written."""
        counter, holds = self._counter, self._holds_ms

        class Watched(Database):
            """Notes how long each transaction held the writer."""

            @contextmanager
            def transaction(self) -> Iterator[None]:
                with super().transaction():
                    began = time.perf_counter()
                    yield
                holds.append((time.perf_counter() - began) * 1000)

        file = database_file(counter.folder)
        worker = SyncWorker(file, clock=counter.clock, witness=counter.witness)
        with mock.patch(
            "pos.sync.worker.open_database", lambda path: Watched(open_database(path).raw)
        ):
            worker.start()
            counter.listeners.append(listener := lambda _kinds: worker.wake())
            try:
                yield
            finally:
                counter.listeners.remove(listener)
                worker.stop()

    def _checkouts(self, count: int) -> list[float]:
        counter, taken = self._counter, []
        for _ in range(count):
            cart = carts.EMPTY
            for product_id in self._chance.sample(self._goods, LINES):
                cart, _ = carts.add(cart, one_goods(counter.db, product_id), "pcs", 1000)
            began = time.perf_counter()
            complete_sale(counter, cart, [Tendered(TenderKind.CASH, 1_000_000)])
            taken.append((time.perf_counter() - began) * 1000)
            time.sleep(self._chance.uniform(*_PAUSE_S))
        return taken

    def _behind(self) -> int:
        """How many entries of the feed are not here yet."""
        head = heads_of(self._services, [self._shop_id])[self._shop_id]
        return head - cursor(self._counter.db).n

    def _until_pulled(self) -> None:
        while self._behind() > 0:
            time.sleep(0.05)

    def _push(self, entries: int) -> None:
        """Another counter's sales arrive at the server."""
        other, shift = Other("K2"), fresh_id()
        code = make_code(self._services, self._shop_id).code
        key = ServerKey(self._services).public
        enrolling.enrol(self._services, key, other.enrol(code), address="here")
        other.write(ShiftOpened(shift, 100_000))
        for number in range(1, entries):
            chosen = self._chance.sample(self._goods, LINES)
            other.write(sale(number, shift, [line(one) for one in chosen]))
        for first in range(1, entries + 1, BATCH_ENTRIES):
            push = other.push(first, min(entries, first + BATCH_ENTRIES - 1))
            take_journal(self._services, self._shop_id, other.device, push)


if __name__ == "__main__":
    for figure in measure(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES):
        print(figure)
