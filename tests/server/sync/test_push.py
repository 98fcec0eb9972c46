"""What comes up is stored once, in order, judged, and acknowledged after it is durable."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import update

from core.facts.shifts import ShiftOpened
from core.sync.feed import counts, head_bytes
from core.sync.messages import Push
from server.db.schema import SHOP, catalog, journal, shops, trade
from server.devices.listing import devices_of
from server.devices.overview import lines_of
from server.sync.greeting import greet
from server.sync.journal import take_journal
from server.sync.keys import is_signed
from server.sync.refusals import EpochChanged, Forked, Gap, UnknownLine
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop


def _selling(shop: Shop, sales: int = 3) -> tuple[Counter, bytes]:
    counter, goods, shift = shop.joined(), fresh_id(), fresh_id()
    counter.write(added(goods, 10_000, 100_000))
    counter.write(ShiftOpened(shift, 50_000))
    for number in range(1, sales + 1):
        counter.write(sale(number, shift, [line(goods)]))
    return counter, goods


def test_a_sale_arrives_with_all_that_follows_from_it(shop: Shop) -> None:
    counter, goods = _selling(shop)
    taken = shop.push(counter)
    assert (taken.seq, taken.hash, taken.stored) == (5, counter.head[1], 5)
    assert shop.one(catalog.product_stock, "product_id", "qty", "value", "sold") == (
        goods,
        7_000,
        70_000,
        3,
    )
    assert [row[0] for row in shop.rows(trade.sale, "receipt")] == [
        "K1-000001",
        "K1-000002",
        "K1-000003",
    ]
    assert shop.one(trade.shift_cash, "cash") == (50_000 + 45_000,)
    assert shop.one(trade.sales_month, "month", "count", "total") == ("2026-11", 3, 45_000)


def test_sent_again_it_is_skipped_and_doubles_nothing(shop: Shop) -> None:
    counter, _ = _selling(shop)
    shop.push(counter)
    before = shop.rows(journal.entry)
    again = shop.push(counter)
    assert (again.stored, again.skipped, again.seq) == (0, 5, 5)
    counter.write(sale(4, fresh_id(), [line(fresh_id())]))
    mixed = shop.push(counter, 3)
    assert (mixed.stored, mixed.skipped) == (1, 3)
    assert shop.rows(journal.entry)[: len(before)] == before


def test_what_is_kept_as_signed_was_signed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shorter batch that comes again, where the end of a longer one was lost, signs its own."""
    counter, _ = _selling(shop)
    with monkeypatch.context() as busy:
        busy.setattr("server.sync.journal.STEP_ENTRIES", 2)
        busy.setattr("server.sync.journal._after", _lost)
        with pytest.raises(ConnectionError):
            shop.push(counter)
    with shop.services.store.shop(shop.id) as tx:  # limits are dealt anew, whoever writes next
        feed = shops.shop_feed
        tx.run(update(feed).where(feed.c.shop_id == SHOP).values(deal_after=bytes(16)))
    assert shop.push(counter, 1, 1).skipped == 1
    shop.push(counter)
    for device, seq, digest, signature in shop.rows(
        journal.head_signature, "device", "seq", "hash", "signature"
    ):
        signed = head_bytes(counter.shop, device, seq, digest)
        assert is_signed(counter.public_key, signature, signed), seq


def _lost(*_: object) -> Push:
    raise ConnectionError


def test_a_gap_says_where_the_chain_stands(shop: Shop) -> None:
    counter, _ = _selling(shop)
    shop.push(counter, 1, 2)
    with pytest.raises(Gap) as refused:
        shop.push(counter, 4)
    assert refused.value.details["seq"] == 2
    assert refused.value.details["hash"] == counter.entries[1].hash


def test_the_same_number_with_another_hash_is_a_fork_not_a_repetition(shop: Shop) -> None:
    counter, goods = _selling(shop)
    shop.push(counter)
    last = counter.entries.pop()
    counter.write(sale(9, fresh_id(), [line(goods, 2000)]))
    assert counter.entries[-1].seq == last.seq
    for first in (1, 5):
        with pytest.raises(Forked) as refused:
            shop.push(counter, first)
        assert refused.value.details["hash"] == last.hash
    counter.write(sale(10, fresh_id(), [line(goods, 2000)]))
    with pytest.raises(Forked):
        shop.push(counter, 6)
    assert len(shop.rows(trade.sale, "n")) == 3


def test_what_cannot_be_read_is_set_aside_and_the_chain_goes_on(shop: Shop) -> None:
    counter, goods = _selling(shop, 1)
    counter.append("sale_completed", 1, b"\x93not a fact")
    counter.append("from_the_future", 7, b"\xc0")
    poison = sale(2, b"short", [line(goods)])
    counter.write(poison)
    shift = fresh_id()
    counter.write(sale(3, shift, [line(goods)]))
    taken = shop.push(counter)
    assert taken.seq == 7
    assert [(one.seq, one.code) for one in taken.quarantined] == [
        (4, "unreadable"),
        (6, "unreadable"),
    ]
    by_seq = {one.seq: one.verdict for one in shop.feed(counter) if one.device == counter.device}
    assert by_seq[5] == "flagged:unknown_kind"
    assert by_seq[7] == ""
    assert len(shop.rows(trade.sale, "n")) == 2


def test_a_fact_that_only_breaks_in_the_fold_is_set_aside_alone(shop: Shop) -> None:
    counter, goods = _selling(shop, 1)
    counter.write(sale(0, fresh_id(), [line(goods)]))
    counter.write(added(fresh_id(), 1 << 62, 1 << 62))
    counter.write(added(counter.device, 1 << 63 - 1, 5))
    counter.write(sale(2, fresh_id(), [line(goods)]))
    taken = shop.push(counter)
    assert taken.seq == counter.head[0]
    assert 4 in [one.seq for one in taken.quarantined]
    assert shop.rows(trade.sale, "receipt")[-1] == ("K1-000002",)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_an_entry_that_only_the_database_refuses_is_set_aside_alone(
    shop: Shop, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("server.sync.arrivals", "server.sync.fold.dispatch"):
        monkeypatch.setattr(f"{module}.check", lambda header, fact: None)
    counter, goods = _selling(shop, 2)
    bad = sale(3, goods, [line(goods)])
    part = msgspec.structs.replace(bad.tenders[0], reference="a\0b")
    counter.write(msgspec.structs.replace(bad, tenders=(part,)))
    counter.write(sale(4, goods, [line(goods)]))
    taken = shop.push(counter)
    assert [(one.seq, one.code) for one in taken.quarantined] == [(5, "unreadable")]
    assert taken.seq == counter.head[0]
    assert shop.one(catalog.product_stock, "qty") == (7_000,)


def test_a_damaged_entry_is_kept_and_the_chain_goes_on_from_its_claimed_hash(shop: Shop) -> None:
    counter, _ = _selling(shop, 2)
    right = counter.entries[2]
    counter.entries[2] = right._replace(body=b"rotten")
    message = counter.push_of(counter.entries, 1, bytes(32), claimed={3: right.hash})
    taken = take_journal(shop.services, shop.id, counter.device, message)
    assert [(one.seq, one.code) for one in taken.quarantined] == [(3, "damaged")]
    assert taken.seq == 4
    assert shop.one(catalog.product_stock, "qty") == (9_000,)


def test_another_epoch_is_refused_before_anything_is_stored(shop: Shop) -> None:
    counter, _ = _selling(shop)
    message = counter.push(epoch=2)
    with pytest.raises(EpochChanged):
        take_journal(shop.services, shop.id, counter.device, message)
    assert len(shop.rows(journal.entry, "n")) == 1


def test_a_counter_cannot_write_in_another_ones_line(shop: Shop) -> None:
    counter, _ = _selling(shop)
    other = shop.joined("K2")
    message = counter.push(signer=other)
    with pytest.raises(UnknownLine):
        take_journal(shop.services, shop.id, other.device, message)


def test_facts_of_the_server_do_not_come_from_a_counter(shop: Shop) -> None:
    from core.facts.sync import Allotment, KasbonAllotted

    counter = shop.joined()
    counter.write(KasbonAllotted(fresh_id(), (Allotment(counter.device, 1_000_000),)))
    taken = shop.push(counter)
    assert [one.code for one in taken.quarantined] == ["server_only"]


def test_many_entries_come_in_several_transactions(shop: Shop) -> None:
    counter, _ = _selling(shop, 300)
    for start in range(1, 303, 150):
        shop.push(counter, start, start + 149)
    shop.push(counter, 1, 302)
    entries = shop.rows(journal.entry, "n", "step_n", "verdict")
    assert [row[0] for row in entries] == list(range(1, len(entries) + 1))
    assert max(sum(1 for row in entries if row[1] == step) for _, step, _ in entries) <= 201
    assert all(counts(row[2]) for row in entries)
    assert shop.one(catalog.product_stock, "qty") == (10_000 - 300_000,)


def test_a_refund_gives_back_the_cost_that_left(shop: Shop) -> None:
    from core.facts.selling import Refers
    from tests.helpers.sync_client import given_back

    counter, goods = _selling(shop, 1)
    shop.push(counter)
    refers = Refers(counter.device, 3, 1)
    counter.write(sale(2, fresh_id(), [given_back(goods, refers, 400)]))
    counter.write(sale(3, fresh_id(), [given_back(goods, refers, 600)]))
    counter.write(sale(4, fresh_id(), [given_back(goods, refers, 1)]))
    shop.push(counter, 4)
    assert shop.one(trade.line_mark, "qty", "net") == (1_001, 15_015)
    assert shop.one(catalog.product_stock, "qty", "value") == (10_001, 100_010)
    verdicts = [one.verdict for one in shop.feed(counter) if one.kind == "sale_completed"]
    assert verdicts == ["", "", "", "flagged:over_refund"]


def test_what_has_come_waits_no_longer_on_the_owners_page(shop: Shop) -> None:
    """A counter says at its hello how much waits; an older line's entries are sent for it, too."""
    counter = shop.joined()
    counter.write(added(fresh_id(), 5_500, 50_000))
    counter.write(added(fresh_id(), 5_500, 50_000))
    child = counter.child()
    child.write(added(fresh_id(), 5_500, 50_000))
    shop.adopt(child)
    greet(shop.services, shop.id, msgspec.structs.replace(child.hello(), waiting=3))

    def waits() -> int:
        with shop.services.store.reading_shop(shop.id) as tx:
            return next(one.waiting for one in lines_of(tx) if one.device == child.device)

    assert waits() == 3
    take_journal(shop.services, shop.id, child.device, counter.push(signer=child))
    assert waits() == 1
    shop.push(child)
    shop.push(child)
    assert waits() == 0


def test_what_is_held_in_quarantine_has_been_sent(shop: Shop) -> None:
    """For the counter it waits until the owner has decided; for the owner it is here."""
    counter = shop.joined()
    counter.write(added(fresh_id(), 5_500, 50_000))
    shop.push(counter)
    child = counter.child("K1c")
    child.write(added(fresh_id(), 5_500, 50_000))
    shop.adopt(child, vouched=False)
    shop.push(child)
    child.write(added(fresh_id(), 5_500, 50_000))
    hello = msgspec.structs.replace(child.hello(vouched=False), waiting=2)
    assert greet(shop.services, shop.id, hello).state == "unconfirmed"
    with shop.services.store.reading_shop(shop.id) as tx:
        assert [one.waiting for one in lines_of(tx)] == [0, 1]


def test_what_a_trusted_counter_sent_and_the_owner_holds_is_not_to_be_sent(shop: Shop) -> None:
    """An entry that its disk has damaged is here, and never counts: the counter waits for ever."""
    counter = shop.joined()
    counter.write(added(fresh_id()))
    spoilt = counter.entries[0]
    claimed = spoilt._replace(body=spoilt.body + b"x")
    push = counter.push_of([claimed], 1, bytes(32), claimed={1: spoilt.hash})
    push = msgspec.structs.replace(
        push, last_hash=spoilt.hash, signature=counter.push(1, 1).signature
    )
    taken = take_journal(shop.services, shop.id, counter.device, push)
    assert [one.code for one in taken.quarantined] == ["damaged"]
    counter.write(added(fresh_id()))
    child = counter.child()
    child.write(added(fresh_id()))
    shop.adopt(child)
    greet(shop.services, shop.id, msgspec.structs.replace(child.hello(), waiting=3))
    with shop.services.store.reading_shop(shop.id) as tx:
        assert [one.waiting for one in lines_of(tx)] == [0, 2]
    assert [one.waiting for one in devices_of(shop.services, shop.id)] == [0, 2]
    take_journal(shop.services, shop.id, child.device, counter.push(2, signer=child))
    shop.push(child)
    greet(shop.services, shop.id, msgspec.structs.replace(child.hello(), waiting=1))
    assert [one.waiting for one in devices_of(shop.services, shop.id)] == [0, 0]
