"""What is accepted although an older entry still waits is found without reading all that waits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.sync import apply
from pos.sync.memory import recall, remember
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World

MANY = 3_000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(5), 2)
    made.settle()
    yield made
    made.close()


def others_wait(world: World, kind: str = "drawer_opened", many: int = MANY) -> None:
    """As after a server went back: entries of others wait, and nobody has them any more."""
    db = world.counters[0].db
    last = db.scalar("SELECT max(pos) FROM journal")
    rows = [
        (last + place, b"s" * 16, b"another counter.", place, kind, 1, b"", bytes(32), bytes(32))
        for place in range(1, many + 1)
    ]
    with db.transaction():
        db.many("INSERT INTO journal VALUES (?,?,?,?,?,?,?,?,?)", rows)
        db.many("INSERT INTO waiting VALUES (?)", [row[:1] for row in rows])


def sell_and_push(world: World) -> None:
    counter = world.counters[0]
    goods = bytes(counter.db.scalar("SELECT id FROM product WHERE active=1 ORDER BY name LIMIT 1"))
    for _ in range(5):
        sell(counter, cart_of(counter, (goods, 1_000)))
    world.push(0, 99)


def test_a_slice_reads_little_of_what_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    db = world.counters[0].db
    monkeypatch.setattr(apply, "finish_refold", lambda db, breathe: None)
    others_wait(world)
    sell_and_push(world)
    with db.transaction():
        remember(db, "refold", "1")
    steps = 0

    def stepped() -> int:
        nonlocal steps
        steps += 1
        return 0

    db.raw.set_progress_handler(stepped, 10)
    world.pull(0, 9)
    db.raw.set_progress_handler(None, 0)
    assert db.scalar("SELECT count(*) FROM waiting") == MANY
    assert steps < MANY / 2


@pytest.mark.parametrize(
    ("kind", "is_due"), [("drawer_opened", False), ("product_added", True), ("shift_opened", True)]
)
def test_all_is_folded_again_where_a_birth_is_overtaken(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str, is_due: bool
) -> None:
    db = world.counters[0].db
    monkeypatch.setattr(apply, "finish_refold", lambda db, breathe: None)
    others_wait(world, kind, 1)
    sell_and_push(world)
    world.pull(0, 9)
    assert bool(recall(db, "refold")) == is_due
