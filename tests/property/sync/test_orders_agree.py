"""Whoever writes about orders, wherever and whenever it arrives: each counter tells the story that
feed and waiting entries say after every step, and in the end all tell the same."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given, settings

from core.facts.orders import OrderStep, OrderStepped
from core.orders.steps import STEPS, StepName
from core.sync.feed import QUARANTINED, verdict
from tests.helpers.many_counters import World
from tests.helpers.till_orders import line, order_id, placed

MOST_ORDERS = 4
_NAMES: tuple[StepName, ...] = tuple(sorted({step.name for step in STEPS}))
_LIKELY: tuple[StepName, ...] = ("accept", "pay_at_handover", "hand_over", "fulfil", "decline")


def _steps(chance: random.Random) -> tuple[OrderStep, ...]:
    names = [chance.choice(_LIKELY if chance.random() < 0.7 else _NAMES) for _ in range(3)]
    amounts = (0, 0, 34_000)
    return tuple(OrderStep(name, chance.choice(amounts)) for name in names)


class Ordered:
    """A world in which buyers order and everybody writes about it."""

    def __init__(self, place: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world = World(place, self.chance, 2)
        self.numbers: list[int] = []
        self.late: list[int] = []

    def step(self) -> None:
        number = self.chance.randrange(2)
        act = self.chance.choice(
            (self._order, self._other, self._shop, self._shop, self._push, self._pull, self._hold)
        )
        self.world.story.append(f"{number} {act.__name__}")
        act(number)
        self.world.check(number)

    def _order(self, number: int) -> None:
        """The order; sometimes only after somebody wrote about it."""
        if self.late and self.chance.random() < 0.6:
            self._place(self.late.pop())
        elif len(self.numbers) < MOST_ORDERS:
            self.numbers.append(len(self.numbers) + 1)
            if self.chance.random() < 0.5:
                self.late.append(self.numbers[-1])
            else:
                self._place(self.numbers[-1])

    def _place(self, order: int) -> None:
        goods = self.world.goods(self.world.counters[0])
        self.world.server.write(placed(order, line(goods)))

    def _other(self, number: int) -> None:
        if self.numbers:
            who = self.chance.choice(("buyer", "time", "provider", "office"))
            self.world.server.write(
                OrderStepped(
                    order_id(self.chance.choice(self.numbers)), who, _steps(self.chance),
                    ("accept_by",),
                )
            )  # fmt: skip

    def _shop(self, number: int) -> None:
        if self.numbers:
            which = order_id(self.chance.choice(self.numbers))
            sale = self.chance.choice((0, 7))
            with self.world.counters[number].transaction() as tx:
                tx.append(OrderStepped(which, "shop", _steps(self.chance), sale_seq=sale))

    def _push(self, number: int) -> None:
        self.world.push(number, self.chance.randint(1, 4))

    def _pull(self, number: int) -> None:
        self.world.pull(number, self.chance.randint(1, 2))

    def _hold(self, number: int) -> None:
        """What a counter wrote last is held back, until somebody lets it count."""
        if self.world.server.held and self.chance.random() < 0.7:
            self.world.server.release()
            return
        row = self.world.counters[number].db.tuple_of(
            "SELECT hash FROM journal WHERE kind='order_stepped' ORDER BY pos DESC LIMIT 1"
        )
        if row is not None:
            self.world.server.words[bytes(row[0])] = verdict(QUARANTINED, "revoked")

    def end(self) -> None:
        for order in self.late:
            self._place(order)
        self.world.server.words.clear()
        self.world.settle()
        for number in range(2):
            self.world.check(number)
        self.world.equal()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_any_order_of_arrival_tells_one_story(seed: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        ordered = Ordered(Path(place), seed)
        try:
            for _ in range(30):
                ordered.step()
            ordered.end()
        finally:
            ordered.world.close()
