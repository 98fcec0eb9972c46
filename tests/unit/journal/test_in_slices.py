"""What differs once all is folded again is written some rows at a time, while the counter sells."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.catalog.indexing import refresh
from pos.counter import Counter
from pos.db.database import Database
from pos.journal import mending
from pos.journal.mending import mend
from pos.journal.refold import TABLES
from pos.journal.row_changes import Change, Pair, sliced
from pos.journal.verify import verify
from pos.sync.due import fold_what_is_due, is_folding_due
from pos.sync.refold import in_slices, is_refold_due, note_refolded
from tests.helpers.broken_off import Ended, at_the, contents
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(mending, "SLICE_ROWS", 3)
    made = World(tmp_path, random.Random(23), 2)
    for step in range(50):
        made.act(step % 2)
    made.settle()
    for step in range(8):
        made.act(step % 2)
    yield made
    made.close()


def spoil(counter: Counter) -> None:
    """Tables that do not follow from the journal."""
    with counter.db.transaction():
        counter.db.run("UPDATE product SET stock=stock+7000, name='Rusak' WHERE active=1")
        counter.db.run("DELETE FROM payment")
        counter.db.run("UPDATE sale_line SET line_no=line_no+100")
        counter.db.run("INSERT INTO setting (name, value) VALUES ('nobody', 'knows')")
    assert not verify(counter.db).ok


def sell_one(counter: Counter) -> str:
    goods = bytes(counter.db.scalar("SELECT id FROM product WHERE active=1 ORDER BY id LIMIT 1"))
    return sell(counter, cart_of(counter, (goods, 1_000))).receipt


def written(db: Database, breathe: Callable[[], None] = lambda: None) -> None:
    mend(db, note_refolded, in_slices(breathe))


def test_tables_are_what_they_are_when_written_at_once(world: World) -> None:
    db = world.counters[0].db
    before = contents(db)
    spoil(world.counters[0])
    breaths: list[bool] = []
    written(db, lambda: breaths.append(is_refold_due(db)))
    assert len(breaths) > 10 and all(breaths)
    assert contents(db) == before
    assert not is_folding_due(db) and verify(db).ok


def test_goods_are_found_by_their_right_names_after_it(world: World) -> None:
    db = world.counters[0].db
    found = "SELECT product_id, folded FROM search_doc ORDER BY product_id"
    before = db.raw.execute(found).fetchall()
    with db.transaction():
        db.run("UPDATE product SET name='Rusak', active=1-active")
        for (product_id,) in db.rows("SELECT id FROM product"):
            refresh(db, bytes(product_id))
    assert db.raw.execute(found).fetchall() != before
    written(db)
    assert db.raw.execute(found).fetchall() == before


def test_no_transaction_writes_more_rows_than_it_may(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = world.counters[0].db
    sizes: list[int] = []
    write = mending.write_changes

    def counted(at: Database, found: list[Change]) -> None:
        sizes.append(sum(len(change.pairs) for change in found))
        write(at, found)

    monkeypatch.setattr(mending, "write_changes", counted)
    spoil(world.counters[0])
    written(db)
    assert len(sizes) > 10 and max(sizes) <= 3


def test_a_program_that_ends_in_between_folds_again(world: World) -> None:
    counter = world.counters[0]
    for ends_at in (1, 2, 7):
        spoil(counter)
        with pytest.raises(Ended):
            written(counter.db, at_the(ends_at))
        assert is_folding_due(counter.db)
        fold_what_is_due(counter.db)
        assert not is_folding_due(counter.db) and verify(counter.db).ok


def test_what_is_sold_between_the_slices_counts(world: World) -> None:
    counter = world.counters[0]
    spoil(counter)
    shown: list[str] = []

    def breathe() -> None:
        if len(shown) < 5:
            shown.append(sell_one(counter))

    written(counter.db, breathe)
    assert len(shown) == 5
    for receipt in shown:
        assert counter.db.scalar("SELECT 1 FROM sale WHERE receipt=?", (receipt,))
    assert verify(counter.db).ok


def test_one_who_sells_without_end_is_not_waited_for_without_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = world.counters[0]
    monkeypatch.setattr(mending, "MOST_TRIES", 3)
    spoil(counter)
    sold = counter.db.scalar("SELECT count(*) FROM sale")
    written(counter.db, lambda: sell_one(counter) and None)
    assert counter.db.scalar("SELECT count(*) FROM sale") == sold + 3
    assert verify(counter.db).ok and not is_folding_due(counter.db)


def test_another_that_folds_again_meanwhile_is_in_nobodys_way(world: World) -> None:
    """Who looks for an older receipt may fold again beside a round that does."""
    counter = world.counters[0]
    spoil(counter)
    alone: list[None] = []
    written(counter.db, lambda: alone.append(None))
    spoil(counter)
    breaths = 0

    def other() -> None:
        nonlocal breaths
        breaths += 1
        if breaths == 2:
            mend(counter.db, note_refolded)

    written(counter.db, other)
    assert 2 <= breaths < len(alone)  # what it would have written is there
    assert verify(counter.db).ok and not is_folding_due(counter.db)


def test_another_that_folds_again_before_the_last_slice_is_in_nobodys_way(world: World) -> None:
    counter = world.counters[0]
    rows = counter.db.scalar("SELECT count(*) FROM payment")
    assert rows > 6
    with counter.db.transaction():
        counter.db.run("DELETE FROM payment")  # all come, none goes
    left = -(-rows // 3) - 1

    def other() -> None:
        nonlocal left
        left -= 1
        if not left:
            mend(counter.db, note_refolded)

    written(counter.db, other)
    assert left == 0
    assert verify(counter.db).ok and not is_folding_due(counter.db)


def test_few_rows_are_written_in_one_transaction_with_the_edit(world: World) -> None:
    """Nobody sees half of a small difference, and no folding is noted that is not due."""
    counter = world.counters[0]
    with counter.db.transaction():
        counter.db.run("INSERT INTO setting (name, value) VALUES ('nobody', 'knows')")
    assert not verify(counter.db).ok

    def never() -> None:
        raise AssertionError("it was divided")

    written(counter.db, never)
    assert verify(counter.db).ok


_TABLES = {table.name: table for table in TABLES}
_FOUND = st.lists(
    st.tuples(st.sampled_from(["product", "product_barcode", "sale", "payment"]),
              st.integers(1, 40)),
    max_size=5, unique_by=lambda one: one[0],
)  # fmt: skip


def _pair(name: str, number: int) -> Pair:
    """A row that goes, one that comes, or one that is another now."""
    return [((name, number), None), (None, (name, number)), ((name, number), (name, -1))][
        number % 3
    ]


@given(_FOUND, st.integers(1, 25))
def test_parts_are_all_of_it_in_its_order_and_no_longer_than_they_may(
    found: list[tuple[str, int]], most: int
) -> None:
    weights = {"product": 10, "product_barcode": 4}
    changes = [
        Change(_TABLES[name], [0], [_pair(name, number) for number in range(count)])
        for name, count in found
    ]
    parts = list(sliced(changes, most))
    flat = [pair for part in parts for change in part for pair in change.pairs]
    whole = [pair for change in changes for pair in change.pairs]
    assert flat == [pair for pair in whole if None in pair] + [
        pair for pair in whole if None not in pair
    ]
    for part in parts:
        efforts = [weights.get(one.table.name, 1) * len(one.pairs) for one in part]
        assert sum(efforts) <= most or [len(one.pairs) for one in part] == [1]
    for name, count in found:
        if count * weights.get(name, 1) <= most:
            assert sum(one.table.name == name for part in parts for one in part) <= 2


def test_a_sale_goes_with_how_it_was_paid_however_much_else_is_another(world: World) -> None:
    counter = world.counters[0]
    gone = cart_of(counter, (bytes(counter.db.scalar("SELECT max(id) FROM product")), 1_000))
    sold = sell(counter, gone).sale_id
    with counter.db.transaction():
        counter.db.run("UPDATE sale_line SET cost=cost+1")
        for table, key in (("sale", "id"), ("payment", "sale_id")):
            counter.db.run(f"DELETE FROM {table} WHERE {key}=?", (sold,))
    seen: set[tuple[int, int]] = set()

    def breathe() -> None:
        seen.add(
            tuple(
                counter.db.scalar(f"SELECT count(*) FROM {table} WHERE {key}=?", (sold,))
                for table, key in (("sale", "id"), ("payment", "sale_id"))
            )
        )

    written(counter.db, breathe)
    assert seen == {(1, 1)}
    assert verify(counter.db).ok


def test_a_full_disk_is_told_and_the_next_time_mends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = world.counters[0]
    spoil(counter)

    def full(at: Database, found: list[Change]) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(mending, "write_changes", full)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            written(counter.db)
    assert not verify(counter.db).ok
    written(counter.db)
    assert verify(counter.db).ok
