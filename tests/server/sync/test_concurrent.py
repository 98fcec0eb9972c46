"""The feed under 32 writers on PostgreSQL while a reader pages: no number is ever missed.

And the proof that the test can fail: with the number taken outside the lock it does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import select

import server.sync.feed as feed
from core.facts.base import FieldChange
from core.facts.shop import SettingsChanged
from core.sync.feed import START
from server.db.schema import SHOP, journal, shops
from server.db.store import Store
from server.db.transaction import ShopTx
from server.devices.pairing import make_code
from server.services import Services
from server.shops.adding import add_shop
from server.sync.enrolling import enrol
from server.sync.journal import take_journal
from server.sync.keys import ServerKey
from tests.helpers.postgres import Addresses
from tests.helpers.sync_client import Counter

WRITERS = 32
PUSHES = 6


@pytest.fixture
def many(postgres: Addresses) -> Iterator[Services]:
    store = Store(postgres.app, connections=WRITERS + 2)
    yield Services(store)
    store.close()


def _counters(services: Services, shop_id: bytes) -> list[Counter]:
    counters = []
    key = ServerKey(services)
    for number in range(WRITERS):
        counter = Counter(f"K{number + 1}")
        code = make_code(services, shop_id).code
        # Each from an address of its own: ten tries an hour are given to one.
        enrol(services, key.public, counter.enrol(code), address=f"10.0.0.{number}")
        for push in range(PUSHES):
            change = FieldChange(f"{counter.register}.{push}", '""', '"x"')
            counter.write(SettingsChanged((change,)))
        counters.append(counter)
    return counters


def _write(services: Services, shop_id: bytes, counter: Counter) -> None:
    for seq in range(1, PUSHES + 1):
        take_journal(services, shop_id, counter.device, counter.push(seq, seq))


class _Reader:
    """Pages by number alone, as a counter does that trusts the numbers."""

    def __init__(self, services: Services, shop_id: bytes) -> None:
        self.seen: set[int] = set()
        self.after = 0
        self.stop = threading.Event()
        self._services, self._shop = services, shop_id

    def run(self) -> None:
        while not self.stop.is_set():
            self.page()
        while self.page():
            pass

    def page(self) -> bool:
        entry = journal.entry
        query = select(entry.c.n).where(entry.c.shop_id == SHOP, entry.c.n > self.after)
        with self._services.store.reading_shop(self._shop) as tx:
            numbers = sorted(row.n for row in tx.rows(query.order_by(entry.c.n).limit(50)))
        self.seen.update(numbers)
        self.after = max([self.after, *numbers])
        return bool(numbers)


def _run(services: Services, shop_id: bytes, counters: list[Counter]) -> tuple[set[int], set[int]]:
    """What the reader saw, and what there is."""
    reader = _Reader(services, shop_id)
    thread = threading.Thread(target=reader.run)
    thread.start()
    with ThreadPoolExecutor(WRITERS) as pool:
        done = [pool.submit(partial(_write, services, shop_id, one)) for one in counters]
        for one in done:
            one.result()
    reader.stop.set()
    thread.join()
    with services.store.reading_shop(shop_id) as tx:
        rows = tx.rows(select(journal.entry.c.n).where(journal.entry.c.shop_id == SHOP))
    return reader.seen, {row.n for row in rows}


def test_no_number_is_missed_under_32_writers(many: Services) -> None:
    shop_id = add_shop(many, "Ramai").id
    counters = _counters(many, shop_id)
    seen, stored = _run(many, shop_id, counters)
    assert len(stored) == WRITERS * (PUSHES + 1)
    assert stored == set(range(1, len(stored) + 1))
    assert seen == stored


def test_the_same_fails_where_the_number_is_taken_outside_the_lock(
    many: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop_id = add_shop(many, "Ramai").id
    counters = _counters(many, shop_id)
    table = shops.shop_feed
    unlocked = select(table).where(table.c.shop_id == SHOP)
    monkeypatch.setattr(feed, "LOCK", unlocked)
    monkeypatch.setattr(feed, "Step", _outside_the_lock(many, shop_id))
    monkeypatch.setattr("server.sync.journal.Step", feed.Step)
    seen, stored = _run(many, shop_id, counters)
    assert stored - seen, "the reader missed nothing: the test proves nothing"


def _outside_the_lock(services: Services, shop_id: bytes) -> type[feed.Step]:
    """Steps that number like a sequence: handed out at once, visible whenever they commit."""
    lock = threading.Lock()
    with services.store.reading_shop(shop_id) as tx:
        table = shops.shop_feed
        row = tx.one(select(table.c.next_n).where(table.c.shop_id == SHOP))
    assert row is not None
    numbers = [row.next_n - 1]

    class Loose(feed.Step):
        def __init__(self, tx: ShopTx, now_ms: int, before: feed.Step | None = None) -> None:
            with lock:
                numbers[0] += 1
                self._own = numbers[0]
            super().__init__(tx, now_ms)
            self.n, self.hash = self._own - 1, START
            self._before = (self.epoch, self.n, self.deal_after)

        def close(self, also: Callable[[], None] = lambda: None) -> None:
            tx = self.tx
            # Different times between the number and the commit, as the network makes them.
            pause = threading.Event()
            self.heads.write(tx, feed.NOTHING)
            self._flush_entries()
            pause.wait((self._own % 7) / 200)

    return Loose
