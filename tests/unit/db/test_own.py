"""What is this counter's own, also where it had a thousand lines and its journal is long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos.counter import Counter, read_head
from pos.db.own import others_wait, own_reach
from pos.opening import open_line
from tests.helpers.counter import make_shop

STEPS = 100
"""SQLite's instructions between two calls of its progress handler."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Counter]:
    with make_shop(tmp_path) as made:
        yield made


def _steps(counter: Counter, work: Callable[[], object]) -> int:
    """How many instructions SQLite needs for some work, in hundreds."""
    told: list[None] = []
    counter.db.raw.set_progress_handler(lambda: told.append(None), STEPS)
    try:
        work()
    finally:
        counter.db.raw.set_progress_handler(None, 0)
    return len(told)


def _set_back(counter: Counter, times: int = 1) -> list[bytes]:
    """So many lines more; their ids."""
    found = []
    for _ in range(times):
        head = read_head(counter.db)
        assert head is not None
        open_line(counter, "restored", head)
        found.append(counter.line.device)
    return found


def test_a_line_is_own_up_to_where_it_was_left(shop: Counter) -> None:
    first = read_head(shop.db)
    assert first is not None
    middle, last = _set_back(shop, 2)
    assert own_reach(shop.db) == {first.device: first.seq, middle: 1, last: None}


def test_where_two_own_lines_follow_one_it_is_own_up_to_the_further_one(shop: Counter) -> None:
    """The server had gone on otherwise: what it lacked is carried in the second one."""
    first = read_head(shop.db)
    assert first is not None and first.seq > 1
    _set_back(shop)
    open_line(shop, "forked", first._replace(seq=1))
    assert own_reach(shop.db)[first.device] == first.seq


def test_a_thousand_lines_are_looked_through_once(shop: Counter) -> None:
    _set_back(shop, 20)
    few = _steps(shop, lambda: own_reach(shop.db))
    _set_back(shop, 180)
    assert _steps(shop, lambda: own_reach(shop.db)) < 20 * few


def test_who_asks_whether_others_wait_looks_at_what_waits_alone(shop: Counter) -> None:
    nothing = _steps(shop, lambda: others_wait(shop.db))
    rows = [(100 + n, n.to_bytes(16, "big"), n.to_bytes(32, "big")) for n in range(1, 3_001)]
    with shop.db.transaction():
        shop.db.many(
            "INSERT INTO journal (pos, shop, device, seq, kind, version, body, prev_hash, hash)"
            " VALUES (?1,x'',?2,1,'x',1,x'',x'',?3)",
            rows,
        )
    assert _steps(shop, lambda: others_wait(shop.db)) <= nothing + 1
    with shop.db.transaction():
        shop.db.run("INSERT INTO waiting (pos) VALUES (3100)")
    assert others_wait(shop.db)
