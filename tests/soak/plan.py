"""What will go wrong in a run, and when: all of it follows from the seed."""

from __future__ import annotations

import random
import time
from typing import NamedTuple

FAULTS = (
    "delayed", "late", "cut request", "cut answer", "answer lost", "doubled", "bad gateway",
    "unavailable", "too many", "portal 200", "portal 302", "portal 204", "drip", "reset",
)  # fmt: skip
"""What may befall one request, whatever the weather."""

WORST = "answer lost"

CYCLE_S = 150.0
"""In longer runs the disasters come again after about so long."""

_RATES = {"hello": (0.1, 0.3)}
_RATE = (0.25, 0.5)
"""How many requests are spoiled in calm weather and in a storm. A round begins with a hello: where
most of them were, nothing else would ever be."""


class Event(NamedTuple):
    """Something planned: seconds after the beginning, what, and for how long."""

    at_s: float
    what: str
    lasts_s: float = 0.0


def planned(seed: int, seconds: float) -> list[Event]:
    """The disasters of a run, in order. Each kind comes at least once in each cycle."""
    chance = random.Random(f"plan {seed}")
    cycles = max(1, round(seconds / CYCLE_S))
    length = seconds / cycles
    return sorted(
        event for cycle in range(cycles) for event in _cycle(chance, cycle * length, length)
    )


def _cycle(chance: random.Random, begins_s: float, length: float) -> list[Event]:
    def at(earliest: float, latest: float) -> float:
        return round(begins_s + length * chance.uniform(earliest, latest), 2)

    return [
        Event(at(0.10, 0.15), "owner"),
        Event(at(0.20, 0.30), "dump"),
        *(Event(at(0.31 + k / 10, 0.40 + k / 10), "owner") for k in range(3)),
        Event(at(0.80, 0.95), "owner"),
        Event(at(0.60, 0.70), "restore"),
        Event(at(0.05, 0.15), "kill server"),
        Event(at(0.35, 0.50), "kill server"),
        Event(at(0.05, 0.55), "crash database"),
        Event(at(0.10, 0.20), "refused", chance.uniform(1.5, 4)),
        Event(at(0.75, 0.90), "refused", chance.uniform(1.5, 4)),
        Event(at(0.50, 0.60), "silence", chance.uniform(2, 4)),
        *(Event(at(0.05 + k / 4, 0.15 + k / 4), "storm", length / 8) for k in range(4)),
    ]


class Deck:
    """Faults in an order that the seed decides, each as often as the others; one deck for what
    counters send and one for all other requests, so that neither is spared anything."""

    def __init__(self, seed: int) -> None:
        """Nothing is drawn yet."""
        self._chance = random.Random(f"deck {seed}")
        self._decks: dict[bool, list[str]] = {True: [], False: []}
        self._until = 0.0

    @property
    def is_stormy(self) -> bool:
        """Whether most requests are spoiled just now."""
        return time.monotonic() < self._until

    def storm(self, seconds: float) -> None:
        """Most requests are spoiled for so long."""
        self._until = time.monotonic() + seconds

    def draw(self, kind: str) -> str:
        """The fault of the next request of a kind; "" for none."""
        if self._chance.random() >= _RATES.get(kind, _RATE)[self.is_stormy]:
            return ""
        deck = self._decks[kind == "journal"]
        if not deck:
            deck += FAULTS
            self._chance.shuffle(deck)
            if kind == "journal":  # the worst for what was sold comes first, before anything ends
                deck.remove(WORST)
                deck.append(WORST)
        return deck.pop()

    def number(self, low: float, high: float) -> float:
        """How long, how far: a number that belongs to a fault."""
        return self._chance.uniform(low, high)
