"""Two counters that each sold as K1-000001 before they met in one shop."""

from __future__ import annotations

import random
from pathlib import Path

from pos.counter import Counter
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World

NUMBER = "K1-000001"
"""What both wrote on their first receipt: one piece at the first counter, two at the second.

The second went on to K1-000003, which the first has still before it.
"""


class Twins(World):
    """The first founded the shop and stays K1, the second is K2 since."""

    def __init__(self, place: Path) -> None:
        """Both have sold, joined, and know everything of each other."""
        self._founded = 0
        super().__init__(place, random.Random(5), 2)

    def _found(self, place: Path) -> Counter:
        counter = super()._found(place)
        self._founded += 1
        sell(counter, cart_of(counter, (some_goods(counter), self._founded * 1_000)))
        if self._founded == 2:
            for _ in range(2):
                sell(counter, cart_of(counter, (some_goods(counter), 1_000)))
        return counter

    def meet(self) -> None:
        """Everything reaches both."""
        self.settle()


def some_goods(counter: Counter) -> bytes:
    """Goods by the piece."""
    return bytes(counter.db.scalar("SELECT id FROM product WHERE unit='pcs' ORDER BY name"))
