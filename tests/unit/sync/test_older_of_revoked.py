"""A counter of which one line of history is revoked: what its older lines wrote is not lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

from pos.counter import Counter, read_head
from pos.opening import open_line
from pos.shifts.drawer import start_shift
from pos.sync.enrolment import enrol
from pos.sync.memory import Server
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.wire import NoAnswer, Received, Wire
from server.db.schema import SHOP
from server.db.schema.trade import sale
from server.devices.listing import revoke_line
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell
from tests.helpers.real_server import RealServer, offline

URL = "http://huyula.contoh"
_RECEIPTS = select(sale.c.receipt).where(sale.c.shop_id == SHOP)


class Parted(NamedTuple):
    """A counter that joined, sold in a line (device, receipt) that it then left, and has told the
    server of its newer line, but sent nothing since."""

    server: RealServer
    counter: Counter
    known: Server
    older: bytes
    receipt: str

    def revoke(self, line: bytes) -> None:
        """Take trust from that line alone."""
        self.server.services.store.in_shop(self.server.shop, lambda tx: revoke_line(tx, line))

    def receipts(self) -> list[str]:
        """What counts at the server."""
        rows = self.server.services.store.in_shop(self.server.shop, lambda tx: tx.rows(_RECEIPTS))
        return [row.receipt for row in rows]


@pytest.fixture
def parted(tmp_path: Path) -> Iterator[Parted]:
    clock = StillClock()
    server, counter = RealServer(tmp_path, clock.now_ms), make_shop(tmp_path / "a", clock)
    start_shift(counter, 0)
    goods = add_goods(counter, "Gula", 15_000, 100_000)
    enrol(counter, URL, server.code(), server.send)
    known = server_of(counter.db)
    assert known is not None
    sync_once(counter, known, server.send)
    receipt = sell(counter, cart_of(counter, (goods, 1_000))).receipt
    head = read_head(counter.db)
    assert head is not None
    open_line(counter, "restored", head)

    def nothing_is_pushed(wire: Wire, go: Callable[[], Received]) -> Received:
        return offline(wire, go) if wire.path.endswith("/journal") else go()

    server.weather = nothing_is_pushed
    with pytest.raises(NoAnswer):
        sync_once(counter, known, server.send)
    server.weather = lambda wire, go: go()
    yield Parted(server, counter, known, head.device, receipt)
    counter.close()
    server.close()


def test_what_an_older_line_wrote_arrives_though_only_the_newer_one_is_revoked(
    parted: Parted,
) -> None:
    """The older line is trusted on: a copy of the counter may go on from it elsewhere."""
    parted.revoke(parted.counter.line.device)
    assert sync_once(parted.counter, parted.known, parted.server.send).state == "revoked"
    assert parted.receipts() == [parted.receipt]


def test_once_it_has_arrived_the_older_line_is_not_greeted_again(parted: Parted) -> None:
    parted.revoke(parted.counter.line.device)
    asked: list[str] = []

    def watch(wire: Wire, go: Callable[[], Received]) -> Received:
        asked.append(wire.path)
        return go()

    parted.server.weather = watch
    greetings = []
    for _ in range(4):
        asked.clear()
        sync_once(parted.counter, parted.known, parted.server.send)
        greetings.append(sum(path.endswith("/hello") for path in asked))
    assert greetings == [2, 2, 1, 1]


def test_what_an_older_line_wrote_counts_though_that_one_is_revoked(parted: Parted) -> None:
    """The counter is trusted, and speaks for what it went on from."""
    parted.revoke(parted.older)
    outcome = sync_once(parted.counter, parted.known, parted.server.send)
    assert (outcome.state, outcome.waiting) == ("trusted", 0)
    assert parted.receipts() == [parted.receipt]
