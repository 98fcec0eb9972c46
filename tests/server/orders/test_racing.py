"""Many buyers at once on PostgreSQL: what is there is sold once, and the rest are told."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from weakref import WeakKeyDictionary

import psycopg
import pytest
from sqlalchemy import select

from core.errors import Refused
from core.facts.stock import StockAdjusted, StockLine
from server.db import quick
from server.db.schema.shops import shop_feed
from server.db.store import Store
from server.db.tied import tied
from server.messages import sentence
from server.orders.goods import wares_ask
from server.orders.placing import Placed
from server.orders.refusals import NotEnough
from server.orders.stepping import take_steps
from server.orders.sweeping import sweep_shop
from server.services import Services
from server.shops.reading import shop_here
from server.sync.allotments import append_server_fact
from server.sync.verifying import verify
from tests.helpers.orders import BUYER, open_shop, order, read, reserved, stock_up
from tests.helpers.postgres import Addresses
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_shop import NOW_MS, Clock
from tests.helpers.wire import wire

BUYERS = 200
PIECES = 50
THREADS = 32


def test_an_order_is_five_ways_to_the_database_and_back(postgres: Addresses) -> None:
    """Beginning, all questions with that for the lock, all that is written with the COMMIT; before
    that two for where its page will be, which asks nothing."""
    store = Store(postgres.app, connections=1)
    services = Services(store, now_ms=Clock(NOW_MS))
    shop_id = open_shop(services)
    rice, sugar = (stock_up(services, shop_id, name, 900) for name in ("Beras", "Gula"))
    lines = [(rice, 1.0), (sugar, 2.0)]

    def buy(number: int) -> Placed:
        buyer = BUYER._replace(phone=f"0812{number:08}", origin=f"10.1.{number}.0/24")
        return order(services, shop_id, lines, buyer=buyer)

    for number in range(8):  # the driver prepares what it has sent five times
        buy(number)
    with wire(store) as told:
        ninth = buy(8)
    assert ninth.number == 9 and reserved(services, shop_id) == {rice: 9_000, sugar: 18_000}
    assert told.trips == 5 and told.statements <= 25
    store.close()


def test_a_process_that_has_begun_sells_nothing_twice(
    postgres: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has shown baskets already, and its first order waits for one that takes all there is."""
    store = Store(postgres.app, connections=3)
    services = Services(store, now_ms=Clock(NOW_MS))
    shop_id = open_shop(services)
    rice = stock_up(services, shop_id, "Beras", 10)
    monkeypatch.setitem(quick._kept, "postgresql", WeakKeyDictionary())
    for _ in range(2):
        with store.reading_shop(shop_id) as tx:
            assert shop_here(tx)
            assert tx.rows(wares_ask({rice}).statement, **wares_ask({rice}).params)
    hold = select(shop_feed.c.next_n).where(tied(shop_feed)).with_for_update()
    with ThreadPoolExecutor(1) as pool:
        with store.shop(shop_id) as tx:
            assert tx.one(hold)
            late = pool.submit(order, services, shop_id, [(rice, 10)])
            _wait_for_one_that_waits(postgres, late)
            gone = StockAdjusted((StockLine(rice, -10_000),), "lost", "")
            append_server_fact(tx, gone, now_ms=services.now_ms())
        with pytest.raises(NotEnough):
            late.result(30)
    store.close()


def _wait_for_one_that_waits(postgres: Addresses, other: Future[Placed]) -> None:
    with psycopg.connect(postgres.superuser, autocommit=True) as connection:
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while connection.execute(waits).fetchone() == (0,):
            assert not other.done()


def test_two_hundred_buyers_for_fifty_pieces(postgres: Addresses) -> None:
    store = Store(postgres.app, connections=THREADS)
    services = Services(store, now_ms=Clock(NOW_MS))
    shop_id = open_shop(services)
    rice, sugar = (
        stock_up(services, shop_id, "Beras", PIECES),
        stock_up(services, shop_id, "Gula", 900),
    )

    def buy(number: int) -> Placed | Refused:
        buyer = BUYER._replace(
            phone=f"0812{number:08}", origin=f"10.{number // 20}.{number % 20}.0/24"
        )
        # Every other buyer names the two goods in the other order, and presses twice.
        lines = [(rice, 1), (sugar, 1)] if number % 2 else [(sugar, 1), (rice, 1)]
        token = fresh_id()
        try:
            first = order(services, shop_id, lines, token=token, buyer=buyer)
            again = order(services, shop_id, lines, token=token, buyer=buyer)
        except Refused as error:
            return error
        assert again == first
        return first

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(buy, range(BUYERS)))
    placed = [one for one in found if isinstance(one, Placed)]
    losers = [one for one in found if isinstance(one, Refused)]
    assert len(placed) == PIECES and sorted(one.number for one in placed) == [*range(1, PIECES + 1)]
    assert reserved(services, shop_id) == {rice: PIECES * 1000, sugar: PIECES * 1000}
    assert {sentence(one, "id") for one in losers} == {
        "Beras tinggal 0 pcs. Kurangi jumlahnya, lalu coba lagi."
    }
    proof = verify(services, shop_id)
    assert proof.ok, proof.differences
    store.close()


def test_buyer_shop_and_clock_at_the_same_moment(postgres: Addresses) -> None:
    """One of them is first, the others find that the order has changed; nothing is freed twice."""
    store, clock = Store(postgres.app, connections=8), Clock(NOW_MS)
    services = Services(store, now_ms=clock)
    shop_id = open_shop(services)
    rice = stock_up(services, shop_id, "Beras", 10)
    for number in range(12):
        buyer = BUYER._replace(phone=f"0812{number:08}")
        placed = order(services, shop_id, [(rice, 10)], buyer=buyer)
        clock.now_ms = read(services, placed).story.terms["accept_by"]
        together = Barrier(3)

        def act(who: str, placed: Placed = placed, together: Barrier = together) -> bool:
            together.wait()
            try:
                if who == "time":
                    return sweep_shop(services, shop_id) == 1
                name = "cancel" if who == "buyer" else "decline"
                take_steps(services, shop_id, placed.order_id, who, [name])  # type: ignore[arg-type,list-item]
            except Refused:
                return False
            return True

        with ThreadPoolExecutor(3) as pool:
            assert sum(pool.map(act, ("buyer", "shop", "time"))) == 1
        assert read(services, placed).story.standing.order in ("cancelled", "declined", "expired")
        assert reserved(services, shop_id) == {}
    proof = verify(services, shop_id)
    assert proof.ok, proof.differences
    store.close()
