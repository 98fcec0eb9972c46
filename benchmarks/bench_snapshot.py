"""A new register of a shop with 100,000 products and a quarter of sales: from a snapshot until it
is ready, against pulling the whole feed.

A real server on PostgreSQL behind HTTP on the loopback. Ours begins with the first question and
ends when the goods are found by name and the feed is level; making the snapshot is in it. The
reference is the same counter that pulls the feed from its first number.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.big_shop import big_shop, sell_many
from benchmarks.figure import Figure
from benchmarks.serving import serving
from pos.counter import Counter
from pos.device.witness import Witness
from pos.journal.verify import verify
from pos.shop.founding import found_shop
from pos.sync.enrolment import enrol
from pos.sync.memory import cursor, remember, server
from pos.sync.once import sync_once
from pos.sync.transport import HttpSender
from server.db.migrate import migrate
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import Services
from server.shops.adding import add_shop
from tests.helpers.postgres import running_cluster

PRODUCTS, SALES, LINES = 100_000, 6_000, 8
"""Sales of 8 lines: together with what an import writes, a feed of more than 6,000 entries."""


def measure() -> list[Figure]:
    """Seconds from the first question until the counter is ready."""
    with TemporaryDirectory() as folder, running_cluster(durable=True) as cluster:
        addresses = cluster.create()
        migrate(addresses.owner)
        store = Store(addresses.app)
        services = Services(store)
        shop = add_shop(services, "Toko Ukur").id
        with serving(addresses.app) as port:
            url = f"http://127.0.0.1:{port}"
            place = Path(folder)
            with closing(_lived(place, services, shop, url)) as first:
                end = cursor(first.db).n
            taken = _ready(place, services, shop, url, "snapshot", end)
            pulled = _ready(place, services, shop, url, "feed", end)
        store.close()
    name = (
        f"new register ready from a snapshot, {PRODUCTS:,} products, {SALES:,} sales"
        f" (reference: pulling {end:,} entries) (s)"
    )
    ratio = round(taken / pulled, 2)
    return [Figure(name, round(taken, 2), round(pulled, 2), ratio, "<= 10 s", taken <= 10)]


@contextmanager
def closing(counter: Counter) -> Iterator[Counter]:
    """Close it in the end."""
    try:
        yield counter
    finally:
        counter.close()


def _lived(place: Path, services: Services, shop: bytes, url: str) -> Counter:
    """The shop's first counter, with all that it sold on the server."""
    counter = big_shop(place / "first", PRODUCTS)
    sell_many(counter, SALES, LINES)
    _join(counter, services, shop, url)
    _level(counter, url)
    return counter


def _join(counter: Counter, services: Services, shop: bytes, url: str) -> None:
    sender = HttpSender(url)
    try:
        enrol(counter, url, make_code(services, shop).code, sender)
    finally:
        sender.close()


def _level(counter: Counter, url: str) -> None:
    found = server(counter.db)
    assert found is not None
    sender = HttpSender(url)
    try:
        outcome = sync_once(counter, found, sender)
    finally:
        sender.close()
    assert outcome.digest_equal is not False


def _ready(
    place: Path, services: Services, shop: bytes, url: str, way: str, at_least: int
) -> float:
    counter = found_shop(
        place / way, "Kasir baru", "Pemilik", witness=Witness(place / way / "state")
    )
    with closing(counter):
        _join(counter, services, shop, url)
        if way == "feed":
            with counter.db.transaction():
                remember(counter.db, "no_snapshot", "1")
        began = time.perf_counter()
        _level(counter, url)
        taken = time.perf_counter() - began
        assert cursor(counter.db).n >= at_least
        assert counter.db.scalar("SELECT count(*) FROM product") == PRODUCTS
        assert counter.db.scalar("SELECT count(*) FROM sale") == SALES
        if way == "snapshot":
            proof = verify(counter.db)
            assert proof.ok, proof.differences[:3]
    return taken
