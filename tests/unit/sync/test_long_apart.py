"""A counter that sold alone for long hears of others' sales of the same goods: what waits is so
much that nobody who sells may wait until it is lifted off the pools and put back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.sync.messages import FeedPage
from pos.counter import Counter
from pos.journal.verify import verify
from pos.shifts.drawer import start_shift
from pos.sync import rebase, refold, slices
from pos.sync.apply import apply_page
from pos.sync.enrolment import enrol
from pos.sync.memory import cursor, waiting_count
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.past import PastFetcher
from pos.sync.refold import is_refold_due
from pos.sync.rounds import Round
from tests.helpers.broken_off import contents, copy_of
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell
from tests.helpers.many_counters import World
from tests.helpers.real_server import RealServer

ALONE = 40


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One counter has sold alone what another, and the server, sold too; goods ran out, so that
    what each sale's goods cost follows from the order."""
    made = World(tmp_path, random.Random(5), 2)
    goods = bytes(made.counters[0].db.scalar("SELECT id FROM product ORDER BY name LIMIT 1"))
    for _ in range(ALONE):
        sell(made.counters[0], cart_of(made.counters[0], (goods, 700)))
    for _ in range(6):
        sell(made.counters[1], cart_of(made.counters[1], (goods, 900)))
    made.push(1, 9_999)
    yield made
    made.close()


def page_of(world: World) -> FeedPage:
    db = world.counters[0].db
    lines = {bytes(row[0]) for row in db.rows("SELECT device FROM own_line")}
    return world.server.page(cursor(db).n, lines, 999)


def test_goods_come_to_cost_the_same_in_either_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lifted, page = copy_of(world.counters[0].db), page_of(world)
    apply_page(lifted, page, is_last=False)
    assert not is_refold_due(lifted)
    monkeypatch.setattr(rebase, "MOST_LIFTED", ALONE - 1)
    folded = copy_of(world.counters[0].db)
    apply_page(folded, page, is_last=False)
    assert is_refold_due(folded)
    assert contents(folded) != contents(lifted), "else the order changes nothing here"
    refold.finish_refold(folded)
    assert contents(folded) == contents(lifted)


def test_what_is_shown_meanwhile_has_the_right_quantities(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what they cost is reckoned anew in the end."""
    lifted, page = copy_of(world.counters[0].db), page_of(world)
    apply_page(lifted, page)
    monkeypatch.setattr(rebase, "MOST_LIFTED", 3)
    db = world.counters[0].db
    apply_page(db, page, is_last=False)
    stock = "SELECT id, stock, sold FROM product ORDER BY id"
    takings = "SELECT id, total FROM sale ORDER BY id"
    for query in (stock, takings):
        assert db.raw.execute(query).fetchall() == lifted.raw.execute(query).fetchall()


def test_what_one_entry_moves_is_lifted_though_a_page_moves_too_much(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is folded again where the entries can be taken one by one."""
    query = "SELECT id FROM product ORDER BY name LIMIT 2 OFFSET 1"
    others = [bytes(row[0]) for row in world.counters[0].db.rows(query)]
    for product_id in others * ALONE:
        sell(world.counters[0], cart_of(world.counters[0], (product_id, 1_000)))
    for product_id in others * 4:
        sell(world.counters[1], cart_of(world.counters[1], (product_id, 1_000)))
    world.push(1, 9_999)
    monkeypatch.setattr(rebase, "MOST_LIFTED", ALONE + 5)
    monkeypatch.setattr(slices, "MUCH_WAITS", ALONE)
    db = world.counters[0].db
    ticks = count()

    def clock() -> float:
        return 0.002 * next(ticks)  # so slices stay as they are

    apply_page(db, page_of(world), clock=clock, is_last=False)
    assert not is_refold_due(db) and verify(db).ok


def test_however_much_waits_it_takes_no_longer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, page = world.counters[0], page_of(world)
    goods = bytes(counter.db.scalar("SELECT id FROM product ORDER BY name LIMIT 1"))

    def effort() -> int:
        """How many of SQLite's instructions a page takes."""
        db, done = copy_of(counter.db), 0

        def count_one() -> int:
            nonlocal done
            done += 1
            return 0

        db.raw.set_progress_handler(count_one, 1)
        apply_page(db, page, is_last=False)
        return done

    efforts = []
    for most in (1_000, 3):
        monkeypatch.setattr(rebase, "MOST_LIFTED", most)
        efforts.append(effort())
        for _ in range(3 * ALONE):
            sell(counter, cart_of(counter, (goods, 700)))
        efforts.append(effort())
    assert efforts[1] > efforts[0] * 1.5
    assert efforts[3] < efforts[2] * 1.3  # what waits is counted


def _shop(folder: Path, real: RealServer, clock: StillClock) -> Counter:
    made = make_shop(folder, clock)
    enrol(made, "http://huyula.contoh", real.code(), real.send)
    start_shift(made, 0)
    return made


def _round(counter: Counter, real: RealServer) -> None:
    found = server_of(counter.db)
    assert found is not None
    sync_once(counter, found, real.send)


def _two_counters(folder: Path) -> tuple[RealServer, Counter, Counter, bytes]:
    """A server and two counters of its shop that know the same goods."""
    clock = StillClock()
    real = RealServer(folder, clock.now_ms)
    first, second = (_shop(folder / name, real, clock) for name in ("first", "second"))
    goods = add_goods(first, "Gula", 15_000, 5_000, cost=12_000)
    for counter in (first, second):
        _round(counter, real)
    return real, first, second, goods


def test_all_is_folded_once_however_many_pages_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, first, second, goods = _two_counters(tmp_path)
    for step in range(12):
        sell(first, cart_of(first, (goods, 1_000)))
        sell(second, cart_of(second, (goods, 1_000)))
        if step % 3 == 2:
            _round(first, real)  # pages are of whole steps of the server
    monkeypatch.setattr(rebase, "MOST_LIFTED", 3)
    monkeypatch.setattr("pos.sync.rounds.PAGE_ENTRIES", 4)
    pages, folded = 0, 0
    fold, apply = refold.refold_all, apply_page

    def counted(*given: object, **more: object) -> object:
        nonlocal pages
        pages += 1
        return apply(*given, **more)  # type: ignore[arg-type]

    def once_more(*given: object) -> None:
        nonlocal folded
        folded += 1
        fold(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("pos.sync.rounds.apply_page", counted)
    monkeypatch.setattr(refold, "refold_all", once_more)
    _round(second, real)
    assert pages > 3 and folded == 1
    assert not waiting_count(second.db) and verify(second.db).ok
    _round(first, real)
    pools = "SELECT stock, stock_value FROM product ORDER BY id"
    assert first.db.raw.execute(pools).fetchall() == second.db.raw.execute(pools).fetchall()
    for one in (first, second, real):
        one.close()


def test_what_is_due_is_folded_where_the_last_page_did_not_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feed was said to be longer than what the server gives after it. Older entries are laid
    down on tables that are right."""
    real, first, second, goods = _two_counters(tmp_path)
    for _ in range(4):
        sell(first, cart_of(first, (goods, 1_000)))
        sell(second, cart_of(second, (goods, 1_000)))
    _round(first, real)
    monkeypatch.setattr(rebase, "MOST_LIFTED", 3)
    read = Round._page

    def further_on(*given: Any) -> FeedPage | None:
        page = read(*given)
        return page and msgspec.structs.replace(page, head=page.head + bool(page.entries))

    due: list[bool] = []

    def stretch(fetcher: PastFetcher) -> bool:
        due.append(is_refold_due(fetcher._db))
        return False

    monkeypatch.setattr(Round, "_page", further_on)
    monkeypatch.setattr(PastFetcher, "stretch", stretch)
    _round(second, real)
    assert due == [False] and verify(second.db).ok
    for one in (first, second, real):
        one.close()
