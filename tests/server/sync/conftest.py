"""A shop with counters, on both engines, with a clock that tests move."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Table, select

from core.sync.messages import FeedEntry
from server.db.schema import SHOP
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import Services
from server.shops.adding import add_shop
from server.sync.enrolling import Joined, enrol
from server.sync.greeting import Greeted, greet, register_line
from server.sync.journal import Taken, take_journal
from server.sync.keys import ServerKey
from server.sync.pages import Page, read_page
from server.sync.verifying import verify
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale

NOW_MS = 1_796_000_000_000


class Shop:
    """A shop on the server, and what a test does with it."""

    def __init__(self, services: Services, clock: list[int]) -> None:
        """Add a shop."""
        self.services = services
        self.clock = clock
        self.key = ServerKey(services)
        self.id = add_shop(services, "Toko Uji").id

    def join(self, counter: Counter) -> Joined:
        """Enrol a counter."""
        code = make_code(self.services, self.id).code
        return enrol(self.services, self.key.public, counter.enrol(code), address="test")

    def joined(self, register: str = "K1") -> Counter:
        """A new counter that is enrolled."""
        counter = Counter(register)
        self.join(counter)
        return counter

    def push(self, counter: Counter, first: int = 1, last: int | None = None) -> Taken:
        """Send entries of a counter's own line."""
        return take_journal(self.services, self.id, counter.device, counter.push(first, last))

    def send(self, counter: Counter) -> Taken:
        """Send what the server does not have yet."""
        greeted = self.greet(counter)
        return self.push(counter, greeted.acks[0].seq + 1)

    def greet(self, counter: Counter, **options: Any) -> Greeted:
        """Say hello."""
        hello = counter.hello(**options)
        return greet(self.services, self.id, hello)

    def adopt(self, counter: Counter, **options: Any) -> Greeted:
        """Say hello with a new line."""
        hello = counter.hello(**options)
        assert register_line(self.services, hello) == self.id
        return greet(self.services, self.id, hello)

    def page(self, counter: Counter, **options: Any) -> Page:
        """The next page for a counter."""
        where = {"epoch": counter.epoch, "after": counter.n, "digest": counter.feed_hash}
        return read_page(self.services, self.id, counter.device, **(where | options))

    def feed(self, counter: Counter) -> list[FeedEntry]:
        """The whole feed, as a counter sees it from the start."""
        found: list[FeedEntry] = []
        counter.n, counter.feed_hash = 0, bytes(32)
        while True:
            page = self.page(counter, full=True)
            if not page.entries:
                return found
            found.extend(page.entries)
            counter.n, counter.feed_hash = page.last, page.hash

    def verdicts(self, counter: Counter) -> dict[str, str]:
        """What became of each kind of a line's entries (the last of each)."""
        return {one.kind: one.verdict for one in self.feed(counter) if one.device == counter.device}

    def rows(self, table: Table, *columns: str) -> list[Any]:
        """Rows of a table of the shop."""
        chosen = [table.c[name] for name in columns] if columns else [table]
        query = select(*chosen).where(table.c.shop_id == SHOP)
        with self.services.store.reading_shop(self.id) as tx:
            return sorted(tuple(row) for row in tx.rows(query))

    def one(self, table: Table, *columns: str) -> Sequence[Any]:
        """The only row of a table."""
        (row,) = self.rows(table, *columns)
        return row  # type: ignore[no-any-return]


def selling(shop: Shop, sales: int = 2) -> tuple[Counter, bytes]:
    """A counter with goods that it has sold some of, nothing of it sent; the goods' id."""
    counter, goods = shop.joined(), fresh_id()
    counter.write(added(goods, 10_000, 100_000))
    for number in range(1, sales + 1):
        counter.write(sale(number, goods, [line(goods)]))
    return counter, goods


@pytest.fixture
def clock() -> list[int]:
    """The server's clock: the test sets the first element (UTC ms)."""
    return [NOW_MS]


@pytest.fixture
def services(store: Store, clock: list[int]) -> Services:
    """What commands work with."""
    return dataclasses.replace(Services(store), now_ms=lambda: clock[0])


@pytest.fixture
def shop(services: Services, clock: list[int]) -> Iterator[Shop]:
    """A shop without counters; whatever the test did, its tables follow from its feed."""
    made = Shop(services, clock)
    yield made
    proof = verify(services, made.id)
    assert proof.ok, proof.differences
