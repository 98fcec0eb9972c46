"""Folding everything again while the counter sells on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from pos.catalog.products import change_product, product_record
from pos.counter import Counter
from pos.db.database import Database, open_database
from pos.journal import mending
from pos.journal.mending import mend
from pos.journal.verify import verify
from pos.opening import database_file, open_line
from pos.sync.goback import go_back
from pos.sync.memory import cursor, recall, remember
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(11), 2)
    for step in range(60):
        made.act(step % 2)
    made.settle()
    for step in range(10):
        made.act(step % 2)
    yield made
    made.close()


@pytest.fixture
def sync_db(world: World) -> Iterator[Database]:
    """The connection of sync's own thread."""
    db = open_database(database_file(world.counters[0].folder))
    db.run("PRAGMA busy_timeout=0")
    world.counters[0].db.run("PRAGMA busy_timeout=0")
    yield db
    db.close()


def sell_one(counter: Counter) -> str:
    goods = bytes(counter.db.scalar("SELECT id FROM product WHERE active=1 ORDER BY name LIMIT 1"))
    return sell(counter, cart_of(counter, (goods, 1_000))).receipt


def change_price(counter: Counter, product_id: bytes, price: int) -> None:
    record = product_record(counter.db, product_id)
    change_product(counter, msgspec.structs.replace(record, price=price))


class Meanwhile:
    """An edit that lets something happen at the counter each time it is tried on a copy."""

    def __init__(self, db: Database, happen: Callable[[], object]) -> None:
        self.db, self.happen, self.tried, self.made = db, happen, 0, 0

    def __call__(self, db: Database) -> None:
        if db is self.db:
            self.made += 1
            remember(db, "edit", "made")
        else:
            self.tried += 1
            self.happen()


def spoil(counter: Counter) -> None:
    """Tables that do not follow from the journal."""
    with counter.db.transaction():
        counter.db.run("UPDATE product SET stock=stock+7000, name='Rusak' WHERE active=1")
        counter.db.run("DELETE FROM payment")
        counter.db.run("INSERT INTO setting (name, value) VALUES ('nobody', 'knows')")
    assert not verify(counter.db).ok


def test_tables_are_what_journal_and_feed_say(world: World) -> None:
    counter = world.counters[0]
    spoil(counter)
    mend(counter.db)
    assert verify(counter.db).ok


def test_sales_go_on_meanwhile_and_count(world: World, sync_db: Database) -> None:
    """The writer is free while all is folded: with a busy time of 0 a held one would refuse."""
    counter = world.counters[0]
    spoil(counter)
    shown: list[str] = []
    edit = Meanwhile(sync_db, lambda: shown.append(sell_one(counter)))
    mend(sync_db, edit)
    assert (edit.tried, edit.made, len(shown)) == (1, 1, 1)
    assert recall(counter.db, "edit") == "made"
    assert counter.db.scalar("SELECT 1 FROM sale WHERE receipt=?", (shown[0],))
    assert verify(counter.db).ok


def test_a_counter_that_never_rests_is_mended_too(
    world: World, sync_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = world.counters[0]
    spoil(counter)
    monkeypatch.setattr(mending, "MOST_TRIES", 2)
    compare = mending.changes

    def busy(db: Database, fresh: Database):  # type: ignore[no-untyped-def]
        yield from compare(db, fresh)
        if not sync_db.in_transaction:
            sell_one(counter)

    monkeypatch.setattr(mending, "changes", busy)
    mend(sync_db)
    assert verify(counter.db).ok


def test_a_new_line_of_history_meanwhile_is_not_lost(world: World, sync_db: Database) -> None:
    """What cannot be folded at the end makes the folding begin again."""
    counter = world.counters[0]
    spoil(counter)

    def open_one() -> None:
        if edit.tried == 1:
            from pos.counter import read_head

            head = read_head(counter.db)
            assert head is not None
            open_line(counter, "restored", head)

    edit = Meanwhile(sync_db, open_one)
    mend(sync_db, edit)
    assert (edit.tried, edit.made) == (2, 1)
    assert verify(counter.db).ok


def test_nothing_happens_where_the_edit_fails(world: World) -> None:
    counter = world.counters[0]
    before = cursor(counter.db)

    def broken(db: Database) -> None:
        db.run("DELETE FROM feed WHERE n>3")
        if db is counter.db:
            raise OSError("power")

    with pytest.raises(OSError, match="power"):
        mend(counter.db, broken)
    assert cursor(counter.db) == before and verify(counter.db).ok


def test_only_rows_that_differ_are_written(world: World) -> None:
    """A server that went back changes little of what is shown, however long the history is."""
    counter = world.counters[0]
    before = counter.db.raw.total_changes
    mend(counter.db)
    assert counter.db.raw.total_changes == before
    at = cursor(counter.db)
    go_back(counter.db, at.n - 2, at.epoch + 1)
    assert cursor(counter.db).n == at.n - 2
    assert counter.db.raw.total_changes - before < 60
    assert verify(counter.db).ok


def test_names_that_change_are_found(world: World) -> None:
    counter = world.counters[0]
    name = counter.db.scalar("SELECT name FROM product WHERE active=1 ORDER BY name LIMIT 1")
    spoil(counter)
    from pos.catalog.indexing import rebuild

    with counter.db.transaction():
        rebuild(counter.db)
    mend(counter.db)
    found = counter.db.rows("SELECT 1 FROM search_doc WHERE folded LIKE '%rusak%'")
    assert not found
    assert counter.db.scalar("SELECT name FROM product WHERE name=?", (name,)) == name


def test_a_page_that_is_applied_meanwhile_is_not_taken_for_waiting(
    world: World, sync_db: Database
) -> None:
    """Older entries that somebody looked for may have all folded again beside a round, which goes
    on: what it lets count waits no longer, and what it brings of others never did."""
    counter, other = world.counters
    counter.db.run("PRAGMA busy_timeout=5000")
    goods = bytes(other.db.scalar("SELECT id FROM product WHERE active=1 ORDER BY name LIMIT 1"))
    change_price(counter, goods, 7_100)
    world.push(0, 99)
    change_price(other, goods, 8_200)
    sell_one(other)
    world.push(1, 99)
    spoil(counter)
    edit = Meanwhile(sync_db, lambda: world.pull(0, 99))
    mend(sync_db, edit)
    assert verify(counter.db).ok
    world.settle()
    world.equal()
