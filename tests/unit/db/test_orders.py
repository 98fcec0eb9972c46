"""An order's row follows from all that was written about it, in whatever order that came."""

from __future__ import annotations

import itertools
import random
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.facts.orders import OrderStep, OrderStepped
from pos.counter import Counter
from pos.db.migrate import HEAD_REVISION, revision
from pos.device.witness import Witness
from pos.journal.mending import mend
from pos.journal.verify import verify
from pos.opening import open_counter
from pos.sync.memory import recall, remember
from pos.sync.upgrade import fold_known_kinds
from tests.helpers.counter import StillClock, make_shop
from tests.helpers.many_counters import World, picture
from tests.helpers.till_orders import line, order_id, placed, stepped

ROW = "SELECT state, payment, handover, total, clash FROM online_order WHERE id=?"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A server and two counters."""
    made = World(tmp_path, random.Random(7), 2)
    yield made
    made.close()


def say(counter: Counter, fact: OrderStepped) -> None:
    with counter.transaction() as tx:
        tx.append(fact)


def shop_says(number: int, *names: str, sale: int = 0) -> OrderStepped:
    steps = tuple(OrderStep(name) for name in names)  # type: ignore[arg-type]
    return OrderStepped(order_id(number), "shop", steps, sale_seq=sale)


def row(counter: Counter, number: int = 1) -> tuple[object, ...]:
    return tuple(counter.db.tuple_of(ROW, (order_id(number),)) or ())


def proved(world: World) -> None:
    for number in range(len(world.counters)):
        world.check(number)


def test_an_order_comes_with_the_feed_and_is_answered(world: World) -> None:
    goods = world.goods(world.counters[0])
    world.server.write(placed(1, line(goods)))
    world.settle()
    assert row(world.counters[0]) == ("placed", "due", "waiting", 34_000, "")
    say(world.counters[0], shop_says(1, "accept"))
    assert row(world.counters[0])[0] == "accepted"
    assert row(world.counters[1])[0] == "placed"
    world.settle()
    proved(world)
    world.equal()


def test_what_waits_is_told_after_what_the_feed_brings(world: World) -> None:
    first, second = world.counters
    world.server.write(placed(1, line(world.goods(first))))
    world.settle()
    say(first, shop_says(1, "accept"))
    world.server.write(stepped(1, "cancel"))
    world.pull(0, 9)
    assert row(first)[0] == "cancelled"
    world.settle()
    assert row(second)[0] == "cancelled"
    proved(world)
    world.equal()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_steps_that_come_before_their_order_are_told_after_it(
    world: World, order: tuple[int, ...]
) -> None:
    facts = [placed(1, line(world.goods(world.counters[0]))), shop_says(1, "accept"),
             shop_says(1, "make_ready")]  # fmt: skip
    for at in order:
        world.server.write(facts[at])
    world.settle()
    told = [at for at in order if at]
    assert row(world.counters[0])[0] == ("ready" if told == [1, 2] else "accepted")
    proved(world)
    world.equal()
    before = picture(world.counters[0].db)
    mend(world.counters[0].db)
    assert picture(world.counters[0].db) == before


def test_two_registers_that_hand_over_without_a_network_are_seen_as_a_clash(world: World) -> None:
    world.server.write(placed(1, line(world.goods(world.counters[0]))))
    world.settle()
    for number, counter in enumerate(world.counters):
        paid = OrderStepped(
            order_id(1),
            "shop",
            (
                OrderStep("accept"),
                OrderStep("pay_at_handover", 34_000),
                OrderStep("hand_over"),
                OrderStep("fulfil"),
            ),
            sale_seq=100 + number,
        )
        say(counter, paid)
        assert row(counter)[2:] == ("done", 34_000, "")
    world.settle()
    assert {row(counter)[4] for counter in world.counters} == {"twice"}
    seqs = world.counters[0].db.tuple_of("SELECT sale_seq, clash_seq FROM online_order")
    assert seqs == (100, 101)
    proved(world)
    world.equal()


def test_a_counter_cannot_place_an_order_or_speak_for_the_buyer(world: World) -> None:
    counter = world.counters[0]
    goods = world.goods(counter)
    with counter.transaction() as tx:
        tx.append(placed(9, line(goods)))
    assert row(counter, 9) == ()
    world.server.write(placed(1, line(goods)))
    world.settle()
    say(counter, OrderStepped(order_id(1), "buyer", (OrderStep("cancel"),)))
    assert row(counter)[0] == "placed"
    proved(world)


def test_a_file_from_before_orders_is_upgraded(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        folder = shop.folder
    with sqlite3.connect(folder / "counter.db", isolation_level=None) as raw:
        for table in (
            "order_event",
            "online_order",
            "order_contact",
            "order_message",
            "order_word",
        ):
            raw.execute(f"DROP TABLE {table}")
        raw.execute("ALTER TABLE product DROP COLUMN halal")
        raw.execute("UPDATE alembic_version SET version_num='0006'")
    raw.close()
    with open_counter(folder, clock=StillClock(), witness=Witness(tmp_path / "state")) as again:
        assert revision(again.db) == HEAD_REVISION
        assert verify(again.db).ok


def test_a_file_with_an_order_from_before_complaints_is_upgraded(
    world: World, tmp_path: Path
) -> None:
    counter = world.counters[0]
    world.server.write(placed(1, line(world.goods(counter))))
    world.settle()
    copy = tmp_path / "copy"
    copy.mkdir()
    with sqlite3.connect(copy / "counter.db") as raw:
        counter.db.raw.backup(raw)
        later = ("fee_open", "offered_fee", "courier", "waybill")
        for name in ("answer_by", "settle_by", "office_by", "offer", *later):
            raw.execute(f"ALTER TABLE online_order DROP COLUMN {name}")
        raw.execute("ALTER TABLE product DROP COLUMN halal")
        raw.execute("UPDATE alembic_version SET version_num='0008'")
    raw.close()
    with open_counter(copy, clock=StillClock(), witness=Witness(tmp_path / "state")) as again:
        assert revision(again.db) == HEAD_REVISION
        assert verify(again.db).differences == ()
        assert row(again)[0] == "placed"


def test_what_a_program_from_before_couriers_read_is_folded_again(world: World) -> None:
    counter = world.counters[0]
    goods = world.goods(counter)
    offer = (line(goods),)
    world.server.write(placed(1, *offer, way="courier", pay_way="to_shop", fee_open=True))
    world.server.write(
        OrderStepped(order_id(1), "shop", (OrderStep("propose"),), lines=offer, fee=9_000)
    )
    world.settle()
    db, said = counter.db, "SELECT state, fee_open, offered_fee FROM online_order"
    assert db.tuple_of(said) == ("proposed", 1, 9_000)
    with db.transaction():
        db.run("UPDATE online_order SET fee_open=0, offered_fee=0")
        remember(db, "kinds", re.sub(r"\+\d+", "", recall(db, "kinds")))
    assert fold_known_kinds(db) and not fold_known_kinds(db)
    assert db.tuple_of(said) == ("proposed", 1, 9_000)
    proved(world)
