"""A disk changes bytes: damaged ones count for nobody, whole ones are put back and offered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.contract import decode_body, encode_body, kind_of
from core.facts.base import Header
from core.facts.shifts import ShiftClosed, ShiftOpened
from core.facts.sync import Carried, EntryJudged
from core.journal import NO_HASH, Entry, is_whole, link
from core.sync.carrying import carry, is_damaged
from core.sync.feed import QUARANTINED, verdict
from pos.catalog.products import change_product, product_record
from pos.counter import Counter
from pos.journal.verify import verify
from pos.sync.apply import BytesNeeded, apply_page
from pos.sync.lines import Fork, resolve
from pos.sync.memory import cursor
from pos.sync.refold import finish_refold
from pos.sync.whole import mend_entry, offered, write_down
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World
from tests.helpers.tiny_server import SHOP, own_entries


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(5), 2)
    yield made
    made.close()


def _sold(counter: Counter) -> tuple[int, Entry]:
    """A sale at a counter: its place, and its entry."""
    goods = bytes(counter.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    done = sell(counter, cart_of(counter, (goods, 1_000)))
    return done.sale_id, _entry(counter, done.sale_id)


def _entry(counter: Counter, pos: int) -> Entry:
    row = counter.db.tuple_of(
        "SELECT shop, device, seq, kind, version, body, prev_hash, hash FROM journal WHERE pos=?",
        (pos,),
    )
    assert row is not None
    return Entry(*row)


def _spoil(counter: Counter, pos: int) -> Entry:
    body = bytearray(_entry(counter, pos).body)
    body[-1] ^= 1
    counter.db.run("UPDATE journal SET body=? WHERE pos=?", (bytes(body), pos))
    return _entry(counter, pos)


def _pull(world: World, number: int, *, full: bool) -> None:
    counter = world.counters[number]
    mine = {bytes(row[0]) for row in counter.db.rows("SELECT device FROM own_line")}
    while True:
        page = world.server.page(cursor(counter.db).n, set() if full else mine, most=50)
        if not page.entries:
            return
        apply_page(counter.db, page)


def test_bytes_that_the_server_has_whole_come_back(world: World) -> None:
    first = world.counters[0]
    pos, sold = _sold(first)
    world.push(0, 99)
    _spoil(first, pos)
    assert not verify(first.db).ok
    with pytest.raises(BytesNeeded):
        _pull(world, 0, full=False)
    _pull(world, 0, full=True)
    assert _entry(first, pos) == sold
    world.check(0)


def test_bytes_that_were_damaged_while_an_entry_was_held_are_asked_for_when_it_is_released(
    world: World,
) -> None:
    """What it did here while it waited may not stay without the fact that says so."""
    first, second = world.counters
    product_id = bytes(first.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    record = product_record(first.db, product_id)
    change_product(first, msgspec.structs.replace(record, price=record.price + 500))
    pos = int(first.db.scalar("SELECT max(pos) FROM journal"))
    whole = _entry(first, pos)
    world.server.words[whole.hash] = verdict(QUARANTINED, "unconfirmed")
    world.push(0, 99)
    world.pull(0, 9)
    n = first.db.scalar("SELECT n FROM feed WHERE pos=?", (pos,))
    _spoil(first, pos)
    world.server.release()
    with pytest.raises(BytesNeeded) as needed:
        world.pull(0, 9)
    assert needed.value.details["n"] == n
    damaged = world.server.feed[n - 1]
    assert not mend_entry(first.db, msgspec.structs.replace(damaged, body=None))
    assert not mend_entry(first.db, msgspec.structs.replace(damaged, body=damaged.body + b"x"))
    assert mend_entry(first.db, world.server.feed[n - 1])
    for number, counter in enumerate((first, second)):
        world.pull(number, 99)
        found = counter.db.scalar("SELECT price FROM product WHERE id=?", (product_id,))
        assert found == record.price + 500
        world.check(number)


def test_damaged_bytes_move_nothing_when_all_is_folded_again(world: World) -> None:
    """They may well be readable; the chain says that they are not what happened."""
    first = world.counters[0]
    pos, _ = _sold(first)
    _spoil(first, pos)
    proof = verify(first.db)
    assert [one.column for one in proof.differences if one.table == "journal"] == ["hash", "body"]
    assert any(one.table == "sale" for one in proof.differences)


def test_what_the_server_has_damaged_is_offered_whole(world: World) -> None:
    """A till that was restored from before the damage, or a copy of it, still has the bytes."""
    first, second = world.counters
    pos, sold = _sold(first)
    world.server.words[sold.hash] = verdict(QUARANTINED, "damaged")
    world.push(0, 99)
    world.pull(0, 9)
    facts = offered(first.db)
    assert [(one.device, one.seq, one.claimed) for one in facts] == [(sold.device, sold.seq, b"")]
    write_down(first, facts)
    assert offered(first.db) == ()
    world.server.write(EntryJudged(world.server.held.pop(), "set_aside"))
    world.push(0, 99)
    for number in (0, 1):
        world.pull(number, 9)
        world.check(number)
    assert first.db.scalar("SELECT count(*) FROM sale WHERE id=?", (pos,)) == 1
    assert second.db.scalar("SELECT count(*) FROM sale") == 1
    world.equal()


def test_one_that_was_set_aside_meanwhile_is_shown_again_as_soon_as_it_is_offered(
    world: World,
) -> None:
    first = world.counters[0]
    pos, sold = _sold(first)
    world.server.words[sold.hash] = verdict(QUARANTINED, "damaged")
    world.push(0, 99)
    world.server.write(EntryJudged(world.server.held.pop(), "set_aside"))
    world.pull(0, 9)
    assert first.db.scalar("SELECT count(*) FROM sale WHERE id=?", (pos,)) == 0
    write_down(first, offered(first.db))
    finish_refold(first.db)
    assert first.db.scalar("SELECT count(*) FROM sale WHERE id=?", (pos,)) == 1
    world.check(0)
    world.push(0, 99)
    for number in (0, 1):
        world.pull(number, 9)
        world.check(number)
    assert not first.db.scalar("SELECT count(*) FROM waiting")
    world.equal()


def test_a_fork_carries_damaged_bytes_as_damaged(world: World) -> None:
    first = world.counters[0]
    before = own_entries(first.db, _line(first))[-1]
    pos, sold = _sold(first)
    _spoil(first, pos)
    resolve(first, Fork(sold.device, before.seq, False))
    facts = _carried(first)
    assert [(one.claimed, is_damaged(one)) for one in facts] == [(sold.hash, True)]
    # The carrier is damaged in its turn, and the line forks once more.
    line, opened = _line(first), own_entries(first.db, _line(first))[0]
    carrier = int(first.db.scalar("SELECT pos FROM journal WHERE kind='carried'"))
    hurt = _spoil(first, carrier)
    assert not is_whole(hurt)
    resolve(first, Fork(line, opened.seq, False))
    assert [one.claimed for one in _carried(first, after=carrier)] == [hurt.hash]


def _line(counter: Counter) -> bytes:
    return bytes(counter.db.scalar("SELECT device FROM own_line ORDER BY place DESC LIMIT 1"))


def _carried(counter: Counter, after: int = 0) -> list[Carried]:
    facts = [
        decode_body(*row)[1]
        for row in counter.db.rows(
            "SELECT kind, version, body FROM journal WHERE kind='carried' AND pos>? ORDER BY pos",
            (after,),
        )
    ]
    return [one for one in facts if isinstance(one, Carried)]


def test_a_carrier_of_damaged_bytes_is_not_offered_as_whole(world: World) -> None:
    """It would be carried in its turn, by everybody, in each round twice as often."""
    first, second = world.counters
    before = own_entries(first.db, _line(first))[-1]
    pos, sold = _sold(first)
    world.server.words[sold.hash] = verdict(QUARANTINED, "damaged")
    _spoil(first, pos)
    resolve(first, Fork(before.device, before.seq, False))
    carrier = own_entries(first.db, _line(first))[-1]
    assert is_whole(carrier)
    world.server.words[carrier.hash] = verdict(QUARANTINED, "damaged")
    world.push(0, 99)
    for number, counter in ((0, first), (1, second)):
        world.pull(number, 99)
        assert offered(counter.db) == ()


def test_what_came_damaged_inside_one_entry_lies_where_it_came_whole(world: World) -> None:
    """A shift's end comes before its beginning: it is read again then, from where it lies."""
    server, second, shift = world.server, world.counters[1], b"shift of another"
    nothing = ((), (), (), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "", "")
    ended = ShiftClosed(shift, 1, 7_000, 7_000, 0, *nothing)
    body = encode_body(Header(1, b"boot", 1, "2026-11-24"), ended)
    entry = link(SHOP, b"other line here!", 2, *kind_of(ended), NO_HASH, body)
    spoilt = carry(entry._replace(body=b"?" + body))
    assert is_damaged(spoilt)
    body = encode_body(Header(1, b"boot", 1, "2026-11-24"), spoilt)
    inside = link(SHOP, b"copy of the till", 1, *kind_of(spoilt), NO_HASH, body)
    server.words[inside.hash] = verdict(QUARANTINED, "damaged")
    server.push([inside])
    server.write(carry(entry))
    server.write(ShiftOpened(shift, 0))
    world.pull(1, 99)
    assert second.db.scalar("SELECT counted FROM shift WHERE id=?", (shift,)) == 7_000
    world.check(1)
