"""A counter goes back with a restored server in small transactions, however much was lost."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pos.cli.main import main
from pos.counter import Counter
from pos.db.base import base_of
from pos.db.database import Database
from pos.journal import lost
from pos.journal.lost import forget_accepted, has_lost
from pos.journal.verify import verify
from pos.sync import goback, refold
from pos.sync.apply import apply_page
from pos.sync.goback import go_back
from pos.sync.memory import cursor, recall
from pos.sync.refold import finish_refold, refold_all
from pos.ui.reports.safety import proved
from tests.helpers.broken_off import BY_SYNC, Contents, Ended, at_the, contents, copy_of
from tests.helpers.counter import StillClock, cart_of, sell
from tests.helpers.late_counter import LateCounter
from tests.helpers.many_counters import World
from tests.helpers.signed_pages import sign_pages


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(17), 2)
    for step in range(60):
        made.act(step % 2)
        if step % 7 == 6:
            made.settle()
    made.settle()
    for step in range(6):
        made.act(step % 2)
    sign_pages(made.counters[0].db)
    yield made
    made.close()


def sell_one(counter: Counter) -> None:
    goods = bytes(counter.db.scalar("SELECT id FROM product WHERE active=1 ORDER BY name LIMIT 1"))
    sell(counter, cart_of(counter, (goods, 1_000)))


def gone_back_at_once(db: Database, common: int, monkeypatch: pytest.MonkeyPatch) -> Contents:
    at_once = copy_of(db)
    with monkeypatch.context() as patched:
        patched.setattr(goback, "STEP_ENTRIES", 1 << 30)
        go_back(at_once, common, 2)
    return contents(at_once, *BY_SYNC)


def commons(db: Database) -> list[int]:
    """Ends of pages, numbers within them, and the feed's start."""
    return [*range(0, cursor(db).n, 5), cursor(db).n - 1]


@pytest.mark.parametrize("size", [1, 4, 25])
def test_in_steps_it_comes_to_the_same_as_at_once(
    world: World, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = world.counters[0].db
    monkeypatch.setattr(goback, "STEP_ENTRIES", size)
    steps = 0

    def breathe() -> None:
        nonlocal steps
        steps += 1

    for common in commons(db):
        in_steps = copy_of(db)
        go_back(in_steps, common, 2, breathe)
        assert contents(in_steps, *BY_SYNC) == gone_back_at_once(db, common, monkeypatch), common
    assert steps > 3


def test_a_program_that_ends_in_between_goes_back_once_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = world.counters[0].db
    monkeypatch.setattr(goback, "STEP_ENTRIES", 2)
    before = cursor(db)
    for count in (1, 2, 4):
        broken_off = copy_of(db)
        with pytest.raises(Ended):
            go_back(broken_off, 3, 2, at_the(count))
        at = cursor(broken_off)
        # It is not yet where the server is, and says so: the server answers with its new epoch.
        assert 3 < at.n < before.n and at.epoch == before.epoch
        assert recall(broken_off, "refold") == "1"
        finish_refold(broken_off)
        go_back(broken_off, 3, 2)
        assert contents(broken_off, *BY_SYNC) == gone_back_at_once(db, 3, monkeypatch)


def test_sales_go_on_between_the_steps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = world.counters[0]
    monkeypatch.setattr(goback, "STEP_ENTRIES", 4)
    sold = counter.db.scalar("SELECT count(*) FROM sale")
    steps = 0

    def breathe() -> None:
        nonlocal steps
        steps += 1
        sell_one(counter)

    go_back(counter.db, 2, 2, breathe)
    assert steps > 3 and counter.db.scalar("SELECT count(*) FROM sale") == sold + steps
    assert verify(counter.db).ok


def test_no_step_takes_more_than_it_may_or_a_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = world.counters[0].db
    monkeypatch.setattr(goback, "STEP_ENTRIES", 3)
    ends = [0, *(row[0] for row in db.rows("SELECT n FROM page ORDER BY n"))]
    longest_page = max(after - before for before, after in pairwise(ends))
    stood = [cursor(db).n]
    go_back(db, 0, 2, lambda: stood.append(cursor(db).n))
    taken = [before - after for before, after in zip(stood, [*stood[1:], 0], strict=True)]
    assert sum(taken) == stood[0] and len(taken) > 4
    assert max(taken) <= max(3, longest_page)


def test_where_the_server_was_not_restored_after_all_what_waits_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken off in between, in the epoch of before, others' entries wait that are still there."""
    counter = world.counters[0]
    monkeypatch.setattr(goback, "STEP_ENTRIES", 2)
    with pytest.raises(Ended):
        go_back(counter.db, 2, 2, at_the(6))
    finish_refold(counter.db)
    sell_one(counter)
    world.settle()
    world.equal()
    assert verify(counter.db).ok


@pytest.mark.parametrize("goes_behind", [False, True])
def test_a_snapshot_goes_with_the_last_step_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, goes_behind: bool
) -> None:
    """What it stands for cannot be taken off by pages: the feed begins with it, or at nothing."""
    clock = StillClock()
    shop = LateCounter(tmp_path, clock, monkeypatch)
    db = shop.late.db
    for _ in range(5):
        shop.sell(shop.first)
        shop.sync(shop.first)
        shop.sync(shop.late)
    base = base_of(db)
    assert base is not None and cursor(db).n > base.n + 4
    monkeypatch.setattr(goback, "STEP_ENTRIES", 1)
    ends: list[tuple[bool, int]] = []
    common = 0 if goes_behind else base.n
    go_back(db, common, 2, lambda: ends.append((base_of(db) == base, cursor(db).n)))
    assert len(ends) > 2 and all(is_here and n >= base.n for is_here, n in ends)
    assert (base_of(db) is None) == goes_behind and cursor(db).n == common
    assert verify(db).ok
    shop.close()


def test_a_step_takes_no_longer_where_this_counter_has_written_much(tmp_path: Path) -> None:
    """What waits for a step is the cashier: its own history, years of it, is not looked through."""
    world = World(tmp_path, random.Random(3), 2)
    counter, db = world.counters[0], world.counters[0].db
    effort = []
    for own in (5, 200):
        for _ in range(own):
            sell_one(counter)
        world.settle()
        for _ in range(4):
            sell_one(world.counters[1])
        world.settle()
        sign_pages(db)
        effort.append(instructions(db, lambda: goback._shorten(db, cursor(db).n - 2)))
    assert effort[1] < effort[0] * 1.2
    world.close()


def instructions(db: Database, act: Callable[[], None]) -> int:
    """How many of SQLite's instructions an act takes that is then undone."""
    done = 0

    def count() -> int:
        nonlocal done
        done += 1
        return 0

    with suppress(Ended), db.transaction():
        db.raw.set_progress_handler(count, 1)
        try:
            act()
        finally:
            db.raw.set_progress_handler(None, 1)
        raise Ended
    return done


def test_the_whole_feed_pulled_once_more_is_folded_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the first epoch all comes back in the order that it had: not after each page."""
    db = world.counters[0].db
    folded = 0

    def once_more(at: Database, breathe: Callable[[], None]) -> None:
        nonlocal folded
        folded += 1
        refold_all(at, breathe)

    go_back(db, 0, cursor(db).epoch)
    monkeypatch.setattr(refold, "refold_all", once_more)
    lines = {bytes(row[0]) for row in db.rows("SELECT device FROM own_line")}
    pages = 0
    while (page := world.server.page(cursor(db).n, lines, 6)).entries:
        apply_page(db, page)
        pages += 1
    assert pages > 5 and folded <= 1
    assert verify(db).ok


def test_the_proof_waits_for_the_folding_that_a_programs_end_has_left(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counter = world.counters[0]
    monkeypatch.setattr(goback, "STEP_ENTRIES", 2)
    with pytest.raises(Ended):
        go_back(counter.db, 2, 2, at_the(4))
    words, tone = proved(counter.db)
    assert "sedang dihitung" in words and tone == "warn"
    run = ["--data", str(counter.folder), "--json", "verify"]
    assert main(run) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "not_folded_yet"
    counter.close()
    world.counters.pop(0)
    assert main(run) == 0
    assert json.loads(capsys.readouterr().out)["ok"]


def test_kept_pages_are_looked_through_before_the_writer_is_held(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = world.counters[0].db
    go_back(db, 2, cursor(db).epoch)
    assert has_lost(db)
    looked = 0
    look = lost._waits

    def looking(at: Database, page: Any) -> bool:
        nonlocal looked
        assert not at.in_transaction
        looked += 1
        return look(at, page)

    monkeypatch.setattr(lost, "_waits", looking)
    world.settle()
    forget_accepted(db)
    assert looked and not has_lost(db)
