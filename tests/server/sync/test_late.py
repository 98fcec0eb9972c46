"""Facts whose sale comes later (after a restore, through another line): the end is the same."""

from __future__ import annotations

import itertools

import pytest

from core.facts.references import mark_of
from core.facts.selling import ReceiptCopied, Refers, RefundSettled, TenderSwapped
from core.facts.shifts import ShiftClosed, Ticked
from server.db.schema import journal, people, trade
from tests.helpers.sync_client import added, fresh_id, given_back, line, sale
from tests.server.sync.conftest import Shop


def _close(shift: bytes, ticks: tuple[Ticked, ...]) -> ShiftClosed:
    return ShiftClosed(shift, 1, 0, 0, 0, (), ticks, (), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "", "")


@pytest.mark.parametrize("order", list(itertools.permutations(range(3)))[:4])
def test_what_refers_to_a_sale_that_is_not_here_waits_for_it(
    shop: Shop, order: tuple[int, ...]
) -> None:
    one, other, third = (shop.joined(code) for code in ("K1", "K2", "K3"))
    goods, shift, who = fresh_id(), fresh_id(), fresh_id()
    one.write(added(goods, 10_000, 100_000))
    one.write(sale(1, shift, [line(goods, 2_000)]))
    refers = Refers(one.device, 2, 1)
    other.write(sale(1, shift, [given_back(goods, refers)]))
    other.write(ReceiptCopied(one.device, 2))
    third.write(TenderSwapped(one.device, 2, 1, "cash", "credit", "", "salah", who))
    third.write(RefundSettled(one.device, 2, 1, "ref-9"))
    third.write(_close(shift, (Ticked(one.device, 2, 1, True),)))
    counters = (one, other, third)
    for place in order:
        shop.push(counters[place])
    assert shop.one(trade.line_mark, "qty", "net") == (1_000, 15_000)
    assert shop.one(trade.sale_mark, "refunded", "copies") == (15_000, 1)
    assert shop.one(trade.payment_mark, "found") == (1,)
    paid = set(shop.rows(trade.payment, "kind", "amount", "reference"))
    assert paid == {("credit", 30_000, "ref-9"), ("cash", -15_000, "")}
    assert dict(shop.rows(people.customer_debt, "customer_id", "debt"))[who] == 30_000
    assert shop.one(trade.shift_cash, "cash") == (30_000 - 30_000 - 15_000,)
    assert shop.rows(journal.waiting) == []


def test_a_reference_means_what_the_line_itself_carried(shop: Shop) -> None:
    one, goods, shift = shop.joined("K1"), fresh_id(), fresh_id()
    one.write(added(goods, 10_000, 100_000))
    first = one.write(sale(1, shift, [line(goods, 1_000)]))
    shop.push(one)
    one.entries.pop()
    mine = one.write(sale(1, shift, [line(goods, 3_000)]))
    assert (mine.seq, mine.hash == first.hash) == (first.seq, False)
    one.entries.pop()
    child = one.child()
    shop.adopt(child)
    child.carry(mine)
    child.write(sale(2, shift, [given_back(goods, Refers(one.device, 2, 1), 2_000)]))
    shop.push(child)
    stranger = shop.joined("K2")
    stranger.write(sale(1, shift, [given_back(goods, Refers(one.device, 2, 1), 500)]))
    shop.push(stranger)
    numbers = {row[0]: row[1] for row in shop.rows(trade.sale, "n", "carrier")}
    marks = {numbers[n]: qty for n, qty in shop.rows(trade.line_mark, "n", "qty")}
    assert marks == {child.device: 2_000, None: 500}


@pytest.mark.parametrize("late", [False, True])
def test_of_two_sales_at_one_place_the_one_that_is_named_is_meant(shop: Shop, late: bool) -> None:
    """A clone wrote on under the same line: whoever speaks of either sale says which one it is."""
    one, goods, shift = shop.joined("K1"), fresh_id(), fresh_id()
    one.write(added(goods, 10_000, 100_000))
    first = one.write(sale(1, shift, [line(goods, 1_000)]))
    shop.push(one)
    one.entries.pop()
    second = one.write(sale(1, shift, [line(goods, 3_000)]))
    one.entries.pop()
    child, other = one.child(), shop.joined("K2")
    shop.adopt(child)
    child.carry(second)
    for found in (second, first):
        mark = mark_of(found.hash)
        other.write(
            TenderSwapped(one.device, 2, 1, "cash", "qris", found.hash.hex(), "", b"", mark)
        )
    other.write(ReceiptCopied(one.device, 2, mark_of(second.hash)))
    back = Refers(one.device, 2, 1, mark_of(second.hash))
    other.write(sale(1, shift, [given_back(goods, back, 2_000)]))
    tick = Ticked(one.device, 2, 1, True, mark_of(second.hash))
    other.write(_close(shift, (tick,)))
    for counter in (other, child) if late else (child, other):
        shop.push(counter)
    which = {
        n: second if carrier else first for n, carrier in shop.rows(trade.sale, "n", "carrier")
    }
    sold = {n for n, kind in shop.rows(trade.sale, "n", "type") if kind == "sale"}
    paid = shop.rows(trade.payment, "n", "kind", "reference")
    assert {(which[n].hash.hex(), kind) for n, kind, _ in paid if n in sold} == {
        (ref, kind) for n, kind, ref in paid if n in sold
    }
    ((n, *marks),) = shop.rows(trade.sale_mark, "n", "refunded", "copies")
    assert (which[n], marks) == (second, [30_000, 1])
    ((n, qty),) = shop.rows(trade.line_mark, "n", "qty")
    assert (which[n], qty) == (second, 2_000)
    ((n, ticked),) = shop.rows(trade.payment_mark, "n", "found")
    assert (which[n], ticked) == (second, 1)
    assert shop.rows(journal.waiting) == []
