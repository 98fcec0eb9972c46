"""Two counters mark one payment without knowing of each other: the later in the order stands, on
every counter and at every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.tender import TenderKind
from pos.selling.corrections import owed_refunds, settle_refund, swap_tender
from pos.selling.refunds import Return, make_refund
from pos.sync import out_of_turn
from pos.sync.apply import apply_page
from pos.sync.memory import cursor
from pos.sync.refold import is_refold_due
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World

PAYMENT = (
    "SELECT p.kind, p.reference, p.settled<>0 FROM payment p JOIN sale s ON s.id=p.sale_id"
    " WHERE s.receipt=?"
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(5), 2)
    yield made
    made.close()


def _owed(world: World) -> str:
    """A refund on the first counter that is owed by card; both know it."""
    first = world.counters[0]
    goods = bytes(first.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    done = sell(first, cart_of(first, (goods, 1_000)))
    swap_tender(first, done.receipt, 1, TenderKind.CARD, "uji")
    back = make_refund(first, done.receipt, [Return(1, 1_000)], "rusak").receipt
    world.settle()
    return back


@pytest.mark.parametrize("most", [1_000, 0])
def test_a_swap_that_waits_stands_over_a_settlement_of_another(
    world: World, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(out_of_turn, "MOST_LOOKED_THROUGH", most)
    first, second = world.counters
    receipt = _owed(world)
    settle_refund(second, owed_refunds(second.db)[0], "TRX")
    swap_tender(first, receipt, 1, TenderKind.CASH, "dibayar tunai")
    world.push(1, 99)
    world.pull(0, 99)
    world.check(0)
    assert first.db.tuple_of(PAYMENT, (receipt,)) == ("cash", "", 1)
    world.settle()
    for number in (0, 1):
        world.check(number)
    world.equal()
    assert second.db.tuple_of(PAYMENT, (receipt,)) == ("cash", "", 1)


def test_nothing_is_folded_again_where_none_waits(world: World) -> None:
    first, second = world.counters
    _owed(world)
    settle_refund(second, owed_refunds(second.db)[0], "TRX")
    goods = bytes(first.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    sell(first, cart_of(first, (goods, 1_000)))
    world.push(1, 99)
    lines = {bytes(row[0]) for row in first.db.rows("SELECT device FROM own_line")}
    apply_page(first.db, world.server.page(cursor(first.db).n, lines, 99), is_last=False)
    assert not is_refold_due(first.db)
    world.check(0)
