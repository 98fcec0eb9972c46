"""Real counters and the real server in one process: they agree, whatever befalls either."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from pos.catalog.products import change_product, product_record
from pos.device.witness import Witness
from pos.journal.verify import verify
from pos.opening import open_counter
from pos.selling.refunds import Return, make_refund
from pos.sync.enrolment import AlreadyEnrolled, BadPairingCode, enrol
from pos.sync.memory import server, waiting_count
from pos.sync.once import sync_once
from pos.sync.state import sync_state
from pos.sync.wire import NoAnswer, Received, Wire
from tests.helpers.counter import StillClock, add_goods, cart_of, sell
from tests.helpers.market import URL, Market, stock
from tests.helpers.real_server import offline


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    made = Market(tmp_path)
    yield made
    made.close()


def test_what_one_sells_the_other_sees(market: Market) -> None:
    first = market.counter("a")
    goods = add_goods(first, qty=10_000, cost=2_000)
    sale = sell(first, cart_of(first, (goods, 3_000)))
    second = market.counter("b")
    market.rounds(first, second)
    assert stock(second, goods) == (7_000, 14_000)
    sell(second, cart_of(second, (goods, 2_000)))
    make_refund(second, sale.receipt, [Return(1, 1_000)], "salah barang")
    market.rounds(second, first)
    assert stock(first, goods) == stock(second, goods) == (6_000, 12_000)


def test_the_second_counter_gets_a_code_and_the_settings_of_the_shop(market: Market) -> None:
    first = market.counter("a")
    market.sync(first)
    second = market.counter("b")
    assert (first.register, second.register) == ("K1", "K2")
    assert second.settings.shop_name == "Toko a"
    market.rounds(first, second)
    assert first.settings.shop_name == second.settings.shop_name == "Toko a"
    with pytest.raises(AlreadyEnrolled):
        enrol(second, URL, market.server.code(), market.server.send)


def test_a_wrong_code_changes_nothing(market: Market) -> None:
    counter = market.counter("a", joins=False)
    with pytest.raises(BadPairingCode):
        enrol(counter, URL, "2222-2222", market.server.send)
    assert server(counter.db) is None and verify(counter.db).ok


def test_a_price_changed_at_two_places_is_decided_for_all(market: Market) -> None:
    first = market.counter("a")
    goods = add_goods(first, price=2_500)
    second = market.counter("b")
    market.rounds(first, second)
    for counter, price in ((first, 3_000), (second, 3_500)):
        record = product_record(counter.db, goods)
        market.clock.forward(60)
        change_product(counter, msgspec.structs.replace(record, price=price))
    market.rounds(second, first)
    market.rounds(second, first)
    prices = {product_record(counter.db, goods).price for counter in (first, second)}
    assert prices == {3_500}


def test_without_network_nothing_is_lost_and_the_reason_is_kept(market: Market) -> None:
    counter = market.counter("a")
    goods = add_goods(counter)
    market.rounds(counter)
    market.server.weather = offline
    sell(counter, cart_of(counter, (goods, 1_000)))
    with pytest.raises(NoAnswer):
        market.sync(counter)
    state = sync_state(counter.db)
    assert (state.waiting, state.error) == (1, "no_network")
    market.server.weather = lambda wire, go: go()
    market.rounds(counter)
    assert sync_state(counter.db).error == ""


def test_a_captive_portals_page_is_no_network(market: Market) -> None:
    counter = market.counter("a")
    page = Received(200, {"content-type": "text/html"}, b"<html>Masuk dulu</html>")
    market.server.weather = lambda wire, go: page
    with pytest.raises(NoAnswer):
        market.sync(counter)
    assert waiting_count(counter.db) > 0


@pytest.mark.parametrize("seed", range(3))
def test_answers_that_are_lost_double_nothing(market: Market, seed: int) -> None:
    chance = random.Random(seed)

    def bad(wire: Wire, go: Callable[[], Received]) -> Received:
        dice = chance.random()
        if dice < 0.2:
            raise NoAnswer(why="connection")
        answer = go()
        if dice < 0.4:
            raise NoAnswer(why="timeout")
        return answer

    first = market.counter("a")
    goods = add_goods(first, qty=90_000)
    second = market.counter("b")
    market.rounds(first, second)
    market.server.weather = bad
    for _ in range(12):
        for counter in (first, second):
            sell(counter, cart_of(counter, (goods, 1_000)))
            try:
                market.sync(counter)
            except NoAnswer:
                continue
    market.server.weather = lambda wire, go: go()
    market.rounds(first, second)
    assert stock(first, goods)[0] == stock(second, goods)[0] == 66_000


def test_a_wrong_clock_is_put_right_by_the_servers(market: Market) -> None:
    counter = market.counter("a")
    counter.clock = StillClock(market.clock.now_ms() + 400 * 86_400_000)
    found = server(counter.db)
    assert found is not None
    assert sync_once(counter, found, market.server.send).waiting == 0


def test_a_restored_counter_loses_and_doubles_nothing(market: Market) -> None:
    first = market.counter("a")
    goods = add_goods(first, qty=10_000)
    second = market.counter("b")
    market.rounds(first, second)
    kept = market.place / "kept.db"
    first.db.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(first.folder / "counter.db", kept)
    sell(first, cart_of(first, (goods, 1_000)))
    market.rounds(first, second)
    sell(first, cart_of(first, (goods, 1_000)))  # never sent: the disk dies with it
    first.close()
    for file in first.folder.glob("counter.db*"):
        file.unlink()
    shutil.copy(kept, first.folder / "counter.db")
    again = open_counter(
        first.folder, clock=market.clock, witness=Witness(market.place / "a/state")
    )
    market.counters[0] = again
    again.staff_id = first.staff_id
    sell(again, cart_of(again, (goods, 2_000)))
    assert again.register != "K1"
    market.rounds(again, second)
    assert stock(again, goods)[0] == stock(second, goods)[0] == 7_000


def test_a_cloned_counter_is_told_and_both_count_once(market: Market) -> None:
    """Two machines write on under one line, which nothing on either of them could show."""
    first = market.counter("a")
    goods = add_goods(first, qty=10_000)
    second = market.counter("b")
    market.rounds(first, second)
    first.db.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    place = market.place / "clone"
    shutil.copytree(first.folder, place / "shop")
    shutil.copytree(market.place / "a/state", place / "state")
    witness = Witness(place / "state")
    device = bytes(first.db.scalar("SELECT device FROM own_line ORDER BY place DESC LIMIT 1"))
    record = witness.record(device)
    assert record is not None
    witness.remember(device, record.key, place / "shop")
    clone = open_counter(place / "shop", clock=market.clock, witness=witness)
    market.counters.append(clone)
    clone.staff_id = first.staff_id
    sell(first, cart_of(first, (goods, 1_000)))
    sale = sell(clone, cart_of(clone, (goods, 2_000)))
    make_refund(clone, sale.receipt, [Return(1, 1_000)], "rusak")
    assert clone.register == "K1"
    market.sync(first)
    market.sync(clone)
    assert clone.register != "K1"
    market.rounds(clone, first, second)
    for counter in (first, clone, second):
        assert stock(counter, goods)[0] == 8_000


def test_a_difference_is_said_written_down_and_cured_by_folding_again(market: Market) -> None:
    first = market.counter("a")
    goods = add_goods(first, qty=10_000)
    market.rounds(first)
    with first.db.transaction():
        first.db.run("UPDATE stock_movement SET qty=qty+1 WHERE product_id=?", (goods,))
    sell(first, cart_of(first, (goods, 1_000)))
    outcome = market.sync(first)
    assert outcome.digest_equal is True
    assert verify(first.db).ok and stock(first, goods)[0] == 9_000
    kinds = [row[0] for row in first.db.rows("SELECT kind FROM journal ORDER BY pos")]
    assert kinds.count("sync_differed") == 1
    market.rounds(first)
