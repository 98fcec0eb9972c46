"""A counter of a shop at a server, into whose feed a test writes orders."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.counter import Counter
from tests.helpers.counter import add_goods
from tests.helpers.many_counters import World


class Stall:
    """A world with goods of known stock at its first counter."""

    def __init__(self, world: World) -> None:
        """Write sugar and rice down."""
        self.world = world
        self.counter: Counter = world.counters[0]
        self.other: Counter = world.counters[1]
        self.sugar = add_goods(self.counter, "Gula", 17_000, 10_000, unit="kg")
        self.rice = add_goods(self.counter, "Beras", 13_000, 50_000, unit="kg")
        world.settle()

    def stock(self, product_id: bytes) -> int:
        """What lies on the shelf, in thousandths."""
        row = self.counter.db.scalar("SELECT stock FROM product WHERE id=?", (product_id,))
        return int(row)

    def agree(self) -> None:
        """All meet, every table is right, and both hold the same."""
        self.world.settle()
        for number in range(2):
            self.world.check(number)
        self.world.equal()


@pytest.fixture
def stall(tmp_path: Path) -> Iterator[Stall]:
    """Two counters of one shop."""
    world = World(tmp_path, random.Random(3), 2)
    yield Stall(world)
    world.close()
