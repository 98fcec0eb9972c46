"""What a restored server gets back and cannot fold any more keeps nothing else away."""

from __future__ import annotations

import pytest

from core.facts.base import FieldChange
from core.facts.catalog import ProductChanged
from core.journal import Entry
from core.sync.feed import cursor_bytes, next_hash
from core.sync.messages import FeedEntry, Witnessed
from server.db.schema import catalog, journal, trade
from server.sync.judging import NotWaiting, judge_entry
from server.sync.witnessing import take_witnessed
from tests.helpers.sync_client import Counter, line, sale
from tests.server.sync.conftest import Shop, selling

NO_JSON, TOO_LARGE = "no json", "9" * 30


def _offer(shop: Shop, entries: list[Entry]) -> Witnessed:
    """A page in which all of them counted, as another program of the server signed it."""
    rows, end = [], bytes(32)
    for n, one in enumerate(entries, 101):
        rows.append(
            FeedEntry(
                n, one.device, one.seq, one.kind, one.version, one.prev_hash, one.hash,
                shop.clock[0], "", one.shop, one.body,
            )
        )  # fmt: skip
        end = next_hash(end, n, one.hash, shop.clock[0], "")
    sign = shop.key.sign(cursor_bytes(shop.id, 1, 100 + len(rows), end))
    return Witnessed(1, 100, bytes(32), tuple(rows), end, sign)


def _lost(counter: Counter, goods: bytes, value: str) -> list[Entry]:
    """Three entries that the server has not any more, the second of which it cannot fold."""
    counter.write(sale(3, goods, [line(goods)]))
    counter.write(ProductChanged(goods, (FieldChange("price", "15000", value),)))
    counter.write(sale(4, goods, [line(goods)]))
    return counter.entries[-3:]


@pytest.mark.parametrize("value", [NO_JSON, TOO_LARGE])
@pytest.mark.parametrize("goes_on", [True, False])
def test_one_entry_that_cannot_be_folded_keeps_no_other_away(
    shop: Shop, value: str, goes_on: bool
) -> None:
    counter, goods = selling(shop)
    shop.push(counter)
    lost = _lost(counter, goods, value)
    if not goes_on:
        del counter.entries[-3:]
        counter.write(sale(3, goods, [line(goods, 2_000)]))
        shop.send(counter)
    other, offer = shop.joined("K2"), _offer(shop, lost)
    for stored in (3, 0):
        key = shop.key.public
        assert take_witnessed(shop.services, shop.id, other.device, key, offer) == stored
    assert len(shop.rows(trade.sale, "n")) == (4 if goes_on else 5)
    assert shop.one(catalog.product, "price") == (15_000,)
    (held, code), *more = shop.rows(journal.quarantine, "hash", "code")
    assert (code, more) == ("unreadable", [])
    with pytest.raises(NotWaiting):
        judge_entry(shop.services, shop.id, held, "released")
