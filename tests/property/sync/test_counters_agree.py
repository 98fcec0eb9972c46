"""Whatever counters do and in whatever order it reaches them: every table is what the order of
the feed and of what waits says, after each step; and at the end all hold the same."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tests.helpers.many_counters import World, allot_some, merge_some

STEPS = 40


def live(seed: int, counters: int, *, troubles: bool) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        world = World(Path(place), chance, counters)
        try:
            for number in range(counters):
                world.check(number)
            for _ in range(STEPS):
                step(world, troubles)
            world.settle()
            for number in range(counters):
                world.check(number)
            world.equal()
        finally:
            world.close()


def step(world: World, troubles: bool) -> None:
    chance = world.chance
    number = chance.randrange(len(world.counters))
    dice = chance.random()
    if dice < 0.55:
        world.act(number)
    elif dice < 0.75:
        world.story.append(f"{number} push")
        world.push(number, chance.randint(1, 8))
    elif dice < 0.88 or not troubles:
        world.story.append(f"{number} pull")
        world.pull(number, chance.randint(1, 3))
    else:
        trouble(world)
    world.check(number)


def trouble(world: World) -> None:
    chance = world.chance
    what = chance.choice(["merge", "allot", "revoke", "revoke", "trust", "trust", "release"])
    world.story.append(what)
    if what == "merge":
        merge_some(world)
    elif what == "allot":
        allot_some(world)
    elif what == "revoke":
        lines = [bytes(row[0]) for row in world.server.db.rows("SELECT device FROM register")]
        world.server.revoked.add(chance.choice(lines))
    elif what == "trust":
        world.server.revoked.clear()
    else:
        world.server.release()


@pytest.mark.parametrize("seed", range(6))
def test_two_counters(seed: int) -> None:
    live(seed, 2, troubles=False)


@pytest.mark.parametrize("seed", range(4))
def test_three_counters_with_troubles(seed: int) -> None:
    live(seed, 3, troubles=True)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1 << 32), counters=st.integers(2, 3), troubles=st.booleans())
def test_any_counters(seed: int, counters: int, troubles: bool) -> None:
    live(seed, counters, troubles=troubles)
