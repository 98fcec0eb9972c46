"""The disk fails while facts are folded, read or committed: it is said, nothing is skipped, and
what is committed does not look as if it had failed."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pos.journal.refold as refold
from core.facts.sync import Carried
from core.sync.carrying import carry
from pos.counter import ClockInDoubt, Counter
from pos.db.database import open_database
from pos.failures import is_of_the_data
from pos.shifts.drawer import start_shift
from pos.sync.memory import cursor
from pos.sync.whole import write_down
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell
from tests.helpers.many_counters import World
from tests.helpers.tiny_server import own_entries


def _failure(name: str = "SQLITE_IOERR_WRITE") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    return error


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(5), 2)
    yield made
    made.close()


@pytest.mark.parametrize(
    "name", ["SQLITE_IOERR_READ", "SQLITE_FULL", "SQLITE_BUSY", "SQLITE_NOMEM"]
)
def test_what_came_is_not_taken_for_folded(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    first, second = world.counters
    goods = bytes(first.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    world.pull(1, 99)
    sell(first, cart_of(first, (goods, 1_000)))
    world.push(0, 99)
    at, fold = cursor(second.db), refold.fold

    def fails(*given: Any) -> None:
        fold(*given)
        raise _failure(name)

    monkeypatch.setattr(refold, "fold", fails)
    with pytest.raises(sqlite3.OperationalError):
        world.pull(1, 99)
    assert cursor(second.db) == at
    monkeypatch.undo()
    world.pull(1, 99)
    assert second.db.scalar("SELECT count(*) FROM sale") == 1
    world.check(1)


def test_whose_fault_an_error_is() -> None:
    assert is_of_the_data(_failure("SQLITE_CONSTRAINT_PRIMARYKEY"))
    assert is_of_the_data(OverflowError())
    assert is_of_the_data(sqlite3.InterfaceError("a type that is not supported"))
    assert not is_of_the_data(_failure("SQLITE_CORRUPT"))
    assert not is_of_the_data(OSError()) and not is_of_the_data(MemoryError())
    with open_database(None).raw as raw, pytest.raises(sqlite3.OperationalError) as sums:
        raw.execute(
            "SELECT sum(x) FROM (SELECT ?1 AS x UNION ALL SELECT ?1)", (2**62 + 1,)
        ).fetchall()
    assert is_of_the_data(sums.value)


def test_the_first_error_is_told_where_sqlite_rolled_back_by_itself(tmp_path: Path) -> None:
    """After an error of the disk it may; there is nothing to roll back then."""
    db = open_database(tmp_path / "some.db")
    for inside in (db.snapshot, db.transaction):
        with pytest.raises(sqlite3.OperationalError, match="disk I/O"), inside():
            db.raw.execute("ROLLBACK")
            raise _failure()
    with db.transaction():
        db.run("CREATE TABLE goods (name TEXT)")
    db.close()


class _FailsAfterCommit(sqlite3.Connection):
    """Nothing can be read any more once something was committed."""

    is_broken = False

    def execute(self, *given: Any) -> sqlite3.Cursor:
        if self.is_broken:
            raise _failure("SQLITE_IOERR_READ")
        found = super().execute(*given)
        self.is_broken = given[0] == "COMMIT"
        return found


def test_a_sale_that_is_committed_is_a_sale(tmp_path: Path) -> None:
    """Else the cashier would ring it up once more."""
    with make_shop(tmp_path) as shop:
        start_shift(shop, 0)
        cart = cart_of(shop, (add_goods(shop), 1_000))
        broken: list[frozenset[str]] = []

        def listener(kinds: frozenset[str]) -> None:
            broken.append(kinds)
            raise _failure()

        shop.listeners.append(listener)
        whole = shop.db.raw
        shop.db.raw = sqlite3.connect(
            shop.folder / "counter.db", isolation_level=None, factory=_FailsAfterCommit
        )
        done = sell(shop, cart)
        shop.db.raw.close()
        shop.db.raw = whole
        assert broken == [frozenset({"sale_completed"})]
        assert done.receipt == shop.db.scalar("SELECT receipt FROM sale") == "K1-000001"
        mark = shop.witness.mark(shop.line.device)
        assert mark is not None
        assert (mark.seq, mark.receipt) == (shop.db.scalar("SELECT max(seq) FROM journal"), 1)


def _in_doubt(counter: Counter, clock: StillClock) -> None:
    clock.forward(-86_400)
    with pytest.raises(ClockInDoubt):
        counter.header()


def test_what_a_round_asks_for_is_written_though_the_clock_is_in_doubt(tmp_path: Path) -> None:
    clock = StillClock()
    with make_shop(tmp_path, clock) as shop:
        add_goods(shop)
        last = own_entries(shop.db, shop.line.device)[-1]
        _in_doubt(shop, clock)
        write_down(shop, [carry(last)])
        assert shop.db.scalar("SELECT kind FROM journal ORDER BY pos DESC LIMIT 1") == Carried.KIND
        with pytest.raises(ClockInDoubt):
            shop.header()
