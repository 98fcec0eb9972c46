"""Two counters with lives of their own become one shop, with the real server between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from core.facts.catalog import BarcodeRecord, ProductRecord, UnitRecord
from core.gtin import display_form, normal_form
from pos.catalog.goods import stock_of
from pos.catalog.products import add_product, product_record
from pos.counter import Counter
from pos.device.witness import Witness
from pos.journal.verify import verify
from pos.merging.deciding import Two, merge_pairs
from pos.merging.finding import proposals
from pos.opening import open_counter
from pos.shifts.drawer import start_shift
from pos.shop.founding import found_shop
from pos.sync.enrolment import enrol
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.rounds import Outcome
from pos.sync.wire import Received, Wire
from server.catalog.reading import product_of
from tests.helpers.counter import StillClock, add_goods, cart_of, sell
from tests.helpers.process import Machine
from tests.helpers.real_server import RealServer

MI, KOPI = "8998866200226", "8998866200301"


class Shop:
    """A real server and two counters, both with noodles and coffee."""

    def __init__(self, place: Path) -> None:
        self.clock = StillClock()
        self.server = RealServer(place, self.clock.now_ms)
        self.counters = [self._found(place / name, name) for name in ("a", "b")]
        for _ in range(2):
            for counter in self.counters:
                self.sync(counter)

    def _found(self, place: Path, name: str) -> Counter:
        counter = found_shop(
            place / "shop",
            f"Toko {name}",
            "Ibu",
            clock=self.clock,
            witness=Witness(place / "state"),
        )
        start_shift(counter, 0)
        add_goods(counter, "Mi goreng 85g" if name == "a" else "MI GORENG 85 GR", barcode=MI)
        add_goods(counter, "Kopi" if name == "a" else "KOPI", 9_000, 5_000, barcode=KOPI)
        enrol(counter, "http://huyula", self.server.code(), self.server.send)
        return counter

    def sync(self, counter: Counter) -> Outcome:
        self.clock.forward(1)
        found = server_of(counter.db)
        assert found is not None
        return sync_once(counter, found, self.server.send)

    def merge(self, counter: Counter) -> list[Two]:
        pairs = [
            Two(one.table, one.pair.source, one.pair.target)
            for one in proposals(counter.db)
            if one.pair.sure
        ]
        for _ in merge_pairs(counter, pairs):
            pass
        return pairs

    def close(self) -> None:
        for counter in self.counters:
            counter.close()
        self.server.close()


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("HUYULA_MACHINE", "one")  # as that of `Machine`
    made = Shop(tmp_path)
    yield made
    made.close()


def differences(counter: Counter) -> int:
    return int(counter.db.scalar("SELECT count(*) FROM journal WHERE kind='sync_differed'"))


def in_the_midst(path: str, act: Callable[[], object]) -> Callable[..., Received]:
    """Weather: once, just before a request of that path goes out, something happens."""
    done = []

    def weather(wire: Wire, go: Callable[[], Received]) -> Received:
        if not done and wire.path.endswith(path):
            done.append(act())
        return go()

    return weather


def test_both_counters_and_the_server_agree_afterwards(shop: Shop) -> None:
    first, second = shop.counters
    pairs = shop.merge(second)
    assert len(pairs) == 2
    for counter in (second, first, second):
        outcome = shop.sync(counter)
        assert outcome.waiting == 0 and outcome.digest_equal is not False
    for counter in (first, second):
        assert stock_of(counter.db, pairs[0].target) in (20_000, 10_000)
        assert verify(counter.db).ok and not differences(counter)
    assert shop.server.proves_itself()


def test_codes_and_units_are_the_same_on_both_sides(shop: Shop) -> None:
    first, second = shop.counters
    record = ProductRecord(
        b"", "", "Teh celup", "", "", "pcs", 500, 400, units=(UnitRecord("dus", 25),),
        barcodes=(BarcodeRecord(normal_form("8998866200349"), "dus"),),
    )  # fmt: skip
    target, source = add_product(first, record), b""
    bare = msgspec.structs.replace(
        record, name="TEH CELUP", units=(UnitRecord("pak", 5),),
        barcodes=(BarcodeRecord(normal_form("8998866200356"), "pak"),),
    )  # fmt: skip
    source = add_product(second, bare)
    for counter in (first, second):
        shop.sync(counter)
    for _ in merge_pairs(second, [Two("product", source, target)]):
        pass
    for counter in (second, first):
        shop.sync(counter)
    for key, codes in ((target, ["8998866200349", "8998866200356"]), (source, [])):
        mine = [display_form(one.code) for one in product_record(first.db, key).barcodes]
        with shop.server.services.store.reading_shop(shop.server.shop) as tx:
            theirs = product_of(tx, key)
        assert theirs is not None
        assert sorted(mine) == codes
        assert sorted(display_form(one.code) for one in theirs.fields.barcodes) == codes
        units = {one.unit for one in theirs.fields.units}
        assert units == {one.unit for one in product_record(first.db, key).units}
        assert units == ({"dus", "pak"} if codes else {"pak"})


def test_merging_while_a_round_is_under_way_is_no_difference(shop: Shop) -> None:
    """Between the push and the pull of a round: what was merged waits when the page comes."""
    first, second = shop.counters
    goods = bytes(first.db.scalar("SELECT id FROM product WHERE name='Mi goreng 85g'"))
    sell(first, cart_of(first, (goods, 3_000)))
    shop.sync(first)
    shop.server.weather = in_the_midst("/sync/feed", lambda: shop.merge(second))
    outcome = shop.sync(second)
    assert outcome.waiting >= 2, "the merges are still to be sent"
    assert outcome.digest_equal is not False
    assert not differences(second) and verify(second.db).ok
    shop.server.weather = lambda wire, go: go()
    for counter in (second, first, second):
        assert shop.sync(counter).digest_equal is not False
    for counter in (first, second):
        assert stock_of(counter.db, goods) == 17_000
        assert verify(counter.db).ok and not differences(counter)
    assert shop.server.proves_itself()


def test_selling_under_both_records_meanwhile_counts_once(shop: Shop) -> None:
    first, second = shop.counters
    pairs = shop.merge(second)
    for counter in (first, second):
        # The first still knows two records.
        for two in pairs:
            sell(counter, cart_of(counter, (two.source, 1_000), (two.target, 2_000)))
    for counter in (second, first, second, first):
        assert shop.sync(counter).digest_equal is not False
    stocks = [
        [stock_of(counter.db, key) for two in pairs for key in (two.source, two.target)]
        for counter in (first, second)
    ]
    assert stocks[0] == stocks[1]
    assert sum(stocks[0]) == 2 * (10_000 + 5_000) - 2 * 2 * 3_000
    for counter in (first, second):
        assert verify(counter.db).ok
    assert shop.server.proves_itself()


def test_a_counter_that_stops_in_the_midst_goes_on_where_it_was(shop: Shop, tmp_path: Path) -> None:
    second = shop.counters[1]
    pairs = [Two(one.table, one.pair.source, one.pair.target) for one in proposals(second.db)]
    steps = merge_pairs(second, pairs[:1])
    next(steps)
    folder = second.folder
    who = second.staff_id
    second.close()
    again = open_counter(folder, clock=shop.clock, witness=Witness(tmp_path / "b/state"))
    again.staff_id = who
    shop.counters[1] = again
    left = proposals(again.db)
    assert [one.pair.source for one in left] == [pairs[1].source]
    assert verify(again.db).ok


def test_the_command_line_merges_and_keeps_apart(tmp_path: Path, shop: Shop) -> None:
    second = shop.counters[1]
    folder = second.folder
    second.close()
    machine = Machine(tmp_path / "b")
    machine.state = tmp_path / "b/state"
    machine.data = folder
    listed = machine.run("merge", "list")
    assert listed.code == 0, listed.err
    rows = listed.lines
    assert {row["source"]["name"] for row in rows} == {"MI GORENG 85 GR", "KOPI"}
    assert all(row["sure"] and row["why"] == "barcode" for row in rows)
    coffee = next(row for row in rows if row["source"]["name"] == "KOPI")
    pair = (coffee["source"]["id"], coffee["target"]["id"])
    assert machine.run("merge", "apart", "--pair", *pair).data == {"apart": 1}
    assert machine.run("merge", "apply", "--sure").data == {"merged": 1, "left": 0}
    assert machine.run("merge", "list").out.strip() == ""
    again = machine.run("merge", "apply", "--pair", *pair)
    assert again.data == {"merged": 1, "left": 0}, "who insists may"
    assert machine.run("merge", "apply", "--pair", *pair).data["error"] == "cannot_merge"
    assert machine.run("merge", "apply").code == 2
    assert machine.run("merge", "apply", "--pair", "zz", "yy").code == 2
    assert machine.run("verify").data["ok"]
    shop.counters[1] = open_counter(folder, clock=shop.clock, witness=Witness(tmp_path / "b/state"))
