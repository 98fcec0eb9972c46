"""A page within which the feed ends: what is here of it can be offered to a restored server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.facts.customers import CustomerAdded, CustomerRecord
from core.sync.feed import START, next_hash
from core.sync.messages import FeedPage, Witnessed
from pos.counter import Counter
from pos.journal.chains import chain_differences
from pos.journal.lost import lost_pages
from pos.sync.apply import apply_page
from pos.sync.goback import go_back, offers
from pos.sync.memory import cursor
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World


class Died(Exception):
    """The program ended between two slices."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(5), 2)
    yield made
    made.close()


def _page(world: World) -> FeedPage:
    """What the second counter has not pulled yet, as one signed page."""
    first, second = world.counters
    goods = bytes(first.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    for _ in range(6):
        sell(first, cart_of(first, (goods, 1_000)))
    world.push(0, 99)
    page = world.server.page(cursor(second.db).n, set(), most=50)
    return msgspec.structs.replace(page, signature=b"\1")


def _fits(offer: Witnessed) -> bool:
    digest = offer.before_hash
    for one in offer.entries:
        digest = next_hash(digest, one.n, one.hash, one.at_ms, one.verdict)
    return digest == offer.feed_hash and offer.after + 1 == offer.entries[0].n


def _begin(counter: Counter, page: FeedPage) -> int:
    """Apply a page until the program dies after its first slice; returns where the feed ends."""

    def die() -> None:
        if cursor(counter.db).n >= page.first:
            raise Died

    with pytest.raises(Died):
        apply_page(counter.db, page, breathe=die)
    return cursor(counter.db).n


def test_a_page_that_is_not_applied_whole_can_be_offered(world: World) -> None:
    db, page = world.counters[1].db, _page(world)
    common, at = cursor(db).n, _begin(world.counters[1], page)
    assert common < at < page.entries[-1].n
    last = list(offers(db, common))[-1]
    assert _fits(last) and last.signature == page.signature
    assert {one.n for one in last.entries if one.body} == set(range(common + 1, at + 1))

    go_back(db, common, 2)
    assert [page.feed_hash for page in lost_pages(db)] == [page.feed_hash]
    assert all(map(_fits, lost_pages(db))) and not list(chain_differences(db))


def test_once_it_is_applied_whole_nothing_of_it_is_kept(world: World) -> None:
    db, page = world.counters[1].db, _page(world)
    at = _begin(world.counters[1], page)
    world.pull(1, 99)
    world.push(1, 99)
    assert at < cursor(db).n
    assert not db.rows("SELECT * FROM local_setting WHERE name='sync_begun'")
    world.check(1)


def test_another_page_from_there_leaves_no_end_of_the_one_that_was_begun(world: World) -> None:
    """The server went back to where this counter's feed ends, under the same name twice."""
    counter, server = world.counters[1], world.server
    at = _begin(counter, _page(world))
    del server.feed[at:], server.hashes[at + 1 :]
    server.db.run("DELETE FROM journal WHERE pos>?", (at,))
    for number in range(9):
        server.write(CustomerAdded(CustomerRecord(bytes([number]) * 16, f"Pak {number}")))
    page = server.page(at, set(), most=50)
    apply_page(counter.db, msgspec.structs.replace(page, signature=b"\1"))
    ends = [row[0] for row in counter.db.rows("SELECT n FROM page WHERE n>=?", (at,))]
    assert ends == [at + 9]
    assert not list(chain_differences(counter.db))


def test_what_is_left_of_a_page_that_was_cut_can_be_offered_when_the_server_goes_back_again(
    world: World,
) -> None:
    db, page = world.counters[1].db, _page(world)
    apply_page(db, page)
    common = page.first + 1
    go_back(db, common, 2)
    # It was signed at its end alone, and before it nothing was in this test.
    offer = list(offers(db, 0))[-1]
    assert _fits(offer) and (offer.after, offer.before_hash) == (0, START)
    assert {one.n for one in offer.entries if one.body} == set(range(1, common + 1))
    go_back(db, 0, 3)
    assert not list(chain_differences(db))
    assert all(map(_fits, lost_pages(db)))
