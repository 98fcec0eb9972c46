"""Two counters of one shop, their pictures' way to the real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos.catalog.pictures import picture_data, picture_hash, prepared
from pos.catalog.products import change_product, product_record
from pos.counter import Counter
from pos.shifts.drawer import start_shift
from pos.sync.enrolment import enrol, speaker
from pos.sync.memory import server
from pos.sync.once import sync_once
from pos.sync.pictures import Moved, Pictures
from tests.helpers.counter import StillClock, make_shop
from tests.helpers.picture_files import noise
from tests.helpers.real_server import RealServer

PICTURE_PATHS = ("/sync/picture", "/sync/pictures")


class Till:
    """A counter with its pictures' way to the server."""

    def __init__(self, counter: Counter, clock: StillClock, house: RealServer) -> None:
        """Join the shop."""
        self.counter = counter
        self.clock = clock
        self.house = house
        self.go_on: Callable[[], bool] = lambda: True
        enrol(counter, "http://huyula", house.code(), house.send)
        self.begin()

    def begin(self) -> None:
        """The program starts (again): nothing is remembered but what is stored."""
        self.pictures = Pictures(
            self.counter.folder,
            mono_ms=self.clock.mono_ms,
            chance=lambda: 0.5,
            go_on=lambda: self.go_on(),
        )

    def sync(self) -> None:
        """A round of the journal."""
        self.clock.forward(2)
        found = server(self.counter.db)
        assert found is not None
        sync_once(self.counter, found, self.house.send)

    def step(self) -> Moved:
        """A step of the pictures; the clock goes on first, so that it is due."""
        self.clock.forward(4)
        found = server(self.counter.db)
        assert found is not None
        return self.pictures.step(self.counter.db, found, speaker(self.counter, self.house.send))

    def steps(self, most: int = 40) -> Moved:
        """Steps until nothing is left to do right away."""
        sent = received = 0
        for _ in range(most):
            moved = self.step()
            sent, received = sent + moved.sent, received + moved.received
            if not moved.is_more:
                return Moved(sent, received)
        raise AssertionError("no end of steps")

    def show(self, product_id: bytes, data: bytes) -> bytes:
        """A product gets a picture; the picture's name."""
        record = product_record(self.counter.db, product_id)
        change_product(self.counter, record, picture=data)
        return picture_hash(data)

    def has(self, name: bytes) -> bytes:
        """What this counter shows of a picture."""
        return picture_data(self.counter.db, name)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def house(tmp_path: Path, clock: StillClock) -> Iterator[RealServer]:
    made = RealServer(tmp_path, clock.now_ms)
    yield made
    made.close()


@pytest.fixture
def tills(tmp_path: Path, clock: StillClock, house: RealServer) -> Iterator[list[Till]]:
    with make_shop(tmp_path / "a", clock) as first, make_shop(tmp_path / "b", clock) as second:
        for shop in (first, second):
            start_shift(shop, 0)
        yield [Till(shop, clock, house) for shop in (first, second)]


def rich(seed: int = 1) -> bytes:
    """A picture that is as large as one may be: several parts."""
    made = prepared(noise((640, 480), seed))
    assert len(made) > 40_000
    return made


def meet(tills: list[Till]) -> None:
    """Everybody sends and receives."""
    for till in (*tills, *tills):
        till.sync()
