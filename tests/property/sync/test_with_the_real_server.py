"""Counters that live random days under bad weather, with the real server between them."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pos.device.witness import Witness
from pos.opening import open_counter
from pos.sync.enrolment import enrol
from pos.sync.memory import server, waiting_count
from pos.sync.once import sync_once
from pos.sync.wire import NoAnswer, Received, Wire
from server.sync.restoring import begin_epochs
from tests.helpers.counter import StillClock
from tests.helpers.many_counters import World, picture
from tests.helpers.real_server import RealServer

STEPS = 30
# The server's own lines, and what is folded there by other code, are proved by its own tests.
SHARED = ("stock_movement", "debt_movement", "cash_movement", "sale", "sale_line", "product")


class Market(World):
    """The same acts; the network is the real protocol."""

    def __init__(self, place: Path, chance: random.Random, counters: int) -> None:
        self.place = place
        self.chance = chance
        self.story: list[str] = []
        self.clock = StillClock()
        self.real = RealServer(place, self.clock.now_ms)
        self.counters = [self._found(place / str(number)) for number in range(counters)]
        self.kept: dict[int, Path] = {}
        for counter in self.counters:
            counter.clock = self.clock
            enrol(counter, "http://huyula", self.real.code(), self.real.send)
        for _ in range(2):
            for number in range(counters):
                self.sync(number)

    def close(self) -> None:
        for counter in self.counters:
            counter.close()
        self.real.close()

    def sync(self, number: int) -> bool:
        self.clock.forward(1)
        counter = self.counters[number]
        found = server(counter.db)
        assert found is not None
        try:
            outcome = sync_once(counter, found, self.real.send)
        except NoAnswer:
            return False
        assert outcome.digest_equal is not False, self.story
        return True

    def storm(self, wire: Wire, go: Callable[[], Received]) -> Received:
        dice = self.chance.random()
        if dice < 0.1:
            raise NoAnswer(why="connection")
        answer = go()
        if dice < 0.2:
            raise NoAnswer(why="timeout")
        return go() if dice < 0.25 else answer

    def restore_counter(self, number: int) -> None:
        """An old copy of a counter's file is put back by hand."""
        counter, kept = self.counters[number], self.place / f"kept-{number}.db"
        file = counter.folder / "counter.db"
        if number not in self.kept:
            counter.db.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy(file, kept)
            self.kept[number] = kept
            return
        who = counter.staff_id
        counter.close()
        for part in counter.folder.glob("counter.db*"):
            part.unlink()
        shutil.copy(self.kept.pop(number), file)
        witness = Witness(self.place / str(number) / "state")
        again = open_counter(counter.folder, clock=self.clock, witness=witness)
        again.staff_id = who
        self.counters[number] = again

    def restore_server(self) -> None:
        """An old dump of the server is brought back, and the operator says so."""
        kept = self.place / "kept-server.db"
        self.real.close()
        if kept.exists():
            for part in self.place.glob("server.db*"):
                part.unlink()
            shutil.move(kept, self.real.file)
            self.real.open()
            begin_epochs(self.real.services, "restored")
        else:
            shutil.copy(self.real.file, kept)
            self.real.open()

    def settle(self) -> None:
        self.real.weather = lambda wire, go: go()
        for _ in range(4):
            for number in range(len(self.counters)):
                assert self.sync(number)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_all_agree_after_bad_days(seed: int) -> None:
    live(seed)


def live(seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        market = Market(Path(place), chance, 2 + seed % 2)
        try:
            market.real.weather = market.storm
            for _ in range(STEPS):
                step(market)
            market.settle()
            pictures = [picture(counter.db) for counter in market.counters]
            for number, counter in enumerate(market.counters):
                market.check(number)
                assert not waiting_count(counter.db)
                for table in SHARED:
                    assert pictures[number][table] == pictures[0][table], (table, market.story)
            assert market.real.proves_itself()
        finally:
            market.close()


def step(market: Market) -> None:
    chance = market.chance
    number = chance.randrange(len(market.counters))
    dice = chance.random()
    if dice < 0.6:
        market.act(number)
    elif dice < 0.9:
        market.story.append(f"{number} sync")
        market.sync(number)
    elif dice < 0.96:
        market.story.append(f"{number} restore")
        market.restore_counter(number)
    else:
        market.story.append("server restore")
        market.restore_server()
    market.check(number)
