"""A server that went back in time: a new epoch, and the counters bring back what was lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.facts.base import FieldChange
from core.facts.catalog import ProductChanged
from core.sync.feed import cursor_bytes
from core.sync.messages import Witnessed
from core.sync.signing import BadSignature
from server.db.schema import catalog, journal, trade
from server.db.store import Store
from server.services import Services
from server.sync.allotments import append_server_fact
from server.sync.pages import Page
from server.sync.refusals import EpochChanged
from server.sync.restoring import begin_epochs
from server.sync.standing import FeedHead
from server.sync.verifying import verify
from server.sync.witnessing import take_witnessed
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop


def _rewound(shop: Shop, copy: Path) -> Shop:
    """The same shop on a server whose database is the copy."""
    services = Services(Store(f"sqlite:///{copy}"), now_ms=lambda: shop.clock[0])
    old = object.__new__(Shop)
    old.services, old.clock, old.key, old.id = services, shop.clock, shop.key, shop.id
    return old


def _offer(shop: Shop, after: int, before: bytes, page: Page, epoch: int = 1) -> Witnessed:
    cursor = cursor_bytes(shop.id, epoch, page.last, page.hash)
    return Witnessed(epoch, after, before, page.entries, page.hash, shop.key.sign(cursor))


def gone_back(shop: Shop, copy: Path) -> Shop:
    """The shop on a server that was restored from the copy."""
    old = _rewound(shop, copy)
    begin_epochs(old.services, "restored")
    return old


def offered_since(shop: Shop, counter: Counter, head: FeedHead) -> Witnessed:
    """What a counter has pulled since the feed stood there, as it offers it."""
    page = shop.page(counter, after=head.n, digest=head.hash)
    return _offer(shop, head.n, head.hash, page)


def _copy_of(shop: Shop, place: Path) -> None:
    source = shop.services.store.url.database
    shop.services.store.close()
    for end in ("", "-wal"):
        if Path(f"{source}{end}").exists():
            shutil.copyfile(f"{source}{end}", f"{place}{end}")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_all_that_any_counter_still_holds_comes_back(
    shop: Shop, tmp_path: Path, engine_name: str
) -> None:
    one, two, goods = shop.joined("K1"), shop.joined("K2"), fresh_id()
    one.write(added(goods, 10_000, 100_000))
    shop.push(one)
    at_copy = shop.page(two).head
    _copy_of(shop, tmp_path / "old.db")
    one.write(sale(1, goods, [line(goods)]))
    shop.push(one, 2)
    with shop.services.store.shop(shop.id) as tx:
        change = ProductChanged(goods, (FieldChange("price", "15000", "19000"),))
        append_server_fact(tx, change, now_ms=shop.clock[0])
    two.write(sale(1, goods, [line(goods, 2_000)]))
    shop.push(two)
    page = shop.page(two, after=at_copy.n, digest=at_copy.hash)
    one.n, one.feed_hash = page.last, page.hash

    old = _rewound(shop, tmp_path / "old.db")
    assert begin_epochs(old.services, "restored") == 1
    with pytest.raises(EpochChanged) as refused:
        old.greet(one)
    told = refused.value.details
    assert (told["epoch"], told["n"], told["feed_hash"]) == (2, at_copy.n, at_copy.hash)
    for counter in (one, two):
        counter.epoch, counter.n, counter.feed_hash = 2, told["n"], told["feed_hash"]
    old.push(two)
    offer = _offer(shop, at_copy.n, at_copy.hash, page)
    assert take_witnessed(old.services, old.id, two.device, old.key.public, offer) == 2
    assert take_witnessed(old.services, old.id, two.device, old.key.public, offer) == 0
    again = old.send(one)
    assert (again.stored, again.seq) == (0, 2)
    assert len(old.rows(trade.sale, "n")) == 2
    assert old.one(catalog.product, "price") == (19_000,)
    assert old.one(catalog.product_stock, "qty") == (7_000,)
    proof = verify(old.services, old.id)
    assert proof.ok, proof.differences
    old.services.store.close()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_line_that_went_on_otherwise_loses_nothing(
    shop: Shop, tmp_path: Path, engine_name: str
) -> None:
    one, two, goods = shop.joined("K1"), shop.joined("K2"), fresh_id()
    one.write(added(goods, 10_000, 100_000))
    shop.push(one)
    at_copy = shop.page(two).head
    _copy_of(shop, tmp_path / "old.db")
    one.write(sale(1, goods, [line(goods)]))
    shop.push(one, 2)
    page = shop.page(two, after=at_copy.n, digest=at_copy.hash)
    old = _rewound(shop, tmp_path / "old.db")
    begin_epochs(old.services, "restored")
    one.entries.pop()
    one.write(sale(1, goods, [line(goods, 4_000)]))
    one.epoch = two.epoch = 2
    old.push(one, 2)
    offer = _offer(shop, at_copy.n, at_copy.hash, page)
    assert take_witnessed(old.services, old.id, two.device, old.key.public, offer) == 1
    assert old.one(catalog.product_stock, "qty") == (5_000,)
    assert len(old.rows(trade.sale, "n")) == 2
    proof = verify(old.services, old.id)
    assert proof.ok, proof.differences
    old.services.store.close()


def test_what_the_server_never_signed_is_not_believed(shop: Shop) -> None:
    import msgspec

    one, goods = shop.joined("K1"), fresh_id()
    one.write(added(goods, 10_000, 100_000))
    shop.push(one)
    page = shop.page(one, full=True)
    good = _offer(shop, 0, bytes(32), page)
    forged = msgspec.structs.replace(good.entries[1], verdict="flagged:x")
    for bad in (
        msgspec.structs.replace(good, signature=bytes(64)),
        msgspec.structs.replace(good, epoch=7),
        msgspec.structs.replace(good, entries=(good.entries[0], forged)),
    ):
        with pytest.raises(BadSignature):
            take_witnessed(shop.services, shop.id, one.device, shop.key.public, bad)
    swapped = msgspec.structs.replace(good.entries[1], body=b"other bytes")
    quiet = msgspec.structs.replace(good, entries=(good.entries[0], swapped))
    assert take_witnessed(shop.services, shop.id, one.device, shop.key.public, quiet) == 0


def test_an_epoch_begins_a_new_line_of_the_server(shop: Shop) -> None:
    one: Counter = shop.joined("K1")
    before = shop.feed(one)
    begin_epochs(shop.services, "restored")
    one.epoch = 2
    feed = shop.feed(one)
    assert feed[: len(before)] == before
    assert feed[-1].kind == "epoch_began"
    assert feed[-1].device != before[-1].device
    assert shop.one(journal.feed_epoch, "epoch", "n") == (2, len(before))
