"""Two counters that lived alone become one shop: what is proposed, merged, kept apart, and what
still works with records that went up in others."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import cart as carts
from core.facts.selling import CartParked
from core.facts.stock import StockLine
from pos.catalog.goods import by_barcode, by_code, one_goods, resolve, search, stock_of
from pos.catalog.products import MergedAway, archive_product, change_product, product_record
from pos.counter import Counter
from pos.customers.accounts import customer, find_customers
from pos.customers.people import add_customer, change_customer, repay
from pos.journal.verify import verify
from pos.merging.deciding import (
    NotEnrolledToMerge,
    Progress,
    Two,
    keep_apart,
    merge_pairs,
)
from pos.merging.finding import Customer, Goods, Proposal, proposals
from pos.selling.carts import fetch, park
from pos.selling.refunds import Return, make_refund
from pos.staff.people import NeedsManager, add_staff
from pos.stock.moving import receive
from pos.sync.digests import accepted_digests
from pos.sync.unmerged import merges_wait
from tests.helpers.counter import add_goods, cart_of, make_shop, sell
from tests.helpers.many_counters import World

MI, AQUA = "8998866200226", "8991002101234"


class Meeting(World):
    """A founding counter and one that comes to it, each with a life of its own before."""

    def __init__(self, place: Path) -> None:
        self._number = 0
        super().__init__(place, random.Random(3), 2)

    def _found(self, place: Path) -> Counter:
        counter = super()._found(place)
        names = (
            ("Indomie Goreng 85g", "Aqua 600 ml", "Beras Pulut", "Ibu Yusna", "0812-3456-789"),
            ("INDOMIE GORENG 85 GR", "AQUA 600ML", "Beras pulut", "YUSNA MOHAMAD", "+628123456789"),
        )[self._number]
        mi, aqua, rice, who, phone = names
        price = (3_000, 3_200)[self._number]
        add_goods(counter, mi, price, 20_000, barcode=MI, code=f"MI{self._number}", cost=2_500)
        add_goods(counter, aqua, 4_000, 12_000, barcode=AQUA if self._number else "")
        add_goods(counter, rice, 15_000, 5_000, unit="kg" if self._number else "pcs")
        customer_id = add_customer(counter, who, phone=phone, credit_limit=500_000)
        cart = carts.set_customer(cart_of(counter, (id_of(counter, mi), 2_000)), customer_id)
        sell(counter, cart, ("credit", 2 * price))
        self._number += 1
        return counter


@pytest.fixture
def meeting(tmp_path: Path) -> Iterator[Meeting]:
    made = Meeting(tmp_path)
    made.settle()
    yield made
    for number in range(2):
        made.check(number)
    made.close()


def id_of(counter: Counter, name: str, table: str = "product") -> bytes:
    found = counter.db.scalar(f"SELECT id FROM {table} WHERE name=?", (name,))
    assert found is not None, name
    return bytes(found)


def named(found: list[Proposal], name: str) -> Proposal:
    return next(one for one in found if one.source.name == name)


def merge(counter: Counter, *found: Proposal) -> Progress:
    pairs = [Two(one.table, one.pair.source, one.pair.target) for one in found]
    return list(merge_pairs(counter, pairs))[-1]


def test_both_counters_propose_the_same_and_the_founders_record_stays(meeting: Meeting) -> None:
    first, second = (proposals(counter.db) for counter in meeting.counters)
    assert [one.pair for one in first] == [one.pair for one in second]
    said = {one.source.name: (one.target.name, one.pair.sure, one.pair.doubt) for one in second}
    assert said == {
        "INDOMIE GORENG 85 GR": ("Indomie Goreng 85g", True, ""),
        "AQUA 600ML": ("Aqua 600 ml", False, "name_only"),
        "Beras pulut": ("Beras Pulut", False, "unit"),
        # One telephone, but half of the name is missing.
        "YUSNA MOHAMAD": ("Ibu Yusna", False, "names"),
    }
    assert second[0].pair.sure, "what is sure comes first"


def test_what_differs_is_beside_each_other(meeting: Meeting) -> None:
    pair = named(proposals(meeting.counters[1].db), "INDOMIE GORENG 85 GR")
    assert isinstance(pair.source, Goods) and isinstance(pair.target, Goods)
    assert (pair.source.price, pair.target.price) == (3_200, 3_000)
    assert (pair.source.stock, pair.target.stock) == (18_000, 18_000)
    assert pair.source.barcodes == pair.target.barcodes == (MI,)
    who = named(proposals(meeting.counters[1].db), "YUSNA MOHAMAD")
    assert isinstance(who.source, Customer) and isinstance(who.target, Customer)
    assert (who.source.debt, who.target.debt) == (6_400, 6_000)


def test_a_merge_adds_stock_and_kasbon_and_leaves_the_founders_price(meeting: Meeting) -> None:
    first, second = meeting.counters
    found = proposals(second.db)
    mi, who = named(found, "INDOMIE GORENG 85 GR"), named(found, "YUSNA MOHAMAD")
    assert merge(second, mi, who) == Progress(2, 2)
    meeting.settle()
    meeting.equal()
    for counter in (first, second):
        record = product_record(counter.db, mi.pair.target)
        assert (record.name, record.price) == ("Indomie Goreng 85g", 3_000)
        assert stock_of(counter.db, mi.pair.target) == 36_000
        assert customer(counter.db, who.pair.target).debt == 12_400
        assert not {"INDOMIE GORENG 85 GR", "YUSNA MOHAMAD"} & {
            one.source.name for one in proposals(counter.db)
        }


def test_the_barcode_of_the_one_goes_over_to_the_other(meeting: Meeting) -> None:
    first, second = meeting.counters
    aqua = named(proposals(second.db), "AQUA 600ML")
    merge(second, aqua)
    meeting.settle()
    for counter in (first, second):
        found = resolve(counter.db, by_barcode(counter.db, AQUA), AQUA)
        assert found.product_id == aqua.pair.target


def test_old_codes_and_names_lead_to_the_record_that_stayed(meeting: Meeting) -> None:
    second = meeting.counters[1]
    found = proposals(second.db)
    mi, who = named(found, "INDOMIE GORENG 85 GR"), named(found, "YUSNA MOHAMAD")
    merge(second, mi, who)
    assert resolve(second.db, by_code(second.db, "MI1"), "MI1").product_id == mi.pair.target
    assert [tile.id for tile in search(second.db, "indomie goreng 85 gr")] == [mi.pair.target]
    assert [one.id for one in find_customers(second.db, "mohamad")] == [who.pair.target]


def test_carts_and_receipts_of_the_old_record_still_work(meeting: Meeting) -> None:
    second = meeting.counters[1]
    found = proposals(second.db)
    mi, who = named(found, "INDOMIE GORENG 85 GR"), named(found, "YUSNA MOHAMAD")
    old = carts.set_customer(cart_of(second, (mi.pair.source, 3_000)), who.pair.source)
    parked = park(second, old, "Ibu Yusna")
    receipt = sell(second, old).receipt
    merge(second, mi, who)
    meeting.settle()
    before = stock_of(second.db, mi.pair.target)
    debt = customer(second.db, who.pair.source).debt
    assert debt == customer(second.db, who.pair.target).debt
    cart = fetch(second, parked)
    sell(second, cart, ("credit", 9_600))
    assert stock_of(second.db, mi.pair.target) == before - 3_000
    assert customer(second.db, who.pair.target).debt == debt + 9_600
    make_refund(second, receipt, [Return(1, 1_000, "stock")], "salah ambil")
    assert stock_of(second.db, mi.pair.target) == before - 2_000
    assert repay(second, who.pair.source, 9_600).left == debt
    change_customer(second, who.pair.source, note="pindah rumah")
    assert customer(second.db, who.pair.target).note == "pindah rumah"
    meeting.settle()
    meeting.equal()


def test_the_limit_that_counts_is_that_of_the_record_that_stayed(meeting: Meeting) -> None:
    second = meeting.counters[1]
    who = named(proposals(second.db), "YUSNA MOHAMAD")
    change_customer(second, who.pair.target, credit_limit=10_000)
    merge(second, who)
    assert customer(second.db, who.pair.source).credit_limit == 10_000


def test_what_went_up_in_another_is_not_brought_back_or_changed(meeting: Meeting) -> None:
    second = meeting.counters[1]
    mi = named(proposals(second.db), "INDOMIE GORENG 85 GR")
    merge(second, mi)
    with pytest.raises(MergedAway) as said:
        archive_product(second, mi.pair.source, active=True)
    assert said.value.details["name"] == "Indomie Goreng 85g"
    with pytest.raises(MergedAway):
        change_product(second, product_record(second.db, mi.pair.source))


def test_what_was_said_to_be_two_things_is_never_proposed_again(meeting: Meeting) -> None:
    first, second = meeting.counters
    aqua = named(proposals(second.db), "AQUA 600ML")
    keep_apart(second, [Two(aqua.table, aqua.pair.source, aqua.pair.target)])
    meeting.settle()
    meeting.equal()
    for counter in (first, second):
        assert "AQUA 600ML" not in {one.source.name for one in proposals(counter.db)}


def test_base_units_that_differ_are_left_alone_whatever_is_asked(meeting: Meeting) -> None:
    second = meeting.counters[1]
    rice = named(proposals(second.db), "Beras pulut")
    assert merge(second, rice) == Progress(1, 0)


def test_a_pair_that_changed_meanwhile_is_left_as_it_is(meeting: Meeting) -> None:
    first, second = meeting.counters
    found = proposals(second.db)
    mi, aqua = named(found, "INDOMIE GORENG 85 GR"), named(found, "AQUA 600ML")
    archive_product(first, mi.pair.target)
    merge(first, aqua)
    meeting.settle()
    assert merge(second, mi, aqua) == Progress(2, 0)


def test_both_ways_at_once_end_as_one(meeting: Meeting) -> None:
    """Two people merge the same pair at two counters, each the other way round."""
    first, second = meeting.counters
    mi = named(proposals(second.db), "INDOMIE GORENG 85 GR")
    for counter, pair in (
        (first, Two("product", mi.pair.source, mi.pair.target)),
        (second, Two("product", mi.pair.target, mi.pair.source)),
    ):
        assert [step.merged for step in merge_pairs(counter, [pair])] == [1]
    meeting.settle()
    meeting.equal()
    left = [one for one in (mi.pair.source, mi.pair.target) if stock_of(first.db, one)]
    assert len(left) == 1 and stock_of(first.db, left[0]) == 36_000


def test_what_was_received_before_a_merge_is_accepted_as_it_was(meeting: Meeting) -> None:
    """The cost belongs to the record that was received, though stock lies with the other by now."""
    second = meeting.counters[1]
    mi = named(proposals(second.db), "INDOMIE GORENG 85 GR")
    receive(second, [StockLine(mi.pair.source, 10_000, 29_990)])
    merge(second, mi)
    meeting.push(1, 1)
    meeting.pull(1, 9)
    meeting.check(1)
    assert product_record(second.db, mi.pair.source).cost == 2_999
    assert product_record(second.db, mi.pair.target).cost == 2_500


def test_while_a_merge_waits_nobody_takes_it_for_a_difference(meeting: Meeting) -> None:
    second = meeting.counters[1]
    before = accepted_digests(second.db)["stock"]
    merge(second, named(proposals(second.db), "INDOMIE GORENG 85 GR"))
    assert merges_wait(second.db)
    assert accepted_digests(second.db)["stock"] != before, "lies with one record here"
    meeting.settle()
    assert not merges_wait(second.db)


def test_only_who_may_change_goods_may_merge(meeting: Meeting) -> None:
    second = meeting.counters[1]
    mi = named(proposals(second.db), "INDOMIE GORENG 85 GR")
    two = Two(mi.table, mi.pair.source, mi.pair.target)
    owner = second.staff_id
    second.staff_id = add_staff(second, "Nurain", "cashier")
    with pytest.raises(NeedsManager):
        next(merge_pairs(second, [two]))
    with pytest.raises(NeedsManager):
        keep_apart(second, [two])
    second.staff_id = owner
    second.staff_id = add_staff(second, "Risman", "manager")
    assert next(merge_pairs(second, [two])).merged == 1
    second.staff_id = owner


def test_a_counter_alone_has_nothing_to_merge(tmp_path: Path) -> None:
    with make_shop(tmp_path) as counter:
        ids = [add_goods(counter, name) for name in ("Gula", "Gula")]
        assert proposals(counter.db) == []
        with pytest.raises(NotEnrolledToMerge):
            next(merge_pairs(counter, [Two("product", *ids)]))


def test_a_carried_cart_of_an_unknown_product_says_nothing(meeting: Meeting) -> None:
    """Origins read births only: other facts may be damaged or new."""
    second = meeting.counters[1]
    before = [one.pair for one in proposals(second.db)]
    with second.transaction() as tx:
        tx.append(CartParked(b"c" * 16, "", b"", ""))
    second.db.run("UPDATE journal SET body=x'00' WHERE kind='cart_parked'")
    assert [one.pair for one in proposals(second.db)] == before
    second.db.run("DELETE FROM journal WHERE kind='cart_parked'")
    second.db.run("DELETE FROM parked_cart")
    second.db.run("DELETE FROM waiting")


@pytest.mark.slow
def test_five_thousand_merges_hold_the_writer_only_for_moments(meeting: Meeting) -> None:
    """The writer's lock is let go between steps; a step is at most some 20 ms of work.

    Measured on a clock of the processor's own time, so that a busy machine is no fault.
    """
    second = meeting.counters[1]
    pairs = _many(second, 5_000)
    spans: list[float] = []
    began = time.thread_time()
    for _step in merge_pairs(second, pairs, clock=time.thread_time):
        assert not second.db.raw.in_transaction
        spans.append((time.thread_time() - began) * 1000)
        began = time.thread_time()
    spans.sort()
    assert spans[len(spans) * 99 // 100] <= 20, spans[-10:]
    assert second.db.scalar("SELECT count(*) FROM merged") == len(pairs)
    assert one_goods(second.db, pairs[0].target)


def _many(counter: Counter, count: int) -> list[Two]:
    from core.facts.catalog import CatalogImported, OpeningStock, ProductRecord

    sides = [[counter.new_id() for _ in range(count)] for _ in range(2)]
    with counter.transaction() as tx:
        for part, ids in enumerate(sides):
            records = tuple(
                ProductRecord(key, "", f"Barang {at}", "", "", "pcs", 1_000, 800)
                for at, key in enumerate(ids)
            )
            opening = tuple(OpeningStock(key, 5_000, 4_000) for key in ids)
            tx.append(CatalogImported(bytes([part]) * 16, 0, "uji.xlsx", records, opening, ()))
    return [Two("product", source, target) for source, target in zip(*sides, strict=True)]


def test_the_proof_knows_merged_records(meeting: Meeting) -> None:
    second = meeting.counters[1]
    merge(second, *[one for one in proposals(second.db) if one.pair.possible])
    assert verify(second.db).ok
    meeting.settle()
    assert verify(second.db).ok
