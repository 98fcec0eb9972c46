"""All that a seed draws for a run, each part from a stream of chance of its own: what one of them
means does not change when another comes to have more."""

from __future__ import annotations

import random
from typing import NamedTuple

from tests.simulation.pictures import draw_pictures
from tests.simulation.swarm import (
    Mode,
    Swarm,
    draw,
    draw_couriers,
    draw_hard,
    draw_late,
    draw_orders,
)


class Drawn(NamedTuple):
    """The faults of a run, and the streams of its steps and of its buyers."""

    swarm: Swarm
    chance: random.Random
    buyers: random.Random


def drawn(seed: int, mode: Mode | None, only: str) -> Drawn:
    """What a seed means; `only`: the faults that exist instead, at a good rate."""
    chance, buyers = random.Random(seed), random.Random(f"orders {seed}")
    swarm = draw_orders(buyers, draw(chance, mode, only), only)
    for more in (draw_late, draw_hard, draw_couriers, draw_pictures):
        swarm = more(seed, swarm, only)
    return Drawn(swarm, chance, buyers)
