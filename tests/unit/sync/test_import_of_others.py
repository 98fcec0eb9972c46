"""Another counter's import of many goods, and its taking back: nobody who sells waits for it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos.catalog.importing import PART, ShopCatalog, apply_import, take_back
from pos.counter import Counter
from pos.db.base import BadChunk
from pos.db.database import Database
from pos.importing.planning import plan
from pos.journal import mending
from pos.journal.chains import chain_differences
from pos.search import index
from pos.search.lookup import find
from pos.sync import due, touched
from pos.sync.apply import apply_page
from pos.sync.due import fold_what_is_due
from pos.sync.indexing import finish_indexing
from pos.sync.lines import Fork, own_lines, resolve
from pos.sync.memory import cursor, recall, waiting_count
from pos.sync.refold import is_refold_due
from tests.helpers.broken_off import Ended
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World
from tests.unit.importing.shop import table

MANY = 230
MOST_WRITTEN = 900
"""Rows that a transaction may write, those of indexes not counted; a whole import has thousands."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(31), 2)
    made.settle()
    yield made
    made.close()


def import_many(counter: Counter, count: int = MANY, price: int = 1_000) -> bytes:
    rows = [(f"Barang {number:03}", f"B{number:03}", price, 5) for number in range(count)]
    found = table(("Nama", "Kode", "Harga jual", "Stok"), *rows)
    done = apply_import(counter, plan(found, None, ShopCatalog(counter.db)), "barang.xlsx")
    assert done.added + done.changed == count
    return done.import_id


def taken_back_by_another(world: World, count: int = MANY) -> None:
    """All have the goods; that the import is taken back the first counter is still to hear."""
    imported = import_many(world.counters[1], count)
    world.settle()
    take_back(world.counters[1], imported)
    world.push(1, 9_999)


def pull(world: World, number: int, breathe: Callable[[], None] = lambda: None) -> None:
    db = world.counters[number].db
    lines = {bytes(row[0]) for row in db.rows("SELECT device FROM own_line")}
    while (page := world.server.page(cursor(db).n, lines)).entries:
        apply_page(db, page, breathe=breathe)


def carried_by_a_new_line(world: World, number: int) -> None:
    """The last entry goes to the server inside one of a new line."""
    left = own_lines(world.counters[number].db)[-1]
    resolve(world.counters[number], Fork(left.device, left.seq - 1, False))
    world.pushed[number][left.device] = left.seq


@contextmanager
def longest_transaction(db: Database) -> Iterator[list[int]]:
    """How many rows each transaction writes."""
    found: list[int] = []
    begin = db.transaction

    @contextmanager
    def watched() -> Iterator[None]:
        with begin():
            before = db.raw.total_changes
            yield
            found.append(db.raw.total_changes - before)

    db.transaction = watched  # type: ignore[method-assign]
    try:
        yield found
    finally:
        del db.transaction


def words(db: Database) -> list[tuple[bytes, str]]:
    return list(db.raw.execute("SELECT product_id, folded FROM search_doc ORDER BY product_id"))


def found_by_name(db: Database, text: str) -> int:
    return len(find(db.raw, text, 500))


def test_it_comes_a_hundred_goods_at_a_time(world: World) -> None:
    import_many(world.counters[1])
    world.push(1, 9_999)
    db = world.counters[0].db
    with longest_transaction(db) as written:
        pull(world, 0)
    assert db.scalar("SELECT count(*) FROM product WHERE name LIKE 'Barang %'") == MANY > 2 * PART
    assert max(written) < MOST_WRITTEN
    assert words(db) == words(world.counters[1].db)
    world.settle()
    world.equal()


def test_it_is_taken_back_beside_who_sells(world: World) -> None:
    taken_back_by_another(world)
    counter = world.counters[0]
    other = bytes(counter.db.scalar("SELECT id FROM product WHERE name LIKE 'Mi %' LIMIT 1"))
    shown: list[str] = []

    def breathe() -> None:
        if len(shown) < 6:
            shown.append(sell(counter, cart_of(counter, (other, 1_000))).receipt)

    with longest_transaction(counter.db) as written:
        pull(world, 0, breathe)
    assert max(written) < MOST_WRITTEN
    assert len(shown) == 6
    left = "SELECT count(*) FROM product WHERE name LIKE 'Barang %' AND (active=1 OR stock<>0)"
    assert counter.db.scalar(left) == 0
    assert not found_by_name(counter.db, "barang")
    world.check(0)
    world.settle()
    world.equal()


def test_who_took_it_back_hears_of_it_no_otherwise(world: World) -> None:
    """Its own entries waited; now they are accepted, and nothing here is another."""
    first = world.counters[1]
    take_back(first, import_many(first))
    before = words(first.db)
    with longest_transaction(first.db) as written:
        world.settle()
    assert max(written) < MOST_WRITTEN
    assert not first.db.scalar("SELECT count(*) FROM waiting")
    assert words(first.db) == before
    world.check(1)
    world.equal()


def test_a_program_that_ends_over_it_folds_again(world: World) -> None:
    taken_back_by_another(world)
    counter = world.counters[0]

    def breathe() -> None:
        if is_refold_due(counter.db):
            raise Ended

    with pytest.raises(Ended):
        pull(world, 0, breathe)
    fold_what_is_due(counter.db)
    assert not counter.db.scalar("SELECT count(*) FROM product WHERE name LIKE 'B%' AND active=1")
    world.check(0)
    world.settle()
    world.equal()


@pytest.mark.parametrize("carried", [False, True])
def test_what_was_taken_back_here_waits_no_longer_once_the_feed_has_it(
    world: World, carried: bool
) -> None:
    """Also where the program ends before all is folded again, and where it came inside another."""
    first = world.counters[1]
    imported = import_many(first)
    world.settle()
    take_back(first, imported)
    if carried:
        carried_by_a_new_line(world, 1)
    world.push(1, 9_999)

    def breathe() -> None:
        if is_refold_due(first.db):
            raise Ended

    with pytest.raises(Ended):
        pull(world, 1, breathe)
    assert not waiting_count(first.db)
    assert not list(chain_differences(first.db))
    fold_what_is_due(first.db)
    world.check(1)
    world.settle()
    world.equal()


def test_what_is_few_is_taken_back_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    taken_back_by_another(world, 3)

    def never(*_: object) -> None:
        raise AssertionError("all was folded again")

    monkeypatch.setattr(mending, "folded_anew", never)
    pull(world, 0)
    assert not found_by_name(world.counters[0].db, "barang")


@pytest.mark.parametrize("most", [0, 10_000])
def test_goods_that_it_renamed_are_found_by_their_former_names(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(touched, "MOST_TAKEN_BACK", most)
    import_many(world.counters[1], 3)
    world.settle()
    rows = [(f"Lain {number:03}", f"B{number:03}", 1_000, 5) for number in range(3)]
    found = table(("Nama", "Kode", "Harga jual", "Stok"), *rows)
    first = world.counters[1]
    renamed = apply_import(first, plan(found, None, ShopCatalog(first.db)), "lain.xlsx")
    assert renamed.changed == 3
    world.settle()
    take_back(first, renamed.import_id)
    world.settle()
    db = world.counters[0].db
    assert db.scalar("SELECT name FROM product WHERE code='B001'") == "Barang 001"
    assert found_by_name(db, "barang") == 3 and not found_by_name(db, "lain")
    assert words(db) == words(world.counters[1].db)


@pytest.mark.parametrize("most", [0, 10_000])
def test_in_either_way_it_comes_to_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Also with sales that wait, changed goods and an import of which a part is not here."""
    monkeypatch.setattr(touched, "MOST_TAKEN_BACK", most)
    import_many(world.counters[1], 8)
    world.settle()
    changed = import_many(world.counters[1], 8, price=2_000)
    world.push(1, 9_999)
    pull(world, 0)
    for step in range(6):
        world.act(step % 2)
    take_back(world.counters[1], changed)
    world.push(1, 9_999)
    pull(world, 0)
    world.check(0)
    world.settle()
    world.equal()
    assert world.counters[0].db.scalar("SELECT price FROM product WHERE code='B001'") == 1_000


def test_goods_are_found_though_the_program_ended_before_their_words_were_written(
    world: World,
) -> None:
    import_many(world.counters[1])
    world.push(1, 9_999)
    counter = world.counters[0]
    breaths = 0

    def breathe() -> None:
        nonlocal breaths
        breaths += 1
        if recall(counter.db, "index") and found_by_name(counter.db, "barang"):
            raise Ended

    with pytest.raises(Ended):
        pull(world, 0, breathe)
    known = counter.db.scalar("SELECT count(*) FROM product WHERE name LIKE 'Barang %'")
    assert 0 < found_by_name(counter.db, "barang") < known
    fold_what_is_due(counter.db)
    assert found_by_name(counter.db, "barang") == known
    assert not recall(counter.db, "index")
    pull(world, 0)
    assert words(counter.db) == words(world.counters[1].db)


def test_words_are_still_to_come_where_a_damaged_snapshot_keeps_the_folding_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The feed is pulled whole then, and what comes with it is no reason to forget them."""
    import_many(world.counters[1])
    world.push(1, 9_999)
    db = world.counters[0].db

    def breathe() -> None:
        if recall(db, "index"):
            raise Ended

    with pytest.raises(Ended):
        pull(world, 0, breathe)
    known = db.scalar("SELECT count(*) FROM product WHERE name LIKE 'Barang %'")
    assert found_by_name(db, "barang") < known

    def damaged(*_: object) -> None:
        raise BadChunk("hash")

    with monkeypatch.context() as patched, pytest.raises(BadChunk):
        patched.setattr(due, "finish_refold", damaged)
        fold_what_is_due(db)
    pull(world, 0)
    assert words(db) == words(world.counters[1].db)


def test_words_that_are_there_are_not_written_again(world: World) -> None:
    db = world.counters[0].db
    product_id, text = words(db)[0]
    before = db.raw.total_changes
    with db.transaction():
        index.put(db.raw, product_id, text)
    assert db.raw.total_changes == before
    finish_indexing(db)
    assert db.raw.total_changes == before
