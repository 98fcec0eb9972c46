"""Pages of the feed: what is refused, what is kept, what is never done twice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core import cart as carts
from core.contract import encode_body
from core.facts.base import Header
from core.facts.selling import ReceiptCopied
from core.facts.shifts import CashMoved
from core.facts.stock import StockLine
from core.facts.sync import Carried, EntryJudged, RegisterJoined, RegisterLeft
from core.journal import link
from core.sync.messages import FeedPage
from pos.catalog.products import change_product, product_record
from pos.counter import Counter
from pos.customers.accounts import CreditShareExceeded, customer, lendable
from pos.db.database import Database
from pos.journal.verify import verify
from pos.receipts.listing import receipt_view
from pos.selling.refunds import Return, make_refund
from pos.staff.people import NeedsManager, add_staff, person
from pos.staff.pins import PinNotHere, check_pin, set_pin
from pos.stock.moving import receive
from pos.sync.apply import BytesNeeded, LineTaken, apply_page
from pos.sync.goback import go_back
from pos.sync.memory import cursor
from pos.sync.pages import PageRefused
from tests.helpers.counter import add_goods, cart_of, sell
from tests.helpers.many_counters import World
from tests.helpers.tiny_server import own_entries


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(5), 2)
    yield made
    made.close()


def fetch(world: World, number: int, **changes: object) -> FeedPage:
    """The next page for a counter, with something changed on its way."""
    page = world.server.page(cursor(world.counters[number].db).n, set(), most=50)
    return msgspec.structs.replace(page, **changes)


def first_goods(db: Database) -> bytes:
    return bytes(db.scalar("SELECT id FROM product ORDER BY name LIMIT 1"))


def sold_by_first(world: World) -> tuple[Counter, Counter]:
    first, second = world.counters
    sell(first, cart_of(first, (first_goods(first.db), 1_000)))
    world.push(0, 99)
    return first, second


@pytest.mark.parametrize("what", ["first", "feed_hash", "verdict", "body", "order"])
def test_a_page_that_does_not_fit_is_refused_whole(world: World, what: str) -> None:
    _, second = sold_by_first(world)
    page = fetch(world, 1)
    entry = page.entries[-1]
    bad = {
        "first": {"first": page.first + 1},
        "feed_hash": {"feed_hash": bytes(32)},
        "verdict": {
            "entries": (*page.entries[:-1], msgspec.structs.replace(entry, verdict="flagged:x"))
        },
        "body": {"entries": (*page.entries[:-1], msgspec.structs.replace(entry, body=b"x"))},
        "order": {"entries": (*page.entries[:-1], msgspec.structs.replace(entry, n=entry.n + 1))},
    }[what]
    before = cursor(second.db)
    with pytest.raises(PageRefused):
        apply_page(second.db, msgspec.structs.replace(page, **bad))
    assert cursor(second.db) == before and verify(second.db).ok


def test_a_page_twice_is_refused_and_changes_nothing(world: World) -> None:
    _, second = sold_by_first(world)
    page = fetch(world, 1)
    assert apply_page(second.db, page).received == len(page.entries)
    with pytest.raises(PageRefused):
        apply_page(second.db, page)
    assert verify(second.db).ok


def test_a_page_does_not_go_on_where_the_feed_was_cut_under_it(world: World) -> None:
    """As where somebody looked for older entries, and those and what waits did not go together."""
    second = world.counters[1]
    for _ in range(6):
        sold_by_first(world)
    page = fetch(world, 1)
    common = cursor(second.db).n

    def cut() -> None:
        if page.first <= cursor(second.db).n < page.entries[-1].n:
            go_back(second.db, common - 1, page.epoch)

    with pytest.raises(PageRefused):
        apply_page(second.db, page, breathe=cut)
    assert cursor(second.db).n == common - 1 and verify(second.db).ok
    world.settle()
    world.check(1)
    world.equal()


def test_bytes_that_are_missing_are_asked_for(world: World) -> None:
    first, second = sold_by_first(world)
    device = bytes(first.db.scalar("SELECT device FROM own_line ORDER BY place DESC LIMIT 1"))
    page = world.server.page(cursor(second.db).n, {device}, most=50)
    with pytest.raises(BytesNeeded):
        apply_page(second.db, page)
    assert verify(second.db).ok


def test_quarantined_entries_count_once_they_are_released(world: World) -> None:
    first, second = world.counters
    goods = first_goods(first.db)
    line = bytes(first.db.scalar("SELECT device FROM own_line ORDER BY place DESC LIMIT 1"))
    world.server.revoked.add(line)
    before = second.db.scalar("SELECT stock FROM product WHERE id=?", (goods,))
    sold_by_first(world)
    for number in (0, 1):
        world.pull(number, 9)
        world.check(number)
    assert second.db.scalar("SELECT stock FROM product WHERE id=?", (goods,)) == before
    assert first.db.scalar("SELECT stock FROM product WHERE id=?", (goods,)) == before - 1_000
    world.server.release()
    for number in (0, 1):
        world.pull(number, 9)
        world.check(number)
    assert second.db.scalar("SELECT stock FROM product WHERE id=?", (goods,)) == before - 1_000
    world.equal()


def test_released_after_it_came_carried_it_counts_once(world: World) -> None:
    first, second = world.counters
    goods = first_goods(first.db)
    world.server.revoked.add(first_line(first))
    before = second.db.scalar("SELECT stock FROM product WHERE id=?", (goods,))
    sold_by_first(world)
    entry = own_entries(first.db, first_line(first))[-1]
    assert entry.hash == world.server.held[0]
    world.server.write(Carried(*entry[:7]))
    world.server.release()
    for number in (0, 1):
        world.pull(number, 9)
        world.check(number)
    assert second.db.scalar("SELECT stock FROM product WHERE id=?", (goods,)) == before - 1_000
    world.equal()


def test_an_entry_that_is_set_aside_never_counts(world: World) -> None:
    first, second = world.counters
    line = bytes(first.db.scalar("SELECT device FROM own_line ORDER BY place DESC LIMIT 1"))
    world.server.revoked.add(line)
    sold_by_first(world)
    world.server.write(EntryJudged(world.server.held.pop(), "set_aside"))
    world.pull(1, 9)
    assert not second.db.scalar("SELECT count(*) FROM sale")
    world.check(1)


def test_what_is_said_of_a_sale_before_it_is_here_takes_effect_when_it_comes(world: World) -> None:
    first, second = world.counters
    world.server.revoked.add(first_line(first))
    sold_by_first(world)
    entry = own_entries(first.db, first_line(first))[-1]
    world.server.write(ReceiptCopied(entry.device, entry.seq))
    world.pull(1, 9)
    assert second.db.scalar("SELECT count(*) FROM late") == 1
    world.check(1)
    world.server.release()
    world.pull(1, 9)
    assert second.db.scalar("SELECT copies FROM sale") == 1
    assert not second.db.scalar("SELECT count(*) FROM late")
    world.check(1)


def first_line(counter: Counter) -> bytes:
    return bytes(counter.db.scalar("SELECT device FROM own_line ORDER BY place DESC LIMIT 1"))


def test_a_receipt_of_the_other_register_is_given_back_here(world: World) -> None:
    first, second = world.counters
    done = sell(first, cart_of(first, (first_goods(first.db), 2_000)))
    world.push(0, 99)
    world.pull(1, 9)
    make_refund(second, done.receipt, [Return(1, 1_000)], "rusak")
    world.push(1, 99)
    for number in (0, 1):
        world.pull(number, 9)
        world.check(number)
    world.equal()
    row = first.db.one("SELECT refunded_qty FROM sale_line WHERE qty>0")
    assert row is not None and row[0] == 1_000


def test_of_two_receipts_with_one_number_the_own_one_is_meant(world: World) -> None:
    """Both counters had a K1-000001 before they met."""
    first, second = world.counters
    sale = sell(first, cart_of(first, (first_goods(first.db), 1_000)))
    world.push(0, 99)
    world.pull(1, 9)
    for counter in (first, second):
        with counter.db.transaction():
            counter.db.run(
                "INSERT INTO sale SELECT -1, receipt, ?, 1, shift_id, type, day, at_ms, staff_id,"
                " approved_by, customer_id, gross, discount, tax, rounding, 77, change,"
                " tax_included, cost, refunded, copies, ref, note, reason FROM sale",
                (first_line(second),),
            )
    assert receipt_view(first.db, sale.receipt).head.total == sale.total
    assert receipt_view(second.db, sale.receipt).head.total == 77


def test_kasbon_of_two_registers_stays_within_the_shares(world: World) -> None:
    counter = world.counters[0]
    row = counter.db.one("SELECT id FROM customer ORDER BY id")
    assert row is not None
    who = bytes(row[0])
    share = lendable(counter.db, customer(counter.db, who))
    assert 0 < share < customer(counter.db, who).credit_limit
    goods = add_goods(counter, "Sepeda", price=share + 1, qty=1_000)
    cart = carts.set_customer(cart_of(counter, (goods, 1_000)), who)
    cashier = add_staff(counter, "Budi", "cashier")
    counter.staff_id = cashier
    with pytest.raises(CreditShareExceeded) as told:
        sell(counter, cart, ("credit", share + 1))
    assert told.value.details["left"] == share


def test_a_counter_that_goes_on_in_a_newer_line_has_its_share_though_its_older_one_was_revoked(
    world: World,
) -> None:
    """Else the other one would lend the whole limit, and both together more than it."""
    first, second = world.counters
    who = bytes(second.db.scalar("SELECT id FROM customer ORDER BY id"))

    def lends() -> int:
        world.pull(1, 9)
        return lendable(second.db, customer(second.db, who))

    newer = b"n" * 16
    share, limit = lends(), customer(second.db, who).credit_limit
    world.server.write(RegisterJoined(newer, "K1b", "", first_line(first), 0))
    world.server.write(RegisterLeft(first_line(first), "hilang"))
    assert lends() == share < limit
    world.server.write(RegisterLeft(newer, "hilang"))
    assert lends() == limit


def test_a_pin_of_another_counter_does_not_open_this_one(world: World) -> None:
    first, second = world.counters
    budi = add_staff(first, "Budi", "manager")
    set_pin(first, budi, "4321")
    world.push(0, 99)
    world.pull(1, 9)
    who = person(second.db, budi)
    assert who is not None and not who.has_pin
    with pytest.raises(PinNotHere):
        check_pin(second, budi, "4321")
    owner, second.staff_id = second.staff_id, budi
    with pytest.raises(NeedsManager):
        set_pin(second, budi, "1111")
    with second.approved(owner):
        set_pin(second, budi, "1111")
    check_pin(second, budi, "1111")
    check_pin(first, budi, "4321")
    world.check(1)


def test_another_writing_under_this_line_is_told(world: World) -> None:
    first, _ = world.counters
    entries = own_entries(first.db, first_line(first))
    last = entries[-1]
    body = encode_body(Header(1, b"x", 1, "2026-11-24"), CashMoved(b"s", "in", 5, "receh"))
    world.server.push(
        [link(last.shop, last.device, last.seq + 1, "cash_moved", 1, last.hash, body)]
    )
    with pytest.raises(LineTaken):
        world.pull(0, 9)


def test_a_sale_accepted_before_an_older_one_in_quarantine_costs_what_the_feed_says(
    world: World,
) -> None:
    first = world.counters[0]
    goods = add_goods(first, "Kopi", qty=0)
    receive(first, [StockLine(goods, 10_000, 9_999)])
    world.push(0, 99)
    world.pull(0, 9)
    world.server.revoked.add(first_line(first))
    sell(first, cart_of(first, (goods, 3_000)))
    world.push(0, 99)
    world.server.revoked.clear()
    sell(first, cart_of(first, (goods, 4_000)))
    before = first.db.rows("SELECT cost FROM sale ORDER BY id")
    world.push(0, 99)
    world.pull(0, 9)
    world.check(0)
    after = first.db.rows("SELECT cost FROM sale ORDER BY id")
    assert before != after and sum(row[0] for row in after) == sum(row[0] for row in before)
    world.settle()
    world.equal()


def test_anothers_cost_holds_for_what_waits_below_zero(world: World) -> None:
    first, second = world.counters
    goods = add_goods(first, "Kopi", qty=1_000, cost=2_000)
    world.push(0, 99)
    world.pull(1, 9)
    sell(second, cart_of(second, (goods, 3_000)))
    record = product_record(first.db, goods)
    change_product(first, msgspec.structs.replace(record, cost=5_000))
    world.push(0, 99)
    world.pull(1, 9)
    world.check(1)
    assert second.db.scalar("SELECT cost FROM sale") == 2_000 + 2 * 5_000
