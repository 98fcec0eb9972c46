"""A counter that was set back at each start for most of a year, with the real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core import cart as carts
from pos.catalog.products import product_record
from pos.counter import Counter, read_head
from pos.customers.accounts import customer, lendable
from pos.customers.people import add_customer
from pos.opening import open_line
from pos.sync.enrolment import enrol
from pos.sync.wire import Received, Said, Wire
from server.db.schema import SHOP, people
from tests.helpers.counter import add_goods, cart_of, sell
from tests.helpers.market import URL, Market, stock

LINES = 210
"""More than once could join (100), and than the newest spoke for (200)."""


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    made = Market(tmp_path)
    yield made
    made.close()


def set_back(counter: Counter, times: int) -> None:
    """So many lines more."""
    for _ in range(times):
        head = read_head(counter.db)
        assert head is not None
        open_line(counter, "restored", head)


def asked(market: Market) -> list[str]:
    """What is asked of the server from here on, a second apart: it takes only so many at once."""
    paths: list[str] = []

    def weather(wire: Wire, go: Callable[[], Received]) -> Received:
        market.clock.forward(1)
        paths.append(wire.path.rpartition("/")[2])
        return go()

    market.server.weather = weather
    return paths


def test_it_joins_sends_and_is_heard(market: Market) -> None:
    neighbour = market.counter("a")
    old = market.counter("b", joins=False)
    goods = add_goods(old, qty=100_000)
    set_back(old, LINES)
    sell(old, cart_of(old, (goods, 1_000)))
    paths = asked(market)
    enrol(old, URL, market.server.code(), market.server.send)
    market.rounds(old, neighbour)
    assert paths.count("journal") > LINES
    assert stock(neighbour, goods) == stock(old, goods)
    paths.clear()
    sell(old, cart_of(old, (goods, 1_000)))
    market.rounds(old, neighbour)
    assert paths.count("journal") == 1
    assert stock(neighbour, goods)[0] == 98_000
    _lends_from_its_share(market, neighbour, old, goods)


def test_what_is_more_than_the_server_takes_at_once_goes_on_in_the_next_rounds(
    market: Market,
) -> None:
    """A request is of one line: their number alone is past what a counter may ask in a while."""
    old = market.counter("a", joins=False)
    set_back(old, LINES)
    enrol(old, URL, market.server.code(), market.server.send)
    rounds = 0
    while True:
        rounds += 1
        try:
            market.sync(old)
            break
        except Said as said:
            assert said.problem.error == "too_many" and 0 < said.problem.retry_s < 60
            market.clock.forward(said.problem.retry_s)
            assert rounds < 30
    assert rounds > 1
    market.rounds(old)


def _lends_from_its_share(market: Market, neighbour: Counter, old: Counter, goods: bytes) -> None:
    """All lines of a counter have one share, which is the same everywhere."""
    udin = add_customer(neighbour, "Pak Udin", credit_limit=100_000)
    market.rounds(neighbour, old)
    who = customer(old.db, udin)
    share = lendable(old.db, who)
    assert share == 50_000
    price = product_record(old.db, goods).price
    sell(old, carts.set_customer(cart_of(old, (goods, 1_000)), udin), ("credit", price))
    market.rounds(old, neighbour)
    assert lendable(old.db, customer(old.db, udin)) == share - price
    shares = [
        sorted(one.db.rows("SELECT device, amount FROM allotment")) for one in (old, neighbour)
    ]
    with market.server.services.store.reading_shop(market.server.shop) as tx:
        query = select(people.allotment.c.device, people.allotment.c.amount)
        rows = tx.rows(query.where(people.allotment.c.shop_id == SHOP))
    assert shares == [sorted(map(tuple, rows))] * 2


def test_a_restored_server_is_told_of_the_lines_that_it_lost_and_no_others(market: Market) -> None:
    old = market.counter("a")
    goods = add_goods(old, qty=100_000)
    set_back(old, 40)
    market.rounds(old)
    kept = market.keep()
    for _ in range(3):
        set_back(old, 1)
        market.rounds(old)
    sell(old, cart_of(old, (goods, 1_000)))
    market.bring_back(kept)
    paths = asked(market)
    market.sync(old)
    assert paths.count("hello") < 20
    market.rounds(old)
    assert stock(old, goods)[0] == 99_000
