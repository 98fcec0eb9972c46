"""Tills that join late begin with a snapshot, under every fault, and agree with all others."""

from __future__ import annotations

import logging
from collections import Counter as Tally
from collections.abc import Iterator

import pytest

from tests.simulation.late import HALF, NAME
from tests.simulation.world import run

SEEDS = 12
FAULTS = "cut+lost+answer_lost+killed_applying"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_late_tills_agree_with_all_others() -> None:
    counts: Tally[str] = Tally()
    for seed in range(SEEDS):
        found = run(seed, "faults", f"{NAME}+{FAULTS}" if seed % 2 else NAME)
        assert not found.broken, (seed, found.broken)
        counts.update(found.story.counts)
    assert counts["joined late"] > SEEDS
    assert counts["began with a snapshot"] and counts["older entries came"]


def test_what_half_a_snapshot_has_comes_back_to_a_server_that_went_back() -> None:
    counts: Tally[str] = Tally()
    for seed in range(4):
        found = run(seed, "faults", HALF)
        assert not found.broken, (seed, found.broken)
        counts.update(found.story.counts)
    assert counts["server restored under half a snapshot"]
