"""Bytes that a counter's disk has damaged never count; whole ones of the same entry do, once."""

from __future__ import annotations

import msgspec
import pytest

from core.facts.sync import Carried
from core.journal import Entry
from core.sync.carrying import carry
from core.sync.feed import cursor_bytes, next_hash
from core.sync.messages import PushedEntry, Witnessed
from server.db.schema import catalog, trade
from server.sync.journal import take_journal
from server.sync.judging import NotWaiting, judge_entry
from server.sync.witnessing import take_witnessed
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop


def _spoilt(entry: Entry) -> Entry:
    """Another price, so that the bytes can still be read."""
    body = entry.body.replace(b"Beras", b"Beraz")
    assert body != entry.body
    return entry._replace(body=body)


@pytest.fixture
def forked(shop: Shop) -> tuple[Counter, Counter, Entry, bytes]:
    """A line, the line that follows it, a sale that the server does not have, and its goods."""
    parent, goods = shop.joined(), fresh_id()
    parent.write(added(goods, 10_000, 100_000))
    shop.push(parent)
    child = parent.child()
    sold = parent.write(sale(1, goods, [line(goods)]))
    parent.entries.pop()
    shop.adopt(child)
    return parent, child, sold, goods


def test_damaged_bytes_in_a_carrier_do_not_count(
    shop: Shop, forked: tuple[Counter, Counter, Entry, bytes]
) -> None:
    _, child, sold, _goods = forked
    carrier = child.write(carry(_spoilt(sold)))
    taken = shop.push(child)
    assert [one.code for one in taken.quarantined] == ["damaged"]
    assert shop.rows(trade.sale, "n") == []
    assert shop.one(catalog.product_stock, "qty") == (10_000,)
    with pytest.raises(NotWaiting):
        judge_entry(shop.services, shop.id, carrier.hash, "released")
    judge_entry(shop.services, shop.id, carrier.hash, "set_aside")


def test_whole_bytes_that_come_later_count_once(
    shop: Shop, forked: tuple[Counter, Counter, Entry, bytes]
) -> None:
    _, child, sold, _goods = forked
    child.write(carry(_spoilt(sold)))
    for _ in range(2):
        child.write(carry(sold))
    child.write(carry(_spoilt(sold)))
    shop.push(child)
    assert len(shop.rows(trade.sale, "n")) == 1
    assert shop.one(catalog.product_stock, "qty") == (9_000,)


def test_a_claim_that_is_no_hash_is_unreadable(
    shop: Shop, forked: tuple[Counter, Counter, Entry, bytes]
) -> None:
    _, child, sold, _goods = forked
    child.write(Carried(*sold[:7], claimed=b"short"))
    taken = shop.push(child)
    assert [one.code for one in taken.quarantined] == ["unreadable"]


def test_an_entry_stored_damaged_comes_back_whole_from_who_had_pulled_it(shop: Shop) -> None:
    """After a server's restore the damaged till may be the first to send its entry again."""
    one, two, goods = shop.joined("K1"), shop.joined("K2"), fresh_id()
    one.write(added(goods, 10_000, 100_000))
    shop.push(one)
    at = shop.page(two).head
    sold = one.write(sale(1, goods, [line(goods)]))
    push = one.push(2)
    spoilt = PushedEntry(sold.kind, sold.version, _spoilt(sold).body, sold.hash)
    push = msgspec.structs.replace(push, entries=(spoilt,))
    take_journal(shop.services, shop.id, one.device, push)
    assert shop.rows(trade.sale, "n") == []
    page = shop.page(two, after=at.n, digest=at.hash, full=True)
    (entry,) = page.entries
    whole = msgspec.structs.replace(entry, verdict="", body=sold.body)
    end = next_hash(at.hash, whole.n, whole.hash, whole.at_ms, whole.verdict)
    sign = shop.key.sign(cursor_bytes(shop.id, 1, whole.n, end))
    offer = Witnessed(1, at.n, at.hash, (whole,), end, sign)
    for stored in (1, 0):
        taken = take_witnessed(shop.services, shop.id, two.device, shop.key.public, offer)
        assert taken == stored
    assert len(shop.rows(trade.sale, "n")) == 1
