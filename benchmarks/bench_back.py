"""How long the counter's writer is held while it goes back with a restored server that lost a
hundred days of another counter's sales, or while it gives up the snapshot that it began with.

The feed is shortened and all is folded again, as after a server's 410; what is measured is each
transaction on the counter's file. The cashier waits for the longest of them.
"""

from __future__ import annotations

import random
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest import mock

from benchmarks.big_shop import big_shop, sell_many
from benchmarks.figure import Figure, at_most
from benchmarks.watched import Watched, level
from core.sync.limits import APPLY_MS
from pos.counter import Counter
from pos.db.base import base_of
from pos.device.clock import Clock
from pos.journal.verify import verify
from pos.opening import database_file
from pos.sync import rounds
from pos.sync.goback import go_back, pull_whole
from pos.sync.memory import cursor, waiting_count
from server.sync import snapshot_rows
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World
from tests.helpers.real_server import RealServer
from tests.helpers.signed_pages import sign_pages

SALES, QUICK_SALES = 20_000, 2_000
PRODUCTS, WHOLE_SALES = 20_000, 6_000
"""What the snapshot holds; its sales come whole."""
_MOST_PAGES: Final = 1 << 20


def measure(
    sales: int = SALES, products: int = PRODUCTS, whole_sales: int = WHOLE_SALES
) -> list[Figure]:
    """The longest holds."""
    return [_restored(sales), _given_up(products, whole_sales)]


def _restored(sales: int) -> Figure:
    with TemporaryDirectory() as place:
        world = World(Path(place), random.Random(8), 2)
        try:
            common = _lived(world, sales)
            held_ms = _gone_back(world.counters[1], common)
        finally:
            world.close()
    name = f"the counter's writer held while {sales:,} lost sales go back to waiting, longest"
    return at_most(name, max(held_ms), APPLY_MS)


def _given_up(products: int, sales: int) -> Figure:
    """The goods are older than what the snapshot holds whole: they go, and come with the feed."""
    held_ms: list[float] = []
    with ExitStack() as opened:
        place = Path(opened.enter_context(TemporaryDirectory()))
        server = RealServer(place, Clock().now_ms)
        opened.callback(server.close)
        first = opened.enter_context(closing(big_shop(place / "first", products)))
        after = level(server, first)
        opened.enter_context(mock.patch.object(snapshot_rows, "_before", lambda *_: after))
        opened.enter_context(mock.patch.object(rounds, "STRETCHES", 0))  # nor do they come yet
        sell_many(first, sales)
        level(server, first)
        second = opened.enter_context(closing(big_shop(place / "second", 0)))
        level(server, second)
        assert base_of(second.db) is not None and second.db.scalar("SELECT 1 FROM product")
        db = opened.enter_context(closing(Watched(database_file(second.folder), held_ms)))
        pull_whole(db, cursor(db).epoch)
        assert base_of(db) is None and not db.scalar("SELECT 1 FROM product")
        assert waiting_count(db) > sales and verify(db).ok
    name = f"the same where a snapshot of {products:,} goods and {sales:,} sales is given up"
    return at_most(name, max(held_ms), APPLY_MS)


def _lived(world: World, sales: int) -> int:
    """One counter sells, the other hears of it; the number that both are to agree on."""
    seller, hearer = world.counters
    common = cursor(hearer.db).n
    goods = bytes(seller.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    seller.db.run("PRAGMA synchronous=OFF")
    for _ in range(sales):
        sell(seller, cart_of(seller, (goods, 1_000)))
    world.push(0, _MOST_PAGES)
    world.pull(1, _MOST_PAGES)
    sign_pages(hearer.db)
    return common


def _gone_back(counter: Counter, common: int) -> list[float]:
    held_ms: list[float] = []
    db = Watched(database_file(counter.folder), held_ms)
    epoch = cursor(db).epoch + 1
    go_back(db, common, epoch)
    assert cursor(db).n == common and waiting_count(db)
    assert verify(counter.db).ok
    db.close()
    return held_ms


if __name__ == "__main__":
    for figure in measure():
        print(figure)
