"""How long sync holds the counter's writer, noted at each transaction; counters that are level with
a server in this process."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.big_shop import big_shop
from pos.counter import Counter
from pos.db.database import Database
from pos.device.clock import Clock
from pos.opening import database_file
from pos.sync.enrolment import enrol, speaker
from pos.sync.memory import cursor
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.rounds import Round
from pos.sync.worker import open_for_sync
from tests.helpers.real_server import RealServer

_URL: Final = "http://huyula.contoh"


class Watched(Database):
    """The counter's file as sync writes into it; `held_ms` gets each transaction's time in ms."""

    def __init__(self, file: Path, held_ms: list[float]) -> None:
        """Open the file as sync does."""
        made = open_for_sync(file)
        super().__init__(made.raw, made.turns)
        self.goes_first = made.goes_first
        self._held_ms = held_ms

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The same, with a clock."""
        with super().transaction():
            began = time.perf_counter()
            yield
        self._held_ms.append((time.perf_counter() - began) * 1000)


def level(server: RealServer, counter: Counter) -> int:
    """Join, if that is still to be done, and a round; the feed's last number."""
    if server_of(counter.db) is None:
        enrol(counter, _URL, server.code(), server.send)
    found = server_of(counter.db)
    assert found is not None
    sync_once(counter, found, server.send)
    return cursor(counter.db).n


def held_in_a_round(counter: Counter, server: RealServer) -> float:
    """The longest hold of a round, in ms."""
    held_ms: list[float] = []
    found = server_of(counter.db)
    assert found is not None
    # As the program does once it stands (pos/app.py): what this process holds beside the counter,
    # a server and all that was sold, is no part of what the collector looks through.
    gc.collect()
    gc.freeze()
    try:
        with closing(Watched(database_file(counter.folder), held_ms)) as db:
            who = speaker(counter, server.send)
            Round(db, found, who, counter.clock, counter.witness).run()
    finally:
        gc.unfreeze()
    return max(held_ms)


@contextmanager
def two_counters(products: int) -> Iterator[tuple[RealServer, Counter, Counter]]:
    """A server and two counters of a shop with so many goods, all level."""
    with ExitStack() as opened:
        place = Path(opened.enter_context(TemporaryDirectory()))
        server = RealServer(place, Clock().now_ms)
        opened.callback(server.close)
        first = opened.enter_context(closing(big_shop(place / "first", products)))
        level(server, first)
        second = opened.enter_context(closing(big_shop(place / "second", 0)))
        level(server, second)
        assert second.db.scalar("SELECT count(*) FROM product") == products
        yield server, first, second
