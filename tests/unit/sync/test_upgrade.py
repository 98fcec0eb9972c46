"""Kinds of fact that a program does not know yet: kept, and folded in their place once it does."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core import cart as carts
from core.contract import KINDS
from core.facts.sync import EntryJudged
from core.sync.carrying import carry
from core.sync.feed import QUARANTINED, verdict
from pos.catalog.goods import one_goods
from pos.counter import Counter
from pos.journal.verify import verify
from pos.selling.carts import park, parked
from pos.shifts.drawer import open_drawer
from pos.sync.goback import go_back
from pos.sync.memory import cursor, waiting_count
from pos.sync.upgrade import fold_known_kinds, is_to_fold
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World
from tests.helpers.tiny_server import own_entries


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(5), 2)
    yield made
    made.close()


@contextmanager
def older(monkeypatch: pytest.MonkeyPatch, kind: str, counter: Counter) -> Iterator[None]:
    """A program that does not know a kind yet runs at this counter."""
    with monkeypatch.context() as old:
        old.delitem(KINDS, (kind, 1))
        old.setattr("core.contract._decoders", {})
        assert not fold_known_kinds(counter.db)
        yield


def _goods(counter: Counter) -> bytes:
    return bytes(counter.db.scalar("SELECT id FROM product ORDER BY name LIMIT 1"))


def _stock(counter: Counter, product_id: bytes) -> int:
    return int(counter.db.scalar("SELECT stock FROM product WHERE id=?", (product_id,)))


def _sell(world: World) -> bytes:
    """The first counter sells one piece; returns the hash of that."""
    first = world.counters[0]
    pos = sell(first, cart_of(first, (_goods(first), 1_000))).sale_id
    return bytes(first.db.scalar("SELECT hash FROM journal WHERE pos=?", (pos,)))


def test_an_unknown_kind_is_kept_and_folded_once_it_is_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = world.counters[1]
    goods = _goods(second)
    before = _stock(second, goods)
    _sell(world)
    world.push(0, 99)
    with older(monkeypatch, "sale_completed", second):
        world.pull(1, 99)
        proof = verify(second.db)
        assert proof.ok and len(proof.unchecked) == 1
        assert _stock(second, goods) == before
    assert is_to_fold(second.db)
    assert fold_known_kinds(second.db) and not fold_known_kinds(second.db)
    assert (before - _stock(second, goods), verify(second.db).unchecked) == (1_000, ())


def test_an_upgrade_without_news_folds_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with older(monkeypatch, "refund_settled", world.counters[1]):
        world.pull(1, 99)
    assert not fold_known_kinds(world.counters[1].db)


def test_what_is_unknown_inside_another_entry_is_folded_once_it_is_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = world.counters
    goods = one_goods(first.db, _goods(first))
    park(first, carts.add(carts.EMPTY, goods, goods.base_unit, 1_000)[0], "uji")
    line = bytes(first.db.scalar("SELECT device FROM own_line ORDER BY place DESC LIMIT 1"))
    world.server.write(carry(own_entries(first.db, line)[-1]))
    with older(monkeypatch, "cart_parked", second):
        world.pull(1, 99)
        assert any("cart_parked v1" in one for one in verify(second.db).unchecked)
    assert fold_known_kinds(second.db)
    assert len(parked(second.db)) == 1
    world.check(1)


def test_what_is_unknown_waits_no_longer_where_it_comes_back_inside_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server had lost it, and its line went on otherwise meanwhile."""
    (first, second), server = world.counters, world.server
    world.pull(1, 99)
    common = cursor(second.db).n
    open_drawer(first, "uji")
    opened = own_entries(first.db, first.line.device)[-1]
    world.push(0, 99)
    with older(monkeypatch, opened.kind, second):
        world.pull(1, 99)
        go_back(second.db, common, 2)
        assert waiting_count(second.db) == 1
    del server.feed[common:], server.hashes[common + 1 :]
    for table in ("journal", "drawer_opening"):
        server.db.run(f"DELETE FROM {table} WHERE pos>?", (common,))
    server.counted.discard(opened.hash)
    server.write(carry(opened))
    with older(monkeypatch, opened.kind, second):
        world.pull(1, 99)
        assert not waiting_count(second.db)
        assert verify(second.db).ok
    assert fold_known_kinds(second.db)
    world.check(1)


@pytest.mark.parametrize("decision", ["released", "set_aside"])
def test_a_decision_that_could_not_be_read_decides_once_it_can(
    world: World, monkeypatch: pytest.MonkeyPatch, decision: str
) -> None:
    first, second = world.counters
    goods, before = _goods(first), _stock(second, _goods(first))
    sold = _sell(world)
    world.server.words[sold] = verdict(QUARANTINED, "unreadable")
    world.push(0, 99)
    world.server.write(EntryJudged(sold, decision))  # type: ignore[arg-type]
    with older(monkeypatch, EntryJudged.KIND, first):
        world.pull(0, 99)
        assert first.db.scalar("SELECT count(*) FROM waiting") == 1
        assert _stock(first, goods) == before - 1_000
    assert fold_known_kinds(first.db)
    world.pull(1, 99)
    after = before - (1_000 if decision == "released" else 0)
    assert (_stock(first, goods), _stock(second, goods)) == (after, after)
    assert not first.db.scalar("SELECT count(*) FROM waiting")
    for counter in world.counters:
        assert verify(counter.db).ok
    world.equal()
