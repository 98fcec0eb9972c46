"""A picture that one counter chose reaches the other, after the journal and apart from it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from core.sync.pictures import COPY_BYTES
from pos.catalog.pictures import changed_pictures, keep_picture, picture_hash, prepared
from pos.db.database import open_database
from pos.journal.verify import verify
from pos.opening import database_file
from pos.sync.memory import recall
from pos.sync.picture_memory import picture_state
from pos.sync.pictures import Moved
from pos.sync.worker import SyncWorker
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell
from tests.helpers.picture_files import noise
from tests.helpers.real_server import RealServer, offline
from tests.unit.sync.pictures.conftest import PICTURE_PATHS, Till, meet, rich


def test_a_picture_that_one_counter_sets_the_other_has(tills: list[Till]) -> None:
    first, second = tills
    data = rich()
    name = first.show(add_goods(first.counter), data)
    assert picture_state(first.counter.db)[:2] == (1, 0)
    meet(tills)
    assert picture_state(second.counter.db)[:2] == (0, 1)
    assert second.steps() == Moved()  # not there yet
    assert first.steps() == Moved(sent=1)
    assert second.steps() == Moved(received=1)
    shown = second.has(name)
    assert shown.startswith(b"\xff\xd8\xff") and shown != data and len(shown) <= COPY_BYTES
    for till in tills:
        assert picture_state(till.counter.db).waiting == 0
        assert till.steps() == Moved()
        proof = verify(till.counter.db)
        assert (proof.ok, proof.unchecked) == (True, ())
    assert not list((second.counter.folder / "picture-parts").glob("*"))


def test_the_proof_notices_another_copy_than_the_server_signed(tills: list[Till]) -> None:
    first, second = tills
    name = first.show(add_goods(first.counter), rich())
    meet(tills)
    first.steps(), second.steps()
    db = second.counter.db
    other = rich(2)
    for change, values in (
        ("data=?", (other,)),
        ("data=?, copy=?", (other, picture_hash(other))),
        ("copy=x''", ()),
        ("signature=x''", ()),
        ("signature=zeroblob(64)", ()),
    ):
        with db.transaction():
            db.run("SAVEPOINT before_it")
            db.run(f"UPDATE picture SET {change} WHERE hash=?", (*values, name))
            found = [one for one, _ in changed_pictures(db)]
            db.run("ROLLBACK TO before_it")
        assert found == [name], change
    assert verify(db).ok


def test_one_that_was_changed_meanwhile_is_dropped_here_too(tills: list[Till]) -> None:
    first, second = tills
    goods = add_goods(first.counter)
    old = first.show(goods, rich())
    meet(tills)
    first.steps(), second.steps()
    assert second.has(old)
    new = first.show(goods, rich(2))
    meet(tills)
    first.steps(), second.steps()
    assert second.has(new) and not second.has(old)


def test_many_pictures_reach_a_new_counter_step_by_step(tills: list[Till]) -> None:
    first, second = tills
    names = [
        first.show(add_goods(first.counter, f"Barang {n}"), prepared(noise((40, 30), n)))
        for n in range(30)
    ]
    meet(tills)
    assert picture_state(first.counter.db).to_send == 30
    moved = first.step()
    assert 0 < moved.sent < 30 and moved.is_more  # a step is bounded
    assert picture_state(first.counter.db).to_send == 30 - moved.sent
    first.steps(), second.steps()
    assert all(second.has(name) for name in names)


def test_a_step_ends_when_a_round_waits(tills: list[Till]) -> None:
    first, _second = tills
    first.show(add_goods(first.counter), rich())
    meet(tills)
    first.pictures._pace._bytes = 9_000
    first.go_on = lambda: False
    assert first.step().sent == 0
    first.go_on = lambda: True
    assert first.steps().sent == 1


def test_it_is_asked_again_soon_then_seldom_and_at_once_for_news(tills: list[Till]) -> None:
    first, second = tills
    meet(tills)
    for till in tills:
        till.steps()
    db, pictures, clock = first.counter.db, first.pictures, first.clock
    assert pictures.due_s(db) > 3_000
    name = first.show(add_goods(first.counter), rich())
    assert pictures.due_s(db) == 0
    meet(tills)
    assert second.pictures.due_s(second.counter.db) == 0
    waits = []
    for _ in range(12):
        second.step()
        waits.append(second.pictures.due_s(second.counter.db))
    assert waits[0] < 3 and max(waits) <= 301 and waits[-1] > 100
    second.pictures.failed(second.counter.db, 7.0)
    assert second.pictures.due_s(second.counter.db) >= 7
    clock.forward(1_000)
    assert second.pictures.due_s(second.counter.db) == 0
    first.steps(), second.steps()
    assert second.has(name)


def test_the_thread_moves_pictures_after_a_round_and_tells_the_window(
    tills: list[Till], house: RealServer, clock: StillClock
) -> None:
    first, second = tills
    name = first.show(add_goods(first.counter), rich())
    heard: list[frozenset[str]] = []
    for till in (*tills, *tills):
        worker = SyncWorker(
            database_file(till.counter.folder), clock=clock, witness=till.counter.witness,
            changed=heard.append, sender=lambda url: house.send,
        )  # fmt: skip
        db = open_database(database_file(till.counter.folder))
        clock.forward(3)
        worker.step(db)
        for _ in range(3):
            clock.forward(400)
            worker.step_pictures(db)
        db.close()
    assert second.has(name)
    assert frozenset({"picture_arrived"}) in heard
    # A sale goes on meanwhile, and a failing picture is no failure of sync.
    house.weather = lambda wire, go: (
        offline(wire, go) if wire.path.endswith(PICTURE_PATHS) else go()
    )
    goods = add_goods(first.counter, "Teh")
    sell(first.counter, cart_of(first.counter, (goods, 1_000)))
    worker = SyncWorker(
        database_file(first.counter.folder), clock=clock, witness=first.counter.witness,
        sender=lambda url: house.send,
    )  # fmt: skip
    db = open_database(database_file(first.counter.folder))
    clock.forward(3)
    worker.step(db)
    worker.step_pictures(db)
    assert recall(db, "error") == "" and worker._pictures_due_s(db) > 0
    db.close()


def test_the_thread_rests_also_where_it_cannot_speak_or_the_file_is_gone(
    tmp_path: Path, clock: StillClock
) -> None:
    with make_shop(tmp_path, clock) as shop:
        worker = SyncWorker(database_file(shop.folder), clock=clock, witness=shop.witness)
        assert worker._pictures_due_s(shop.db) == 0
        worker.step_pictures(shop.db)
        assert worker._pictures_due_s(shop.db) > 0
    shut = open_database(None)
    assert worker._pictures_due_s(shut) > 0  # no tables at all
    worker.step_pictures(shut)
    assert worker._pictures_due_s(shut) > 0
    shut.close()


def test_a_counter_without_a_server_has_no_pictures_waiting(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        add_goods(shop)
        with shop.db.transaction():
            keep_picture(shop.db, rich())
        assert picture_state(shop.db).waiting == 0
        with pytest.raises(sqlite3.IntegrityError), shop.db.transaction():
            shop.db.run("INSERT INTO picture (hash, data) VALUES (x'00', x'00')")
