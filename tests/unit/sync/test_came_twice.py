"""One fact that comes as an entry of its own and inside others, in any order, counts once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.contract import decode_body, encode_body, kind_of
from core.facts.base import Header
from core.facts.orders import OrderStep, OrderStepped
from core.facts.selling import SaleCompleted
from core.facts.sync import EntryJudged
from core.journal import NO_HASH, Entry, link
from core.sync.carrying import carry
from core.sync.feed import QUARANTINED, verdict
from pos.counter import Counter, read_head
from pos.journal.chains import chain_differences
from pos.journal.order import counts_at, effect_pos, end_waiting, out_of_place
from pos.selling.refunds import Return, make_refund
from pos.shifts.drawer import open_drawer
from pos.sync.goback import go_back
from pos.sync.memory import cursor
from pos.sync.refold import find_waiting, note_refold
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World
from tests.helpers.till_orders import line, order_id, placed
from tests.helpers.tiny_server import LINE, SHOP


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(5), 2)
    yield made
    made.close()


def _sold(counter: Counter) -> Entry:
    goods = bytes(counter.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    pos = sell(counter, cart_of(counter, (goods, 1_000))).sale_id
    return _entry(counter, pos)


def _last(counter: Counter) -> Entry:
    head = read_head(counter.db)
    assert head is not None
    return _entry(counter, head.pos)


def _entry(counter: Counter, pos: int) -> Entry:
    row = counter.db.tuple_of(
        "SELECT shop, device, seq, kind, version, body, prev_hash, hash FROM journal WHERE pos=?",
        (pos,),
    )
    assert row is not None
    return Entry(*row)


def _everywhere(world: World) -> None:
    for number in (0, 1):
        world.push(number, 99)
    for number in (0, 1):
        world.pull(number, 99)
        world.check(number)
    world.equal()


def test_an_entry_that_came_inside_another_first_counts_once(world: World) -> None:
    first, second = world.counters
    common = cursor(second.db).n
    sold = _sold(first)
    world.server.write(carry(sold))
    world.pull(1, 99)
    world.push(0, 99)
    world.server.write(carry(sold))
    world.pull(1, 99)
    assert second.db.scalar("SELECT count(*) FROM sale WHERE device=?", (sold.device,)) == 1
    _everywhere(world)
    # Gone back, it waits once, however often it had come.
    go_back(second.db, common, 2)
    places = second.db.scalar("SELECT count(*) FROM waiting w JOIN sale s ON s.id=w.pos")
    assert places == 1
    assert not list(chain_differences(second.db))
    _everywhere(world)


def test_what_counts_before_the_common_number_waits_no_more(world: World) -> None:
    """The server had it inside another entry first, and lost the number where it came by itself."""
    first, second = world.counters
    sold = _sold(first)
    world.server.write(carry(sold))
    world.pull(1, 99)
    common = cursor(second.db).n
    world.push(0, 99)
    world.pull(1, 99)
    go_back(second.db, common, 2)
    places = second.db.scalar("SELECT count(*) FROM waiting w JOIN sale s ON s.id=w.pos")
    assert places == 0


def test_of_all_that_may_wait_what_counts_is_found_as_one_by_one(world: World) -> None:
    """It is looked for from the few that came inside others: waiting may be long."""
    first, second = world.counters
    sold = [_sold(first) for _ in range(3)]
    for one in sold[:2]:
        world.server.write(carry(one))
    world.pull(1, 99)
    world.push(0, 99)
    world.server.write(carry(sold[2]))
    world.pull(1, 99)
    _sold(second)
    db = second.db
    for left in ("f.pos NOT IN (SELECT carrier_pos FROM carried)", "f.n<>2", "f.n%2=0"):
        with db.transaction():
            db.run(f"UPDATE feed AS f SET order_n=CASE WHEN {left} THEN n END")
            db.run("INSERT OR IGNORE INTO waiting (pos) SELECT pos FROM journal")
            places = [pos for (pos,) in db.rows("SELECT pos FROM waiting")]
            apart = [(pos, effect_pos(db, pos)) for pos in places if effect_pos(db, pos) != pos]
            assert out_of_place(db) == apart and apart
            end_waiting(db)
        kept = [pos for (pos,) in db.rows("SELECT pos FROM waiting ORDER BY pos")]
        assert kept == [pos for pos in places if not counts_at(db, pos)] and kept


def test_pages_find_what_waits_though_all_is_folded_again_only_after_the_last(world: World) -> None:
    first, second = world.counters
    one = _sold(first)
    world.server.write(carry(one))
    world.pull(1, 99)
    world.push(0, 99)
    world.pull(1, 99)
    db = second.db
    with db.transaction():
        db.run("INSERT OR IGNORE INTO waiting (pos) SELECT pos FROM journal")
        db.run("UPDATE feed SET order_n=NULL")
    apart = out_of_place(db)
    find_waiting(db)
    assert apart and out_of_place(db) == apart, "nothing is due"
    with db.transaction():
        note_refold(db)
    find_waiting(db)
    assert not out_of_place(db)
    for _, place in apart:
        assert db.scalar("SELECT 1 FROM waiting WHERE pos=?", (place,))


def test_a_decision_that_comes_inside_another_entry_decides(world: World) -> None:
    """A server that was restored twice gives back its own facts of then inside new ones."""
    first = world.counters[0]
    sold = _sold(first)
    world.server.words[sold.hash] = verdict(QUARANTINED, "unconfirmed")
    world.push(0, 99)
    world.pull(1, 99)
    fact = EntryJudged(sold.hash, "released")
    kind, version = kind_of(fact)
    header = Header(1, b"server00", 1, "2026-11-24")
    old = link(sold.shop, b"\xfe" * 16, 1, kind, version, NO_HASH, encode_body(header, fact))
    world.server.write(carry(old))
    _everywhere(world)
    assert not first.db.scalar("SELECT count(*) FROM feed WHERE order_n IS NULL")


def test_a_number_means_the_sale_where_a_twin_gave_it_to_something_else(world: World) -> None:
    """Two went on with one line: here it is a drawer that was opened, there it is a sale."""
    first, second = world.counters
    before = _sold(first)
    world.push(0, 99)
    header, fact = decode_body(before.kind, before.version, before.body)
    assert isinstance(fact, SaleCompleted)
    other = msgspec.structs.replace(fact, number=fact.number + 500)
    twin = link(
        before.shop, before.device, before.seq + 1, before.kind, before.version, before.hash,
        encode_body(header, other),
    )  # fmt: skip
    open_drawer(first, "uji")
    head = read_head(first.db)
    assert head is not None
    assert head.seq == twin.seq
    world.server.write(carry(twin))
    world.pull(0, 99)
    receipt = str(first.db.scalar("SELECT receipt FROM sale ORDER BY id DESC LIMIT 1"))
    make_refund(first, receipt, [Return(1, 1_000, "stock")], "uji")
    _everywhere(world)
    for counter in (first, second):
        given = counter.db.scalar(
            "SELECT sum(refunded_qty) FROM sale_line l JOIN sale s ON s.id=l.sale_id"
            " WHERE s.receipt=?",
            (receipt,),
        )
        assert given == 1_000
        assert not counter.db.scalar("SELECT count(*) FROM late")


def test_what_waits_means_the_same_sale_everywhere_when_a_twin_comes_after_it(
    world: World,
) -> None:
    """It was written when of two sales with one number only the carried one was here."""
    first, second = world.counters
    sold = _sold(second)
    header, fact = decode_body(sold.kind, sold.version, sold.body)
    assert isinstance(fact, SaleCompleted)
    twin = link(
        sold.shop, sold.device, sold.seq, sold.kind, sold.version, sold.prev_hash,
        encode_body(header, msgspec.structs.replace(fact, number=fact.number + 500)),
    )  # fmt: skip
    world.server.write(carry(twin))
    world.pull(0, 99)
    receipt = first.db.scalar("SELECT receipt FROM sale ORDER BY id DESC")
    make_refund(first, receipt, [Return(1, 1_000)], "uji")
    world.push(1, 99)
    world.pull(0, 99)
    _everywhere(world)


def test_what_waits_for_a_restored_server_and_is_held_there_counts_for_nobody(
    world: World,
) -> None:
    first, second = world.counters
    common = cursor(second.db).n
    sold = _sold(first)
    world.push(0, 99)
    world.pull(1, 99)
    go_back(second.db, common, 2)
    assert second.db.scalar("SELECT count(*) FROM sale") == 1, "it waits, and is shown"
    _forget(world, common, sold)
    world.server.words[sold.hash] = verdict(QUARANTINED, "unconfirmed")
    world.server.push([sold])
    world.pull(1, 99)
    assert second.db.scalar("SELECT count(*) FROM sale") == 0
    world.check(1)
    world.server.release()
    world.pull(1, 99)
    assert second.db.scalar("SELECT count(*) FROM sale") == 1
    world.check(1)


def test_what_is_given_back_of_a_sale_that_is_released_meanwhile_is_so_once(world: World) -> None:
    first, second = world.counters
    common = cursor(second.db).n
    sold = _sold(first)
    world.push(0, 99)
    world.pull(1, 99)
    receipt = str(second.db.scalar("SELECT max(receipt) FROM sale"))
    make_refund(second, receipt, [Return(1, 1_000)], "uji")
    go_back(second.db, common, 2)
    _forget(world, common, sold)
    world.server.words[sold.hash] = verdict(QUARANTINED, "unconfirmed")
    world.server.push([sold])
    world.pull(1, 99)
    assert second.db.scalar("SELECT count(*) FROM sale WHERE receipt=?", (receipt,)) == 0
    world.check(1)
    world.server.release()
    world.pull(1, 99)
    of_it = "SELECT refunded_qty FROM sale_line l JOIN sale s ON s.id=l.sale_id WHERE s.receipt=?"
    assert second.db.scalar(of_it, (receipt,)) == 1_000
    world.check(1)


@pytest.mark.parametrize("is_carried_on", [False, True])
def test_what_a_copy_wrote_under_a_line_that_was_left_here_is_anothers(
    world: World, is_carried_on: bool
) -> None:
    """The second counter began as a copy of the first: a line of both, until it opened its own.
    What the feed holds only inside a carrier of its own is its own, and goes on waiting."""
    first, second = world.counters
    common = cursor(second.db).n
    sold = _sold(first)
    world.push(0, 99)
    world.pull(1, 99)
    go_back(second.db, common, 2)
    with second.transaction() as tx:
        tx.db.run("INSERT INTO own_line (place, device) VALUES (0, ?)", (sold.device,))
        tx.db.run(
            "UPDATE line SET parent_device=?, parent_seq=? WHERE device=?",
            (sold.device, sold.seq - 1, second.line.device),
        )
        if is_carried_on:
            tx.append(carry(sold))
    waits = "SELECT count(*) FROM waiting w JOIN journal j ON j.pos=w.pos WHERE j.hash=?"
    assert second.db.scalar(waits, (sold.hash,)) == 1
    _forget(world, common, sold)
    held = _last(second) if is_carried_on else sold
    world.server.words[held.hash] = verdict(QUARANTINED, "revoked")
    world.server.push([held])
    world.pull(1, 99)
    assert second.db.scalar(waits, (sold.hash,)) == is_carried_on


def _forget(world: World, common: int, lost: Entry) -> None:
    """The server was restored from when its feed ended at a number."""
    server = world.server
    del server.feed[common:], server.hashes[common + 1 :]
    server.heads[lost.device] = (lost.seq - 1, lost.prev_hash)
    server.counted.discard(lost.hash)
    server.db.run("DELETE FROM journal WHERE pos>?", (common,))
    pos = server.db.scalar("SELECT max(id) FROM sale")
    for table, key in (("sale", "id"), ("sale_line", "sale_id"), ("payment", "sale_id")):
        server.db.run(f"DELETE FROM {table} WHERE {key}=?", (pos,))
    for table in ("stock_movement", "cash_movement", "debt_movement"):
        server.db.run(f"DELETE FROM {table} WHERE pos=?", (pos,))


def test_an_order_is_told_in_the_feeds_order_though_a_step_came_inside_another_first(
    world: World,
) -> None:
    """After a server was restored the step has its own number, before a later step."""
    second, server = world.counters[1], world.server
    common, head = cursor(second.db).n, server.heads[LINE]
    step = OrderStepped(order_id(1), "shop", (OrderStep("accept", 0),))
    body = encode_body(Header(1, b"server00", 1, "2026-11-24"), step)
    accepted = link(SHOP, b"\xfe" * 16, 1, *kind_of(step), NO_HASH, body)
    server.write(carry(accepted))
    world.pull(1, 99)
    go_back(second.db, common, 2)
    del server.feed[common:], server.hashes[common + 1 :]
    server.heads[LINE] = head
    server.counted.discard(accepted.hash)
    for table, key in (("journal", "pos"), ("carried", "carrier_pos"), ("order_event", "pos")):
        server.db.run(f"DELETE FROM {table} WHERE {key}>?", (common,))
    server.write(placed(1, line(b"g" * 16)))
    server.push([accepted])
    server.write(OrderStepped(order_id(1), "shop", (OrderStep("make_ready", 0),)))
    world.pull(1, 99)
    world.check(1)
    told = "SELECT state FROM online_order"
    assert second.db.scalar(told) == server.db.scalar(told) == "ready"
