"""Receipts that come before the first entry of their line are called as their papers say."""

from __future__ import annotations

from core.facts.shop import LineOpened
from server.db.schema import trade
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop


def test_a_receipt_is_called_by_its_papers_number_once_its_line_is_known(shop: Shop) -> None:
    """Another counter brings it; then its own counter joins, and is given another code, since the
    first one has its code."""
    first, goods = shop.joined("K5"), fresh_id()
    late = Counter("K5")
    late.write(LineOpened("K5", "founded", b"m" * 32, b"k" * 32))
    sold = late.write(sale(7, goods, [line(goods)]))
    first.write(added(goods, 10_000, 100_000))
    first.carry(sold)
    shop.push(first)
    assert shop.rows(trade.sale, "receipt") == [("?-000007",)]
    joined = shop.join(late)
    assert joined.register != "K5"
    assert shop.rows(trade.sale, "receipt") == [(f"{joined.register}-000007",)]
    shop.push(late, 1, 1)
    assert shop.rows(trade.sale, "receipt") == [("K5-000007",)]
    shop.push(late, 2, 2)
    assert shop.rows(trade.sale, "receipt") == [("K5-000007",)], "it counts once"
