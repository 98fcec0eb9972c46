"""A counter that begins with a snapshot holds what one holds that pulled the whole feed."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.sync.feed import cursor_bytes
from core.sync.snapshot import PageEnd, read_contents, signed_bytes, write_contents
from pos.counter import Counter
from pos.db.base import base_of
from pos.db.past import is_incomplete, missing
from pos.journal.verify import verify
from pos.sync.digests import accepted_digests
from pos.sync.enrolment import enrol
from pos.sync.memory import cursor, recall, remember, server, waiting_count
from pos.sync.once import sync_once
from server.db.transaction import ShopTx
from server.sync import snapshot_rows, snapshots
from server.sync.keys import ServerKey
from server.sync.snapshots import Snapshot
from server.sync.standing import FeedHead, head_of
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import picture
from tests.property.sync.test_with_the_real_server import Market

STEPS = 60
# Whole entries leave their rows; what is only in sums, or only once its sale comes, differs.
SAME = (
    "setting", "staff", "product", "product_unit", "product_barcode", "product_tier", "customer",
    "merged", "staff_pin", "register", "allotment", "parked_cart", "catalog_import",
)  # fmt: skip
WHOLE = (
    *SAME, "sale", "sale_line", "payment", "shift", "drawer_opening", "repayment", "z_report",
    "cash_movement",
)  # fmt: skip


@pytest.fixture
def short_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every feed is long enough for a snapshot."""
    monkeypatch.setattr("pos.sync.rounds.RECENT_FROM", 1)


class Begun(Market):
    """A market that others join later."""

    def join(self, *, by_feed: bool = False) -> int:
        """One more counter with a little life of its own; its number."""
        number = len(self.counters)
        counter = self._found(self.place / f"new {number}")
        counter.clock = self.clock
        enrol(counter, "http://huyula", self.real.code(), self.real.send)
        self.counters.append(counter)
        if by_feed:
            with counter.db.transaction():
                remember(counter.db, "no_snapshot", "1")
        return number


def lived(place: Path, seed: int, steps: int = STEPS) -> Begun:
    """Two counters after some days."""
    market = Begun(place, random.Random(seed), 2)
    for _ in range(steps):
        number = market.chance.randrange(2)
        market.act(number)
        if market.chance.random() < 0.4:
            market.sync(number)
    for _ in range(2):
        for number in range(2):
            market.sync(number)
    return market


def in_sums(counter: Counter) -> dict[str, Any]:
    """What is known of goods, debts and drawers, however the rows are cut."""
    queries = {
        "stock": "SELECT product_id, sum(qty), sum(value) FROM stock_movement GROUP BY 1",
        "debt": "SELECT customer_id, account, day, sum(amount) FROM debt_movement GROUP BY 1, 2, 3",
        "cash": "SELECT shift_id, kind, sum(amount) FROM cash_movement GROUP BY 1, 2",
        "days": "SELECT day, sum(n), sum(total), sum(cost) FROM (SELECT day, 1 AS n, total, cost"
        " FROM sale UNION ALL SELECT day, sales, total, cost FROM past_day) GROUP BY 1",
        "lines": "SELECT device, register FROM line",
        "open": "SELECT id, device, day, opened_ms, float_amount FROM shift"
        " WHERE closed_pos IS NULL",
    }
    return {
        name: sorted(row for row in map(tuple, counter.db.rows(sql)) if any(row[1:]))
        for name, sql in queries.items()
    }


def proved(counter: Counter) -> None:
    proof = verify(counter.db)
    assert proof.ok, proof.differences[:5]


@pytest.mark.parametrize("seed", range(6))
def test_it_holds_what_the_feed_gives(seed: int, short_feeds: None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        market = lived(Path(folder), seed)
        try:
            by_feed, by_snapshot = market.join(by_feed=True), market.join()
            for _ in range(3):
                for number in range(4):
                    assert market.sync(number)
            feed, snapshot = market.counters[by_feed], market.counters[by_snapshot]
            assert base_of(feed.db) is None
            base = base_of(snapshot.db)
            assert base is not None and base.is_done and base.n > 50
            assert cursor(feed.db) == cursor(snapshot.db)
            assert in_sums(feed) == in_sums(snapshot)
            mine, theirs = picture(snapshot.db), picture(feed.db)
            for table in WHOLE:
                assert mine[table] == theirs[table], (table, market.story)
            for counter in market.counters:
                proved(counter)
                assert not waiting_count(counter.db)
        finally:
            market.close()


@pytest.mark.parametrize("seed", range(8))
def test_what_is_long_ago_comes_in_sums_and_afterwards_whole(
    seed: int, short_feeds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same where most entries are older than those that come whole: they come later, in small
    stretches between further days, and in the end nothing tells the two counters apart."""
    monkeypatch.setattr(snapshot_rows, "_before", lambda tx, last, since_ms: last * 2 // 3)
    monkeypatch.setattr("pos.sync.rounds.STRETCHES", 0)
    monkeypatch.setattr("server.sync.past.STRETCH", 1 + seed * 3)
    with tempfile.TemporaryDirectory() as folder:
        market = lived(Path(folder), seed)
        try:
            by_feed, by_snapshot = market.join(by_feed=True), market.join()
            for _ in range(3):
                for number in range(4):
                    assert market.sync(number)
            feed, snapshot = market.counters[by_feed], market.counters[by_snapshot]
            base = base_of(snapshot.db)
            assert base is not None and 0 < base.after_n < base.n
            agree(market, feed, snapshot)
            live_on(market, by_snapshot)
            market.settle()
            agree(market, feed, snapshot)
            monkeypatch.setattr("pos.sync.rounds.STRETCHES", 1)
            live_on(market, by_snapshot)
            market.settle()
            agree(market, feed, snapshot)
            monkeypatch.setattr("pos.sync.rounds.STRETCHES", 1_000)
            market.settle()
            assert not is_incomplete(snapshot.db) and missing(snapshot.db) is None
            agree(market, feed, snapshot)
            the_same(market, feed, snapshot)
        finally:
            market.close()


def live_on(market: Begun, newest: int) -> None:
    """Some more days, also at the counter that began last."""
    for _ in range(STEPS // 3):
        market.act(market.chance.choice([0, 1, newest]))
        if market.chance.random() < 0.4:
            market.sync(market.chance.randrange(4))


def test_who_lived_alone_keeps_everything_on_top(short_feeds: None, tmp_path: Path) -> None:
    market = lived(tmp_path, 2, 20)
    try:
        number = market.join()
        counter = market.counters[number]
        for _ in range(12):
            market.act(number)
        own = {row[0] for row in counter.db.rows("SELECT receipt FROM sale")}
        goods = counter.db.scalar("SELECT count(*) FROM product")
        assert market.sync(number)
        base = base_of(counter.db)
        assert base is not None and base.is_done
        assert own <= {row[0] for row in counter.db.rows("SELECT receipt FROM sale")}
        found = counter.db.scalar("SELECT count(*) FROM search_doc")
        assert found == counter.db.scalar("SELECT count(*) FROM product WHERE active=1") > goods
        market.settle()
        for one in market.counters:
            proved(one)
        pictures = [picture(one.db) for one in market.counters]
        for table in ("product", "customer", "sale", "sale_line", "payment"):
            assert pictures[number][table] == pictures[0][table]
    finally:
        market.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_server_that_goes_back_behind_it_loses_nothing(
    seed: int, short_feeds: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The snapshot is of a number that the server no longer has: the feed is pulled whole."""
    monkeypatch.setattr(snapshot_rows, "_before", lambda tx, last, since_ms: last // 2)
    market = lived(tmp_path, seed, 15)
    try:
        number = market.join()
        market.restore_server()  # a dump is kept
        for _ in range(15):
            market.act(market.chance.randrange(2))
        for other in range(2):
            market.sync(other)
        assert market.sync(number)
        base = base_of(market.counters[number].db)
        assert base is not None and base.is_done
        market.restore_server()  # and brought back
        market.settle()
        assert base_of(market.counters[number].db) is None
        pictures = [picture(one.db) for one in market.counters]
        for counter in market.counters:
            proved(counter)
            assert not waiting_count(counter.db)
        for table in ("product", "customer", "sale", "sale_line", "payment"):
            assert pictures[number][table] == pictures[0][table], (table, market.story)
        assert market.real.proves_itself()
    finally:
        market.close()


def test_a_number_read_after_its_rows_is_caught(
    short_feeds: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The server signs a later number than its rows are of: the counter pulls the feed instead."""
    market = lived(tmp_path, 1, 10)
    made, mutants = snapshots._make, []

    def mutant(tx: ShopTx, head: FeedHead, key: ServerKey, since_ms: int) -> Snapshot:
        found = made(tx, head, key, since_ms)
        in_thread(lambda: sell_one(market))
        return in_thread(lambda: under_later_number(market, found, key, mutants))

    monkeypatch.setattr(snapshots, "_make", mutant)
    try:
        number = market.join()
        market.settle()
        assert mutants
        newcomer = market.counters[number]
        assert base_of(newcomer.db) is None and recall(newcomer.db, "no_snapshot")
        assert cursor(newcomer.db) == cursor(market.counters[0].db)
        for counter in market.counters:
            proved(counter)
    finally:
        market.close()


def sell_one(market: Begun) -> None:
    """A sale at the first counter, brought to the server meanwhile."""
    counter = market.counters[0]
    product_id = bytes(counter.db.scalar("SELECT id FROM product WHERE active=1 LIMIT 1"))
    sell(counter, cart_of(counter, (product_id, 1_000)))
    found = server(counter.db)
    assert found is not None
    sync_once(counter, found, market.real.send)


def under_later_number(
    market: Begun, found: Snapshot, key: ServerKey, mutants: list[int]
) -> Snapshot:
    with market.real.store.reading_shop(market.real.shop) as tx:
        head = head_of(tx)
        later = snapshot_rows.read(tx, head, key, 0)
    at = cursor_bytes(found.shop, head.epoch, head.n, head.hash)
    contents = msgspec.structs.replace(
        read_contents(found.contents),
        n=head.n,
        feed_hash=head.hash,
        digest=later.digest,
        heads=later.heads,
        pages=(PageEnd(head.n, head.hash, key.sign(at)),),
    )
    mutants.append(head.n)
    signed = write_contents(contents)
    return found._replace(contents=signed, signature=key.sign(signed_bytes(signed)))


def in_thread(work: Callable[[], Any]) -> Any:
    """Run as another request does."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def agree(market: Begun, feed: Counter, snapshot: Counter) -> None:
    """Both hold the same, and prove it; sales that came whole are the same to the last column."""
    assert cursor(feed.db) == cursor(snapshot.db)
    assert accepted_digests(feed.db) == accepted_digests(snapshot.db)
    assert in_sums(feed) == in_sums(snapshot)
    mine, theirs = picture(snapshot.db), picture(feed.db)
    for table in SAME:
        assert mine[table] == theirs[table], (table, market.story)
    assert set(mine["payment"]) <= set(theirs["payment"]), sorted(
        set(mine["payment"]) ^ set(theirs["payment"]), key=repr
    )
    assert mine["sale"]
    for counter in (feed, snapshot):
        proved(counter)
        assert not waiting_count(counter.db)


def the_same(market: Begun, feed: Counter, snapshot: Counter) -> None:
    """Every table that follows from facts, but those that say where a counter began."""
    used = "SELECT device, last_receipt FROM line ORDER BY device"
    assert feed.db.rows(used) == snapshot.db.rows(used)
    mine, theirs = picture(snapshot.db), picture(feed.db)
    for table in mine:
        if table not in ("base_head", "base_identity"):
            assert mine[table] == theirs[table], (
                table,
                [one for one in mine[table] if one not in theirs[table]][:3],
                [one for one in theirs[table] if one not in mine[table]][:3],
            )
