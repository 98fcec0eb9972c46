"""A tender is corrected of a sale that the server has damaged: what it moves counts with the sale.

So counter and server say the same of the drawer while whole bytes are on their way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.facts.sync import EntryJudged
from core.sync.feed import QUARANTINED, verdict
from core.tender import TenderKind
from pos.customers.people import add_customer
from pos.selling.corrections import swap_tender
from pos.sync.digests import rows
from pos.sync.whole import offered, write_down
from tests.helpers.counter import cart_of, sell
from tests.helpers.many_counters import World

GROUPS = ("cash", "debt", "sales")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(5), 2)
    yield made
    made.close()


def _agree(world: World, number: int) -> None:
    """What counts is the same at a counter and at the server."""
    for group in GROUPS:
        mine, theirs = (
            sorted((key, value) for key, value in rows(db, group) if any(value))
            for db in (world.counters[number].db, world.server.db)
        )
        assert mine == theirs, group


@pytest.mark.parametrize("kind", [TenderKind.QRIS, TenderKind.CREDIT])
def test_it_counts_when_the_sale_does(world: World, kind: TenderKind) -> None:
    first, second = world.counters
    goods = bytes(first.db.scalar("SELECT id FROM product ORDER BY name, id LIMIT 1"))
    who = add_customer(first, "Udin", credit_limit=10_000_000)
    done = sell(first, cart_of(first, (goods, 1_000)))
    sale = first.db.scalar("SELECT hash FROM journal WHERE pos=?", (done.sale_id,))
    swap_tender(
        first, done.receipt, 1, kind, "uji", customer_id=who if kind is TenderKind.CREDIT else b""
    )
    moved = first.db.scalar("SELECT max(pos) FROM journal")
    swap = first.db.scalar("SELECT hash FROM journal WHERE pos=?", (moved,))
    world.server.words[bytes(sale)] = verdict(QUARANTINED, "damaged")
    world.server.words[bytes(swap)] = "flagged:unknown_reference"
    world.push(0, 99)
    for number in (0, 1):
        world.pull(number, 99)
        _agree(world, number)
    drawer = first.db.scalar("SELECT sum(amount) FROM cash_movement WHERE kind IN ('sale','swap')")
    assert drawer == 0, "at the counter that wrote both the money has left the drawer"

    write_down(first, offered(first.db))
    world.server.write(EntryJudged(world.server.held.pop(), "set_aside"))
    world.push(0, 99)
    for number, counter in enumerate((first, second)):
        world.pull(number, 99)
        _agree(world, number)
        world.check(number)
        found = counter.db.scalar("SELECT kind FROM payment WHERE n=1")
        assert found == kind.value
