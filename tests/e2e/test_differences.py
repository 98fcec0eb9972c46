"""Where counter and server do not hold alike, the rows are found, written down and shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from core.contract import decode_body
from core.facts.sync import SyncDiffered
from pos.counter import Counter
from pos.sync.differences import Difference, called, differences
from pos.sync.memory import remember
from server.db.schema import SHOP, catalog
from server.sync.drilling import Drilled
from server.sync.http import requests
from tests.helpers.counter import add_goods, cart_of, sell
from tests.helpers.market import Market


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    made = Market(tmp_path)
    yield made
    made.close()


def _written(counter: Counter) -> list[SyncDiffered]:
    found = counter.db.rows(
        "SELECT kind, version, body FROM journal WHERE kind='sync_differed' ORDER BY pos"
    )
    facts = [decode_body(*row)[1] for row in found]
    return [fact for fact in facts if isinstance(fact, SyncDiffered)]


def _spoil(market: Market, goods: bytes) -> None:
    """The server's row of some goods is no longer what its feed says."""
    table = catalog.product_stock
    with market.server.services.store.shop(market.server.shop) as tx:
        tx.run(
            update(table)
            .where(table.c.shop_id == SHOP, table.c.product_id == goods)
            .values(qty=table.c.qty + 500)
        )


def test_what_folding_again_cures_is_written_down_with_its_row(market: Market) -> None:
    first = market.counter("a")
    goods, other = add_goods(first, qty=10_000), add_goods(first, qty=4_000)
    market.rounds(first)
    with first.db.transaction():
        first.db.run("UPDATE stock_movement SET qty=qty+1 WHERE product_id=?", (goods,))
    sell(first, cart_of(first, (other, 1_000)))
    assert market.sync(first).digest_equal is True
    assert differences(first.db) == ()
    (fact,) = _written(first)
    assert fact.group == "stock"
    assert fact.ours.splitlines()[1:] == [f"{goods.hex()} 10001"]
    assert fact.theirs.splitlines()[1:] == [f"{goods.hex()} 10000"]


def test_what_stays_is_kept_by_its_rows_until_it_is_gone(market: Market) -> None:
    first = market.counter("a")
    goods = [add_goods(first, f"Barang {place}", qty=10_000) for place in range(30)]
    market.rounds(first)
    _spoil(market, goods[3])
    sell(first, cart_of(first, (goods[3], 1_000)))
    assert market.sync(first).digest_equal is False
    (one,) = differences(first.db)
    assert one == Difference("stock", goods[3].hex(), (9_000,), (9_500,))
    assert called(first.db, one) == "Barang 3"
    sell(first, cart_of(first, (goods[4], 1_000)))
    assert market.sync(first).digest_equal is False
    assert len(_written(first)) == 1 and differences(first.db) == (one,)


def test_when_another_group_differs_its_rows_are_asked_for(market: Market) -> None:
    first = market.counter("a")
    goods = add_goods(first, qty=10_000)
    market.rounds(first)
    stale = [Difference("cash", bytes(16).hex(), (1,), (2,))]
    with first.db.transaction():
        remember(first.db, "differed", "cash")
        remember(first.db, "differing", msgspec.json.encode(stale).decode())
    _spoil(market, goods)
    sell(first, cart_of(first, (goods, 1_000)))
    assert market.sync(first).digest_equal is False
    assert [one.group for one in differences(first.db)] == ["stock"]


@pytest.mark.parametrize(
    "row",
    [("no id", (1,)), ("ab" * 16, ()), ("ab" * 16, ("1",)), ("ab" * 16, (1, "x" * 65))],
)
def test_what_cannot_be_a_row_is_not_kept(
    market: Market, monkeypatch: pytest.MonkeyPatch, row: tuple[str, tuple[int | str, ...]]
) -> None:
    first = market.counter("a")
    goods = add_goods(first, qty=10_000)
    market.rounds(first)
    _spoil(market, goods)
    sell(first, cart_of(first, (goods, 1_000)))
    drilled = requests.drill

    def other(*given: Any) -> Drilled:
        found = drilled(*given)
        return found._replace(rows=(row,)) if given[-1] else found

    monkeypatch.setattr(requests, "drill", other)
    assert market.sync(first).digest_equal is False
    assert differences(first.db) == ()
    assert _written(first)[0].theirs.count("\n") == 0
