"""A server went back and the network drops every eighth request: the way ends all the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.facts.base import FieldChange
from core.facts.catalog import ProductChanged
from pos.counter import Counter
from pos.sync import rounds
from pos.sync.enrolment import enrol
from pos.sync.memory import cursor, server, waiting_count
from pos.sync.once import sync_once
from pos.sync.wire import NoAnswer, Received, Wire
from server.sync.allotments import append_server_fact
from server.sync.restoring import begin_epochs
from tests.helpers.counter import StillClock, add_goods, make_shop
from tests.helpers.real_server import RealServer

PAGES = 12


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def real(tmp_path: Path, clock: StillClock) -> Iterator[RealServer]:
    made = RealServer(tmp_path, clock.now_ms)
    yield made
    made.close()


@pytest.fixture
def counter(tmp_path: Path, clock: StillClock, real: RealServer) -> Iterator[Counter]:
    """A counter that belongs to the server's shop."""
    made = make_shop(tmp_path / "counter", clock)
    add_goods(made, "Beras")
    enrol(made, "http://huyula", real.code(), real.send)
    yield made
    made.close()


def _round(counter: Counter, real: RealServer) -> bool:
    assert isinstance(counter.clock, StillClock)
    counter.clock.forward(20)
    found = server(counter.db)
    assert found is not None
    try:
        sync_once(counter, found, real.send)
    except NoAnswer:
        return False
    return True


class Flaky:
    """Every eighth request is lost."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, wire: Wire, go: Callable[[], Received]) -> Received:
        self.count += 1
        if self.count % 8 == 0:
            raise NoAnswer(why="connection")
        return go()


def test_what_a_server_lost_is_offered_although_some_requests_are_lost(
    counter: Counter, real: RealServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rounds, "PAGE_ENTRIES", 1)
    assert _round(counter, real)
    real.close()
    shutil.copy(real.file, tmp_path / "backup.db")
    real.open()
    goods = bytes(counter.db.scalar("SELECT id FROM product WHERE name='Beras'"))
    price = 0
    for price in range(20_000, 20_000 + PAGES):
        old = counter.db.scalar("SELECT price FROM product WHERE id=?", (goods,))
        change = ProductChanged(goods, (FieldChange("price", str(old), str(price)),))
        with real.store.shop(real.shop) as tx:
            append_server_fact(tx, change, now_ms=real.services.now_ms())
        assert _round(counter, real)
    real.close()
    for ending in ("-wal", "-shm"):
        Path(f"{real.file}{ending}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup.db", real.file)
    real.open()
    begin_epochs(real.services, "restored")
    real.weather = Flaky()
    tries = 0
    while not (_round(counter, real) and not waiting_count(counter.db)):
        tries += 1
        assert tries < 60, (cursor(counter.db), waiting_count(counter.db))
    assert counter.db.scalar("SELECT price FROM product WHERE id=?", (goods,)) == price
    assert real.proves_itself()
