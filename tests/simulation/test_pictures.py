"""Pictures of goods reach every till of a shop whole, whatever befalls them on their way."""

from __future__ import annotations

import logging
import random
from collections import Counter as Tally
from collections.abc import Iterator

import pytest

from tests.simulation.pictures import draw_pictures
from tests.simulation.swarm import PICTURES, draw
from tests.simulation.world import run

SEEDS = 6


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_without_faults_every_till_has_them() -> None:
    counts: Tally[str] = Tally()
    for seed in range(2):
        found = run(seed, "quiet", PICTURES)
        assert not found.broken, (seed, found.broken)
        counts.update(found.story.counts)
    assert counts["picture fetched"] and counts["picture shown at the end"]
    assert not counts["picture cut"] and not counts["picture in nobody's hands"]


def test_cut_damaged_and_lost_they_arrive_all_the_same() -> None:
    counts: Tally[str] = Tally()
    for seed in range(SEEDS):
        found = run(seed, "faults", PICTURES)
        assert not found.broken, (seed, found.broken)
        counts.update(found.story.counts)
    for name in (
        "picture sent on after a cut", "picture fetched on after a cut",
        "picture lost at the server",
        "picture damaged on its way up", "picture damaged on its way down", "server restored",
        "picture sent as the server's copy", "picture shown at the end",
    ):  # fmt: skip
        assert counts[name], name


def test_a_seed_with_pictures_is_a_story() -> None:
    """Invariant 18."""
    first, again = run(3, "faults", PICTURES), run(3, "faults", PICTURES)
    assert "picture" in first.story.table()
    assert first.story.table() == again.story.table()


def test_few_seeds_have_pictures_and_the_others_mean_what_they_did() -> None:
    drawn = [draw(random.Random(seed)) for seed in range(300)]
    found = [draw_pictures(seed, swarm) for seed, swarm in enumerate(drawn)]
    assert 10 < sum(bool(one.pictures) for one in found) < 40
    assert all(one == swarm for one, swarm in zip(found, drawn, strict=True) if not one.pictures)
