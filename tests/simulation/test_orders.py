"""Orders of the gerai with their payments: with everything in order, and under every fault."""

from __future__ import annotations

import logging
import random
from collections import Counter as Tally
from collections.abc import Iterator

import pytest

from tests.simulation.swarm import (
    COURIERS,
    MARKET,
    ORDERS,
    draw,
    draw_couriers,
    draw_orders,
)
from tests.simulation.world import run

SEEDS = 8


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_without_faults_orders_are_placed_answered_paid_and_handed_over() -> None:
    counts: Tally[str] = Tally()
    for seed in range(SEEDS):
        found = run(seed, "quiet", MARKET)
        assert not found.broken, (seed, found.broken)
        counts.update(found.story.counts)
    for name in ("orders placed", "handed over", "paid at the provider", "order completed"):
        assert counts[name], name
    assert not any(name.startswith("market ") for name in counts)


def test_under_every_fault_of_theirs_nothing_is_lost_or_doubled() -> None:
    counts: Tally[str] = Tally()
    for seed in range(SEEDS):
        found = run(seed, "faults", "+".join((MARKET, *ORDERS)))
        assert not found.broken, (seed, found.broken)
        counts.update(found.story.counts)
    assert counts["server killed by an order"] and counts["market told_forged"]


def test_couriers_take_what_was_agreed_to_and_paid() -> None:
    counts: Tally[str] = Tally()
    for seed in range(3):
        found = run(seed, "faults", "+".join((MARKET, COURIERS, "two_hands", "old_orders")))
        assert not found.broken, (seed, found.broken)
        counts.update(found.story.counts)
    for name in ("courier ordered", "given to a courier", "courier's fee earned"):
        assert counts[name], name


def test_half_of_the_seeds_with_orders_have_couriers() -> None:
    drawn = [
        draw_couriers(seed, draw_orders(random.Random(f"orders {seed}"), draw(random.Random(seed))))
        for seed in range(300)
    ]
    assert 30 < sum(bool(one.couriers) for one in drawn) < 70
    assert all(one.orders is not None for one in drawn if one.couriers)


def test_a_seed_with_orders_is_a_story() -> None:
    """Invariant 18."""
    only = "+".join((MARKET, *ORDERS))
    first, again = run(3, "faults", only), run(3, "faults", only)
    assert "order" in first.story.table()
    assert first.story.table() == again.story.table()


def test_two_thirds_of_the_seeds_have_no_orders() -> None:
    drawn = [
        draw_orders(random.Random(f"orders {seed}"), draw(random.Random(seed)))
        for seed in range(300)
    ]
    assert 80 < sum(one.orders is not None for one in drawn) < 120
