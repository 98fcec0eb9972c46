"""Pages of the feed: whole transactions, dense, signed for; cursors that fit or are told so."""

from __future__ import annotations

import itertools
import random
from typing import NamedTuple

import pytest

from core.facts.shifts import ShiftOpened
from core.sync.digest import fold_rows
from core.sync.feed import START, next_hash
from server.db.schema import catalog, journal, people, trade
from server.sync.pages import page_end
from server.sync.refusals import EpochChanged
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop


def _busy(shop: Shop, sales: int = 30) -> Counter:
    counter, goods, shift = shop.joined(), fresh_id(), fresh_id()
    counter.write(added(goods, 10_000, 100_000))
    counter.write(ShiftOpened(shift, 50_000))
    for number in range(1, sales + 1):
        counter.write(sale(number, shift, [line(goods)]))
    for first in range(1, sales + 3, 8):
        shop.push(counter, first, min(first + 7, sales + 2))
    return counter


def test_pages_are_dense_whole_transactions_and_lead_to_the_head(shop: Shop) -> None:
    counter = _busy(shop)
    reader = shop.joined("K2")
    steps = dict(shop.rows(journal.entry, "n", "step_n"))
    digest, after = START, 0
    while True:
        page = shop.page(reader, limit=5)
        if not page.entries:
            break
        assert page.first == after + 1
        for one in page.entries:
            after += 1
            assert one.n == after
            digest = next_hash(digest, one.n, one.hash, one.at_ms, one.verdict)
        assert digest == page.hash
        assert steps.get(after + 1) != steps[after]
        assert page.digest is not None
        reader.n, reader.feed_hash = page.last, page.hash
    assert (after, digest) == (page.head.n, page.head.hash)
    assert sum(1 for one in shop.feed(reader) if one.device == counter.device) == 32


def test_a_transaction_that_is_too_long_comes_in_several_pages(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sync.pages._STEP_LIMIT", 5)
    _busy(shop, 6)  # eight entries at once
    reader, ends = shop.joined("K2"), []
    while (page := shop.page(reader, limit=2)).entries:
        assert page.first == reader.n + 1
        assert (page.digest is None) == (page.last == 6)
        ends.append(page.last)
        reader.n, reader.feed_hash = page.last, page.hash
    assert ends == [1, 6, 9, 10]


def test_own_entries_come_without_bytes_unless_asked_for(shop: Shop) -> None:
    counter = _busy(shop)
    own = [one for one in shop.page(counter).entries if one.device == counter.device]
    assert own and all(one.body is None for one in own)
    assert all(one.body is not None for one in shop.page(counter, full=True).entries)
    reader = shop.joined("K2")
    assert all(one.body for one in shop.page(reader).entries if one.device == counter.device)


def test_a_cursor_that_is_not_of_this_feed_is_never_an_empty_page(shop: Shop) -> None:
    counter = _busy(shop)
    head = shop.page(counter).head
    for wrong in (
        {"after": head.n + 1, "digest": head.hash},
        {"after": head.n, "digest": b"x" * 32},
        {"after": 3, "digest": head.hash},
        {"after": -1, "digest": START},
        {"epoch": 2, "after": head.n, "digest": head.hash},
        {"epoch": 0, "after": 0, "digest": START},
    ):
        with pytest.raises(EpochChanged):
            shop.page(counter, **wrong)
    at_head = shop.page(counter, after=head.n, digest=head.hash)
    assert at_head.entries == ()


def test_digests_are_those_of_a_recount(shop: Shop) -> None:
    counter = _busy(shop)
    reader = shop.joined("K2")
    counter.write(sale(1, fresh_id(), [line(fresh_id())]))
    shop.push(counter, 33)
    shop.feed(reader)
    page = shop.page(reader, after=0, digest=START, full=True)
    assert page.last == page.head.n
    assert page.digest is not None
    recount = {
        "stock": shop.rows(catalog.product_stock, "product_id", "qty"),
        "debt": shop.rows(people.customer_debt, "customer_id", "debt"),
        "cash": shop.rows(trade.shift_cash, "shift_id", "cash"),
        "sales": shop.rows(trade.sales_month, "month", "count", "total"),
        "heads": [
            (device, seq, digest.hex())
            for device, seq, digest in shop.rows(journal.line_head, "device", "seq", "hash")
        ],
    }
    for group, rows in recount.items():
        assert page.digest[group] == fold_rows(group, [(row[0], row[1:]) for row in rows]), group


class _Frame(NamedTuple):
    n: int
    step_n: int
    size: int


def test_a_page_ends_with_a_transaction_whatever_the_sizes() -> None:
    chance = random.Random(3)
    for _ in range(500):
        frame, n = [], 0
        while n < 60:
            step = n + 1
            for _ in range(chance.randrange(1, 8)):
                n += 1
                frame.append(_Frame(n, step, chance.randrange(1, 200)))
        limit, size = chance.randrange(1, 20), chance.randrange(1, 2_000)
        seen = frame[: limit + 1]
        end = page_end(seen, limit, size)
        ends = {one.n for one, after in itertools.pairwise(frame) if one.step_n != after.step_n}
        if end is None:
            assert seen[0].step_n == seen[-1].step_n
        else:
            assert end in ends or end == frame[-1].n
            assert end <= limit


def test_a_page_at_the_end_of_the_feed_takes_all_that_is_left() -> None:
    assert page_end([_Frame(1, 1, 5), _Frame(2, 2, 5)], 10, 100) == 2
    assert page_end([_Frame(1, 1, 500), _Frame(2, 1, 500)], 10, 100) == 2
    assert page_end([_Frame(1, 1, 60), _Frame(2, 2, 60), _Frame(3, 3, 1)], 10, 100) == 1
