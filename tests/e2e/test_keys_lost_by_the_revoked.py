"""A counter is revoked after it has lost a key: what its older line wrote still arrives, and waits
for the owner."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from pos.counter import Counter
from pos.device.witness import Mark
from pos.journal.verify import verify
from pos.opening import ensure_line
from pos.sync.enrolment import KeyMissing, enrol
from pos.sync.orphans import STEP
from pos.sync.wire import Said
from server.sync.judging import Doubtful, judge_entry, waiting_entries
from server.sync.revoking import revoke
from tests.helpers.counter import add_goods, cart_of, sell
from tests.helpers.market import URL, Market, stock


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    made = Market(tmp_path)
    yield made
    made.close()


def _lose_key(market: Market, counter: Counter) -> None:
    counter.witness.forget(counter.line.device)
    with pytest.raises(KeyMissing):
        market.sync(counter)
    ensure_line(counter)


def _let_all_in(market: Market) -> int:
    """The owner lets in all that waits, oldest first; how many entries that were."""
    services, shop = market.server.services, market.server.shop
    found: list[Doubtful] = []
    before = 0
    while True:
        with services.store.reading_shop(shop) as tx:
            page = waiting_entries(tx, before)
        found += page.rows
        before = page.before
        if not before:
            break
    for row in found[::-1]:
        judge_entry(services, shop, row.hash, "released")
    return len(found)


def test_what_the_older_line_wrote_is_carried_in_steps(market: Market) -> None:
    first, second = market.counter("a"), market.counter("b")
    goods = add_goods(first, qty=90_000)
    market.rounds(first, second)
    for _ in range(STEP + 3):  # without a network
        sell(first, cart_of(first, (goods, 1_000)))
    _lose_key(market, first)
    sell(first, cart_of(first, (goods, 1_000)))
    assert market.sync(first).state == "unconfirmed"
    revoke(market.server.services, market.server.shop, first.line.device)

    steps = [market.sync(first) for _ in range(4)]
    assert [one.state for one in steps] == ["revoked"] * 4
    assert [len(one.to_write) for one in steps] == [STEP, 3, 0, 0]
    assert [one.sent for one in steps] == [0, STEP, 3, 0]
    assert verify(first.db).ok

    assert _let_all_in(market) == 2 + STEP + 3  # the new line's first entry, its sale, and these
    market.sync(second)
    assert stock(second, goods)[0] == 90_000 - (STEP + 4) * 1_000
    assert verify(second.db).ok and market.server.proves_itself()


def test_a_line_whose_key_the_server_has_not_is_carried_too(market: Market) -> None:
    """Brought back from before the counter joined, it knows of older lines only by their names."""
    kept = market.keep()
    first = market.counter("a")
    goods = add_goods(first, qty=90_000)
    first.witness.set_mark(first.line.device, Mark(9_999, bytes(32), 0))
    first.before_first_write = partial(ensure_line, first)  # as if it had been started again
    sell(first, cart_of(first, (goods, 1_000)))
    older, newer = (bytes(row[0]) for row in first.db.rows("SELECT device FROM own_line"))
    assert first.witness.key(older) is not None
    market.bring_back(kept)
    with pytest.raises(Said):
        market.sync(first)
    enrol(first, URL, market.server.code(), market.server.send)
    revoke(market.server.services, market.server.shop, newer)

    while market.sync(first).to_write:
        pass
    market.sync(first)
    second = market.counter("b")
    _let_all_in(market)
    market.sync(second)
    assert stock(second, goods)[0] == 89_000
    assert market.server.proves_itself()
