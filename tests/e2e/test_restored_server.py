"""A server that went back in time: its counters give it back what it lost, once and rightly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pos.catalog.products import change_product, product_record
from pos.journal.verify import verify
from pos.messages import sentence
from pos.shop.founding import change_settings
from pos.sync.enrolment import AlreadyEnrolled, EnrolRefused, enrol
from pos.sync.memory import recall
from pos.sync.state import sync_state
from pos.sync.wire import Said
from server.shops.adding import add_shop
from server.shops.editing import change_document
from tests.helpers.counter import add_goods, cart_of, sell
from tests.helpers.market import URL, Market, stock


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    made = Market(tmp_path)
    yield made
    made.close()


def test_a_restored_server_gets_everything_back(market: Market) -> None:
    first = market.counter("a")
    goods = add_goods(first, qty=10_000)
    second = market.counter("b")
    market.rounds(first, second)
    kept = market.keep()
    for counter in (first, second):
        sell(counter, cart_of(counter, (goods, 1_000)))
        record = product_record(counter.db, goods)
        change_product(counter, msgspec.structs.replace(record, price=record.price + 100))
    market.rounds(first, second)
    sell(first, cart_of(first, (goods, 1_000)))
    market.bring_back(kept)
    sell(second, cart_of(second, (goods, 1_000)))
    market.rounds(second, first)
    market.rounds(second, first)
    assert stock(first, goods)[0] == stock(second, goods)[0] == 6_000
    assert product_record(first.db, goods).price == product_record(second.db, goods).price


def test_a_decision_that_comes_back_overrides_nothing_later(market: Market) -> None:
    first = market.counter("a")
    goods = add_goods(first, qty=10_000)
    second = market.counter("b")
    market.rounds(first, second)
    kept = market.keep()
    for counter, price in ((first, 21_000), (second, 22_000)):
        record = product_record(counter.db, goods)
        change_product(counter, msgspec.structs.replace(record, price=price))
        market.clock.forward(60)
    market.rounds(first, second, first)
    assert product_record(first.db, goods).price == 22_000
    market.bring_back(kept)
    market.clock.forward(600)
    price = {"price": record.price}
    change_document(
        market.server.services, market.server.shop, "product", goods, price, {"price": 40_000}, b""
    )
    market.rounds(first, second)
    outcomes = market.rounds(first, second)
    assert all(one.waiting == 0 for one in outcomes)
    for counter in (first, second):
        assert product_record(counter.db, goods).price == 40_000
        assert verify(counter.db).ok and not recall(counter.db, "differed")
    assert market.server.proves_itself()


def test_a_server_restored_from_before_they_joined_takes_its_counters_again(
    market: Market,
) -> None:
    kept = market.keep()
    first = market.counter("a")
    goods = add_goods(first, qty=10_000)
    second = market.counter("b")
    market.rounds(first, second)
    record = product_record(first.db, goods)
    change_product(first, msgspec.structs.replace(record, price=record.price + 100))
    change_settings(second, receipt_footer=["Sampai jumpa"])
    sell(second, cart_of(second, (goods, 1_000)))
    market.rounds(first, second)
    sold = sell(second, cart_of(second, (goods, 1_000)))
    lines = second.db.scalar("SELECT count(*) FROM own_line")

    market.bring_back(kept)
    for counter in (second, first):
        with pytest.raises(Said) as said:
            market.sync(counter)
        assert said.value.problem.error == "unknown_device"
        assert sync_state(counter.db).is_forgotten
        assert enrol(counter, URL, market.server.code(), market.server.send).shop == (
            market.server.shop
        )
        assert not sync_state(counter.db).is_forgotten
    for _ in range(2):
        market.rounds(first, second)
    assert second.db.scalar("SELECT count(*) FROM own_line") == lines
    assert stock(first, goods)[0] == stock(second, goods)[0] == 8_000
    assert product_record(second.db, goods).price == record.price + 100
    assert first.settings.receipt_footer == second.settings.receipt_footer == ("Sampai jumpa",)
    found = first.db.scalar("SELECT count(*) FROM sale WHERE receipt=?", (sold.receipt,))
    assert found == 1
    with pytest.raises(AlreadyEnrolled):
        enrol(first, URL, market.server.code(), market.server.send)


def test_a_forgotten_counter_joins_no_other_shop(market: Market) -> None:
    kept = market.keep()
    first = market.counter("a")
    market.rounds(first)
    market.bring_back(kept)
    with pytest.raises(Said):
        market.sync(first)
    mine, market.server.shop = market.server.shop, add_shop(market.server.services, "Lain").id
    with pytest.raises(EnrolRefused) as refused:
        enrol(first, URL, market.server.code(), market.server.send)
    assert "toko lain" in sentence(refused.value, "id")
    market.server.shop = mine
    enrol(first, URL, market.server.code(), market.server.send)
    market.rounds(first)
