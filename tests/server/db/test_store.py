from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import event, func, select, update

from server.db.pipelining import together
from server.db.schema import SHOP
from server.db.schema.directory import known_shop
from server.db.schema.shops import shop, shop_feed
from server.db.store import TRIES, Store
from server.db.transaction import ShopTx, Tx
from server.failures import DatabaseBusy, DatabaseUnreachable, OutcomeUnknown
from tests.helpers.postgres import Addresses

A, B = bytes([1] * 16), bytes([2] * 16)
_FEED = select(shop_feed).where(shop_feed.c.shop_id == SHOP)
_LOCK = _FEED.with_for_update(key_share=True)
_BUMP = update(shop_feed).where(shop_feed.c.shop_id == SHOP).values(next_n=shop_feed.c.next_n + 1)


def add_shop(store: Store, shop_id: bytes) -> None:
    with store.directory() as tx:
        tx.insert(known_shop, shop=shop_id, name="Warung", created_ms=shop_id[0])
    with store.shop(shop_id) as tx:
        tx.insert(
            shop,
            name="Warung",
            zone="Asia/Makassar",
            day_close_minutes=0,
            server_device=shop_id,
            created_ms=1,
        )
        tx.insert(shop_feed, epoch=1, next_n=1, feed_hash=bytes(32), unknown="")


def test_what_is_written_is_there_as_it_was_given(store: Store) -> None:
    add_shop(store, A)
    with store.reading_shop(A) as tx:
        row = tx.one(select(shop).where(shop.c.shop_id == SHOP))
        feed = tx.one(_FEED)
    assert row is not None and feed is not None
    assert (row.shop_id, row.name, row.server_device) == (A, "Warung", A)
    assert feed.feed_hash == bytes(32)
    assert store.shop_ids() == [A]


def test_an_error_inside_undoes_everything(store: Store) -> None:
    add_shop(store, A)
    with pytest.raises(ZeroDivisionError), store.shop(A) as tx:
        tx.run(_BUMP)
        raise ZeroDivisionError
    with store.reading_shop(A) as tx:
        assert tx.one(_FEED).next_n == 1  # type: ignore[union-attr]


def test_what_follows_a_commit_is_not_done_without_one(store: Store) -> None:
    add_shop(store, A)
    done: list[str] = []
    with pytest.raises(ZeroDivisionError), store.shop(A) as tx:
        tx.after_commit(lambda: done.append("undone"))
        raise ZeroDivisionError
    with store.shop(A) as tx:
        tx.after_commit(lambda: done.append("done"))
        assert done == []
    assert done == ["done"]


def test_a_transaction_inside_another_is_a_fault(store: Store) -> None:
    with store.reading_directory(), pytest.raises(AssertionError), store.directory():
        pass
    with store.directory():
        pass


def test_a_row_is_new_once(store: Store) -> None:
    with store.directory() as tx:
        assert tx.insert_new(known_shop, shop=A, name="a", created_ms=1)
        assert not tx.insert_new(known_shop, shop=A, name="b", created_ms=1)
        assert tx.scalar(select(known_shop.c.name)) == "a"


def test_reading_writes_nothing_on_postgresql(postgres: Addresses) -> None:
    store = Store(postgres.app)
    add_shop(store, A)
    with pytest.raises(Exception, match="read-only"), store.reading_shop(A) as tx:
        tx.run(_BUMP)
    store.close()


def _begin_with(store: Store) -> None:
    """What is sent in a transaction's last words has been sent before: nothing is compiled then."""
    for _ in range(2):
        with store.shop(A) as tx:
            tx.run(_BUMP)


def test_last_words_go_with_the_commit_and_what_is_asked_after_them_sees_them(
    store: Store,
) -> None:
    add_shop(store, A)
    _begin_with(store)
    done: list[str] = []
    with store.shop(A) as tx:
        tx.after_commit(lambda: done.append("done"))
        with together(tx, last=True):
            tx.run(_BUMP)
            tx.run(_BUMP)
        assert tx.one(_FEED).next_n == 5 and not done  # type: ignore[union-attr]
    assert done == ["done"]
    with store.shop(A) as tx, together(tx, last=True):
        tx.run(_BUMP)
    with store.reading_shop(A) as tx:
        assert tx.one(_FEED).next_n == 6  # type: ignore[union-attr]


@pytest.mark.parametrize("fails", ["first", "last", "after"])
def test_when_last_words_fail_nothing_was_said(postgres: Addresses, fails: str) -> None:
    store = Store(postgres.app, connections=1)
    add_shop(store, A)
    _begin_with(store)
    done: list[str] = []
    opened: list[object] = []
    event.listen(store.engine, "connect", lambda one, _record: opened.append(one))
    twice = {"epoch": 1, "next_n": 1, "feed_hash": bytes(32), "unknown": ""}
    with pytest.raises(ZeroDivisionError if fails == "after" else psycopg.IntegrityError):  # noqa: SIM117
        with store.shop(A) as tx:
            tx.after_commit(lambda: done.append("done"))
            with together(tx, last=True):
                if fails == "first":
                    tx.insert(shop_feed, **twice)
                tx.run(_BUMP)
                if fails == "last":
                    tx.insert(shop_feed, **twice)
            if fails == "after":
                raise ZeroDivisionError
    assert not opened, "none is opened to take back what is gone with its own"
    for _ in range(2):
        with store.shop(A) as tx, together(tx, last=True):
            tx.run(_BUMP)
    with store.reading_shop(A) as tx:
        assert tx.one(_FEED).next_n == 5 and not done  # type: ignore[union-attr]
    store.close()


def test_a_connection_lost_under_last_words_leaves_the_outcome_open(postgres: Addresses) -> None:
    store = Store(postgres.app)
    add_shop(store, A)
    _begin_with(store)
    runs: list[int] = []

    def cut(tx: ShopTx) -> None:
        runs.append(1)
        with together(tx, last=True):
            tx.run(_BUMP)
            _cut(postgres)

    with pytest.raises(OutcomeUnknown):
        store.in_shop(A, cut)
    assert len(runs) == 1
    store.close()


def test_the_directory_waits_for_the_disk_where_nothing_later_does_it_for_it(
    postgres: Addresses,
) -> None:
    with psycopg.connect(postgres.superuser, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = on")  # type: ignore[arg-type]
    store = Store(postgres.app)

    def waits(lasting: bool) -> str:
        with store.directory(lasting=lasting) as tx:
            return str(tx.scalar(select(func.current_setting("synchronous_commit"))))

    assert (waits(True), waits(False), waits(True)) == ("on", "off", "on")
    # Shops on machines with logs of their own say nothing of this one's.
    store.engine.update_execution_options(distributed=True)
    assert waits(False) == "on"
    store.close()


def _blocked(store: Store, shop_id: bytes) -> tuple[threading.Thread, threading.Event]:
    """A thread that holds the lock of a shop's feed until it is told to go on."""
    holding, go = threading.Event(), threading.Event()

    def hold() -> None:
        with store.shop(shop_id) as tx:
            tx.one(_LOCK)
            holding.set()
            go.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(10)
    return thread, go


def test_a_lock_that_is_not_given_says_busy(postgres: Addresses) -> None:
    store = Store(postgres.app)
    add_shop(store, A)
    add_shop(store, B)
    thread, go = _blocked(store, A)
    before = time.monotonic()
    with store.shop(B) as tx:
        tx.run(_BUMP)
    assert time.monotonic() - before < 2, "another shop waits"
    with pytest.raises(DatabaseBusy), store.shop(A) as tx:
        tx.run(_BUMP)
    go.set()
    thread.join()
    store.close()


def test_writers_of_one_shop_number_without_a_hole(store: Store) -> None:
    add_shop(store, A)
    given: list[int] = []

    def write(tx: ShopTx) -> int:
        n = int(tx.one(_LOCK).next_n)  # type: ignore[union-attr]
        tx.run(_BUMP)
        return n

    def many() -> None:
        for _ in range(10):
            given.append(store.in_shop(A, write))

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1, 41))


@pytest.mark.parametrize("last", [False, True])
def test_a_deadlock_is_run_again(postgres: Addresses, last: bool) -> None:
    store = Store(postgres.app)
    for shop_id in (A, B):
        with store.directory() as tx:
            tx.insert(known_shop, shop=shop_id, name="", created_ms=1)
    meet = threading.Barrier(2, timeout=10)
    runs: list[bytes] = []

    def both(first: bytes, second: bytes) -> Callable[[], None]:
        def work(tx: Tx) -> None:
            runs.append(first)
            for place, shop_id in enumerate((first, second)):
                change = update(known_shop).where(known_shop.c.shop == shop_id)
                with together(tx, last=True) if last and place else contextlib.nullcontext():
                    tx.run(change.values(name=known_shop.c.name + "x"))
                if place == 0 and runs.count(first) == 1:
                    meet.wait()

        return lambda: store.in_directory(work)

    threads = [threading.Thread(target=both(*pair)) for pair in ((A, B), (B, A))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading_directory() as tx:
        assert [row.name for row in tx.rows(select(known_shop))] == ["xx", "xx"]
    # Not exactly three: who lost may have its first row again before the other one wakes.
    assert len(runs) > 2
    store.close()


def _serialization(_tx: object) -> None:
    raise psycopg.errors.SerializationFailure()


def test_tries_end_and_pause_longer_each_time() -> None:
    pauses: list[float] = []
    store = Store("sqlite://", chance=lambda: 1.0, sleep=pauses.append)
    with pytest.raises(DatabaseBusy):
        store.in_directory(_serialization)
    assert len(pauses) == TRIES - 1
    assert pauses == sorted(pauses) and pauses[0] < pauses[-1]


def test_a_restarted_database_is_not_noticed_by_the_next_transaction(postgres: Addresses) -> None:
    store = Store(postgres.app)
    add_shop(store, A)
    _cut(postgres)
    with store.reading_shop(A) as tx:
        assert tx.one(_FEED) is not None
    store.close()


def _cut(addresses: Addresses) -> None:
    with psycopg.connect(addresses.superuser, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def test_a_connection_lost_in_the_middle_is_run_again_and_at_commit_is_not(
    postgres: Addresses,
) -> None:
    store = Store(postgres.app)
    add_shop(store, A)
    runs: list[int] = []

    def cut_once(tx: ShopTx) -> None:
        runs.append(1)
        if len(runs) == 1:
            _cut(postgres)
        tx.run(_BUMP)

    store.in_shop(A, cut_once)
    assert len(runs) == 2

    def cut_late(tx: ShopTx) -> None:
        runs.append(1)
        tx.run(_BUMP)
        _cut(postgres)

    with pytest.raises(OutcomeUnknown):
        store.in_shop(A, cut_late)
    # Not exactly three: who lost may have its first row again before the other one wakes.
    assert len(runs) > 2
    store.close()


def test_nobody_at_the_address_is_one_refusal() -> None:
    store = Store("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnreachable), store.reading_directory():
        pass


def test_a_swallowed_error_is_not_committed(postgres: Addresses) -> None:
    store = Store(postgres.app)
    add_shop(store, A)
    with pytest.raises(AssertionError), store.shop(A) as tx:
        tx.run(_BUMP)
        with contextlib.suppress(Exception):
            tx.insert(shop_feed, epoch=1, next_n=1, feed_hash=bytes(32), unknown="")
    store.close()
