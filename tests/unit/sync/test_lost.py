"""What a server lost is offered until it is there again, however often the server goes back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.sync.feed import START, next_hash
from core.sync.messages import FeedEntry, Problem, Witnessed
from pos.counter import Counter, read_head
from pos.db.database import Database
from pos.journal.chains import chain_differences
from pos.journal.lost import forget_accepted, has_lost, lost_pages
from pos.opening import open_line
from pos.sync import goback
from pos.sync.goback import go_back
from pos.sync.memory import cursor
from pos.sync.recovery import recover
from pos.sync.wire import NoAnswer
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World
from tests.helpers.signed_pages import sign_pages


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(5), 2)
    yield made
    made.close()


def _offered(counter: Counter) -> list[Witnessed]:
    return list(lost_pages(counter.db))


def test_pages_of_others_are_kept_until_they_are_accepted_again(world: World) -> None:
    first, second = world.counters
    common = cursor(second.db).n
    goods = bytes(first.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    for number in (0, 1):
        sell(world.counters[number], cart_of(world.counters[number], (goods, 1_000)))
        world.push(number, 99)
    world.pull(1, 9)
    sign_pages(second.db)
    before = bytes(second.db.scalar("SELECT feed_hash FROM feed WHERE n=?", (common,)))

    go_back(second.db, common, 2)
    pages = _offered(second)
    assert [page.after for page in pages][:1] == [common]
    digest = before
    for page in pages:
        assert page.before_hash == digest
        for one in page.entries:
            digest = next_hash(digest, one.n, one.hash, one.at_ms, one.verdict)
        assert digest == page.feed_hash
    mine = {bytes(row[0]) for row in second.db.rows("SELECT device FROM own_line")}
    assert any(one.device not in mine and one.body for page in pages for one in page.entries)

    # Gone back a second time, with nothing in the feed: they are still here.
    go_back(second.db, 0, 3)
    assert [page.feed_hash for page in _offered(second)][-len(pages) :] == [
        page.feed_hash for page in pages
    ]

    world.pull(1, 99)
    sign_pages(second.db)
    forget_accepted(second.db)
    assert _offered(second) == []
    assert not has_lost(second.db)
    world.check(1)


def test_a_page_is_kept_whole_while_the_feed_ends_within_it(world: World) -> None:
    """Its first part has no other signature: a second server that goes back would not get it."""
    first, second = world.counters
    goods = bytes(first.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    world.pull(1, 99)
    begin = cursor(second.db).n
    sign_pages(second.db)
    for _ in range(4):
        sell(first, cart_of(first, (goods, 1_000)))
    world.push(0, 99)
    world.pull(1, 99)
    sign_pages(second.db)
    assert cursor(second.db).n > begin + 2
    of_others = {
        row[0]
        for row in second.db.rows(
            "SELECT f.n FROM feed f JOIN journal j ON j.pos=f.pos WHERE f.n<=?"
            " AND j.device NOT IN (SELECT device FROM own_line)",
            (begin + 2,),
        )
    }
    go_back(second.db, begin + 2, 2)
    second.db.run("DELETE FROM waiting")  # what came after is accepted again meanwhile
    forget_accepted(second.db)
    go_back(second.db, 0, 3)
    offered = {one.n for page in _offered(second) for one in page.entries}
    assert offered >= of_others >= {begin + 1, begin + 2}


def test_an_own_line_that_is_taken_off_the_list_is_noticed_after_going_back(world: World) -> None:
    """Others' lines wait then, too; which ones the kept pages say."""
    first, second = world.counters
    common = cursor(second.db).n
    goods = bytes(first.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    sell(first, cart_of(first, (goods, 1_000)))
    world.push(0, 99)
    world.pull(1, 9)
    sign_pages(second.db)
    go_back(second.db, 0, 2)
    assert common and not list(chain_differences(second.db))
    second.db.run("DELETE FROM own_line WHERE place=(SELECT max(place) FROM own_line)")
    assert [one.table for one in chain_differences(second.db)].count("own_line")


def test_what_another_wrote_on_with_a_line_that_was_left_is_offered_too(world: World) -> None:
    """Copied, this counter went on with a line of its own; what the original wrote behind that
    place of the old line reached it by the feed, and nobody else may have it any more."""
    _, second = world.counters
    goods = bytes(second.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))

    def sold() -> None:
        sell(second, cart_of(second, (goods, 1_000)))
        world.push(1, 99)
        world.pull(1, 99)
        sign_pages(second.db)

    sold()
    common, old = cursor(second.db).n, read_head(second.db)
    assert old is not None
    sold()
    # Its line begins where this counter was when it was copied, before that sale of the original.
    open_line(second, "copied", old)
    go_back(second.db, common, 2)
    offered = {(one.device, one.seq) for page in _offered(second) for one in page.entries}
    assert (old.device, old.seq + 1) in offered


def test_a_page_is_read_when_its_turn_to_be_offered_has_come(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may be the whole history, with all its bytes: too much for a small machine at once."""
    db = world.counters[1].db
    sign_pages(db)
    read, entries_of = list[int](), goback.entries_of
    offered: list[int] = []

    def reading(db: Database, after: int, last: int) -> tuple[FeedEntry, ...]:
        read.append(last)
        return entries_of(db, after, last)

    class Cut:
        def ask(self, *asked: object) -> None:
            offered.append(len(read))
            if len(offered) == 3:
                raise NoAnswer(why="network")

    monkeypatch.setattr(goback, "entries_of", reading)
    problem = Problem(2, 1, "r", "epoch", n=0, feed_hash=START)
    with pytest.raises(NoAnswer):
        recover(db, Cut(), problem)  # type: ignore[arg-type]
    assert offered == [1, 2, 3]
    assert cursor(db).n == 0 and not list(chain_differences(db))
