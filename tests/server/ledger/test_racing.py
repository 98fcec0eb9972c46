"""Many at once on PostgreSQL: no floor is broken, nothing is written twice, nobody deadlocks."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from core.errors import Refused
from core.ledger import BelowFloor, Hold, Posting
from server.db.store import Store
from server.ledger.holds import hold, post_hold
from server.ledger.locking import begin
from server.ledger.posting import Posted, post, reverse
from server.ledger.sealing import seal
from server.services import Services
from tests.helpers.books import DAY, Books
from tests.helpers.postgres import Addresses
from tests.server.conftest import Clock

THREADS = 50


@pytest.fixture
def books(postgres: Addresses) -> Iterator[Any]:
    store = Store(postgres.app, connections=THREADS)
    yield Books(Services(store, now_ms=Clock()))
    store.close()


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What each of so many threads got, or was refused with; they begin together."""
    begin_all = threading.Barrier(count)
    got: list[Any] = [None] * count

    def run(n: int) -> None:
        begin_all.wait(60)
        try:
            got[n] = work(n)
        except Refused as refused:
            got[n] = refused

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def deadlocks(addresses: Addresses) -> int:
    with psycopg.connect(addresses.superuser) as connection:
        connection.execute("SELECT pg_stat_clear_snapshot()")
        row = connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else -1


def test_a_hundred_are_there_and_a_hundred_go(books: Any, postgres: Addresses) -> None:
    """Every other one holds first and uses the hold, in part or whole."""
    books.move(books.cash, books.ani, 100)

    def spend(n: int) -> int:
        done = 0
        for turn in range(4):
            try:
                if (n + turn) % 2:
                    held = books.held(books.ani, books.budi, 2 if turn < 2 else 1)
                    books.use(held, 1)
                else:
                    books.move(books.ani, books.sales, 1)
                done += 1
            except BelowFloor:
                pass
        return done

    done = at_once(THREADS, spend)
    left = books.balance(books.ani)
    assert left.held == 0 and left.balance == 100 - sum(done) >= 0
    # Holds of two that used one gave one back: what is left goes one by one, and no more.
    for _ in range(left.balance):
        books.move(books.ani, books.sales, 1)
    with pytest.raises(BelowFloor):
        books.move(books.ani, books.sales, 1)
    assert books.differences() == []
    assert deadlocks(postgres) == 0


def test_of_two_hundred_single_ones_exactly_a_hundred_succeed(
    books: Any, postgres: Addresses
) -> None:
    books.move(books.cash, books.ani, 100)

    def spend(n: int) -> list[bool]:
        went = []
        for turn in range(4):
            try:
                if (n + turn) % 2:
                    books.held(books.ani, books.budi, 1)
                else:
                    books.move(books.ani, books.sales, 1)
                went.append(True)
            except BelowFloor:
                went.append(False)
        return went

    results = Counter(went for one in at_once(THREADS, spend) for went in one)
    assert results == {True: 100, False: 100}
    left = books.balance(books.ani)
    assert left.available == 0 and left.balance == left.held
    assert books.differences() == []
    assert deadlocks(postgres) == 0


def test_one_entry_sent_by_ten_at_once_is_one(books: Any, postgres: Addresses) -> None:
    for entry in (
        books.entry((books.cash, books.ani, 7)),
        # Between accounts that nobody locks only the key can tell.
        books.entry((books.cash, books.sales, 7)),
    ):
        got = at_once(10, lambda _n, one=entry: books.post(one))
        assert all(isinstance(one, Posted) for one in got), got
        assert len({one.hash for one in got}) == 1
        assert sum(one.is_new for one in got) == 1
    assert books.balance(books.ani).balance == 7 and books.balance(books.sales).balance == 7
    assert deadlocks(postgres) == 0


def test_one_hold_opened_by_ten_at_once_is_one_and_is_used_once(books: Any) -> None:
    books.move(books.cash, books.ani, 100)
    asked = Hold(books.services.new_id(), "hold", "", Posting(books.ani, books.budi, 5))
    got = at_once(10, lambda _n: books.in_shop(lambda tx, now: hold(tx, asked, now)))
    assert sum(one.is_new for one in got) == 1, got
    assert books.balance(books.ani).held == 5

    def use(_n: int) -> Any:
        key = books.services.new_id()
        return books.in_shop(lambda tx, now: post_hold(tx, asked.id, key, DAY, now))

    used = at_once(10, use)
    assert Counter(type(one).__name__ for one in used) == {"Posted": 1, "NotOpen": 9}
    assert books.balance(books.ani) == (95, 0, 0, False)
    assert books.differences() == []


@pytest.mark.parametrize("watched", [True, False])
def test_an_entry_taken_back_by_ten_at_once_is_taken_back_once(
    books: Any, postgres: Addresses, watched: bool
) -> None:
    books.move(books.cash, books.ani, 100)
    paid = books.move(books.cash, books.ani if watched else books.sales, 7)

    def take_back(_n: int) -> Any:
        key = books.services.new_id()
        return books.in_shop(lambda tx, now: reverse(tx, paid.id, key, DAY, now))

    got = at_once(10, take_back)
    assert Counter(type(one).__name__ for one in got) == {"Posted": 1, "NotReversible": 9}
    assert books.balance(books.ani).balance == 100
    assert books.differences() == []
    assert deadlocks(postgres) == 0


def test_crossing_transfers_on_a_hot_account_never_deadlock(
    books: Any, postgres: Addresses
) -> None:
    for account in (books.ani, books.budi):
        books.move(books.cash, account, 10_000)
    pairs = [(books.ani, books.budi), (books.budi, books.ani), (books.ani, books.order)]

    def cross(n: int) -> None:
        for turn in range(8):
            debit, credit = pairs[(n + turn) % 3]
            books.post(books.entry((debit, credit, 3), (credit, books.cash, 1)))

    assert at_once(16, cross) == [None] * 16
    assert deadlocks(postgres) == 0
    assert books.differences() == []


def test_who_is_still_on_a_day_is_in_its_seal(books: Any) -> None:
    """An entry that was begun before midnight and is committed while the day is sealed."""
    books.move(books.cash, books.ani, 100)
    late, other = books.entry((books.cash, books.ani, 5)), books.entry((books.cash, books.ani, 6))
    inside, go_on = threading.Event(), threading.Event()
    made: list[Any] = []
    begun_ms = books.services.now_ms.now_ms

    def dawdle() -> None:
        with books.services.store.shop(books.shop) as tx:
            post(tx, late, begun_ms)
            inside.set()
            go_on.wait(30)

    def close() -> None:
        made.append(seal(books.services, books.shop))

    first = threading.Thread(target=dawdle)
    first.start()
    assert inside.wait(30)
    books.services.now_ms.pass_ms(86_400_000)
    second = threading.Thread(target=close)
    second.start()
    second.join(0.5)
    assert second.is_alive(), "sealed while somebody was still writing on the day"
    # Today's entries do not wait for it; nor does one whose clock is behind.
    day, _ = books.in_shop(lambda tx, _now: begin(tx, [], begun_ms))
    assert day > late.day
    go_on.set()
    first.join()
    second.join(30)
    assert made[0].entries == 2
    books.post(other)
    assert seal(books.services, books.shop) == made[0]
    assert books.differences() == []
