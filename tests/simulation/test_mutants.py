"""The simulator can fail: each fault put into the product on purpose is noticed, and by which
invariant. (M3, the number taken outside the lock, is in tests/server/sync/test_concurrent.py, for
it needs several writers.)"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.world import run

SEEDS = 60

SOONEST = {
    "M7": 41,
    "M19": 3,
    "M21": 44,
    "M24": 13,
    "O6": 5,
    "O9": 3,
    "O11": 3,
    "O14": 13,
    "O16": 23,
    "P1": 7,
}
"""Of faults that few seeds show: one that does, asked before the others."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_caught(name: str) -> None:
    mutant = MUTANTS[name]
    others: list[str] = []
    with mutant.make():
        for seed in sorted(range(SEEDS), key=lambda one: one != SOONEST.get(name, 0)):
            found = run(seed, "faults", mutant.fault)
            if found.number in mutant.invariants:
                return
            if found.broken:
                others.append(f"{seed}: {found.broken.splitlines()[0][:160]}")
    pytest.fail(f"{name} lives: {others or 'nothing broke'}")
