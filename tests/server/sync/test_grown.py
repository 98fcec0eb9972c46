"""What a newer counter says beyond what this program reads of a kind: kept, and folded by the
program that knows it, in the shops that hold some and in no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast

import msgspec
import pytest

from core.contract import KINDS
from core.facts.base import FieldChange
from core.facts.catalog import ProductAdded, ProductChanged
from core.facts.stock import StockLine, StockReceived
from core.journal import Entry
from server.db.schema import catalog, journal, shops
from server.sync.fold.dispatch import HANDLERS
from server.sync.fold.documents import FIELDS
from server.sync.grown import MOST_NAMES
from server.sync.judging import judge_entry
from server.sync.revoking import revoke
from server.sync.upgrading import REST_MS, fold_known_kinds
from server.sync.verifying import refold, verify
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop

_KEY = (ProductAdded.KIND, ProductAdded.VERSION)


class Later(ProductAdded, frozen=True, array_like=True):
    """The fact as a later program may know it: it tells the price that holds in the gerai."""

    GROWN: ClassVar[int] = ProductAdded.GROWN + 1

    online_price: int = 0


def _later(goods: bytes) -> Later:
    fact = added(goods, 5_500, 50_000)
    return Later(fact.product, fact.opening, 9_000)


def _fold_later(books: Any, at: Any, fact: Later) -> None:
    product = msgspec.structs.replace(fact.product, price=fact.online_price)
    HANDLERS[ProductAdded](books, at, ProductAdded(product, fact.opening))


def _upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, _KEY, Later)
    monkeypatch.setitem(cast("dict[Any, Any]", HANDLERS), Later, _fold_later)
    monkeypatch.setattr("core.contract._decoders", {})


def _plain(shop: Shop, counter: Counter, goods: bytes) -> None:
    counter.write(_later(goods))
    shop.push(counter)


def _carried(shop: Shop, counter: Counter, goods: bytes) -> None:
    shop.push(counter)
    counter.carry(Counter("K9", counter.shop).write(_later(goods)))
    shop.send(counter)


def _released(shop: Shop, counter: Counter, goods: bytes) -> None:
    revoke(shop.services, shop.id, counter.device)
    held = counter.write(_later(goods))
    shop.push(counter)
    judge_entry(shop.services, shop.id, held.hash, "released")


@pytest.mark.parametrize("send", [_plain, _carried, _released])
def test_fields_that_a_newer_program_knows_are_folded_in_their_place(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, send: Callable[[Shop, Counter, bytes], None]
) -> None:
    counter, goods = shop.joined(), fresh_id()
    assert fold_known_kinds(shop.services) == []
    send(shop, counter, goods)
    assert shop.one(catalog.product, "price") == (15_000,)
    with monkeypatch.context() as newer:
        _upgrade(newer)
        assert fold_known_kinds(shop.services) == [shop.id]
        assert fold_known_kinds(shop.services) == []
        assert shop.one(catalog.product, "price") == (9_000,)
        assert verify(shop.services, shop.id).ok
    refold(shop.services, shop.id)  # as the program is that looks at the shop when the test ends


def test_a_shop_without_such_facts_is_left_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = shop.joined()
    counter.write(added(fresh_id(), 1_000, 5_000))
    counter.write(ProductChanged(fresh_id(), (FieldChange("cost", "1", "2"),)))
    assert fold_known_kinds(shop.services) == []
    shop.push(counter)
    with monkeypatch.context() as newer:
        _upgrade(newer)
        assert fold_known_kinds(shop.services) == []


def test_a_field_that_goods_have_since_an_upgrade_is_folded(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, goods = shop.joined(), fresh_id()
    counter.write(added(goods))
    counter.write(ProductChanged(goods, (FieldChange("shelf", "null", '"A4"'),)))
    assert fold_known_kinds(shop.services) == []
    shop.push(counter)
    assert fold_known_kinds(shop.services) == []
    with monkeypatch.context() as newer:
        newer.setattr(ProductChanged, "GROWN", ProductChanged.GROWN + 1)
        newer.setitem(FIELDS["product"], "shelf", FIELDS["product"]["halal"])
        assert fold_known_kinds(shop.services) == [shop.id]
        assert fold_known_kinds(shop.services) == []


def _send_unknown(shop: Shop, counter: Counter, count: int) -> None:
    for number in range(count):
        counter.append(f"invented_{number}", 1, b"\x90")
    shop.send(counter)


def test_kinds_that_nobody_knows_make_the_feeds_row_no_longer_than_it_may_be(
    shop: Shop,
) -> None:
    """Every step reads and writes it."""
    counter = shop.joined()
    _send_unknown(shop, counter, MOST_NAMES)
    (full,) = shop.one(shops.shop_feed, "unknown")
    assert len(full.split(",")) == MOST_NAMES and "*" not in full
    counter.append("invented_0", 1, b"\x90")
    counter.append("one_more", 1, b"\x90")
    counter.append("and_another", 1, b"\x90")
    shop.send(counter)
    assert shop.one(shops.shop_feed, "unknown") == (f"*,{full}",)
    shop.send(counter)
    counter.write(added(fresh_id()))
    shop.send(counter)
    assert shop.one(shops.shop_feed, "unknown") == (f"*,{full}",)


def test_a_kind_for_whose_name_there_was_no_room_is_folded_once_it_is_known(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, goods = shop.joined(), fresh_id()
    assert fold_known_kinds(shop.services) == []
    _send_unknown(shop, counter, MOST_NAMES)
    counter.write(_later(goods))
    shop.send(counter)
    assert ProductAdded.KIND not in shop.one(shops.shop_feed, "unknown")[0]
    with monkeypatch.context() as newer:
        _upgrade(newer)
        assert fold_known_kinds(shop.services) == [shop.id]
        assert fold_known_kinds(shop.services) == []
        assert shop.one(catalog.product, "price") == (9_000,)
        assert "*" not in shop.one(shops.shop_feed, "unknown")[0]
    refold(shop.services, shop.id)  # as the program is that looks at the shop when the test ends


def test_what_a_newer_program_knows_and_cannot_fold_stands_in_nobodys_way(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever sends such a value keeps the whole server from starting after its upgrade."""
    counter, goods = shop.joined(), fresh_id()
    assert fold_known_kinds(shop.services) == []
    counter.write(added(goods, 5_000, 50_000))
    name = FieldChange("name", '"Beras"', '"Padi"')
    spoiled = counter.write(ProductChanged(goods, (name, FieldChange("shelf", "null", "5"))))
    counter.write(ProductChanged(goods, (FieldChange("shelf", "5", '"A4"'),)))
    counter.write(sale(1, goods, [line(goods)]))
    shop.push(counter)
    with monkeypatch.context() as newer:
        newer.setattr(ProductChanged, "GROWN", ProductChanged.GROWN + 1)
        newer.setitem(FIELDS["product"], "shelf", FIELDS["product"]["halal"])
        assert fold_known_kinds(shop.services) == [shop.id]
        assert shop.one(catalog.product, "name") == ("Beras",)
        assert shop.one(catalog.product_stock, "qty") == (4_000,)
        assert _unfolded(shop) == [_number_of(shop, spoiled)]
    refold(shop.services, shop.id)  # as the program is that looks at the shop when the test ends


def test_what_a_table_cannot_hold_is_left_out_alone(
    monkeypatch: pytest.MonkeyPatch, shop: Shop
) -> None:
    counter, goods, others = shop.joined(), fresh_id(), fresh_id()
    counter.write(added(goods, 5_000, 50_000))
    much = [counter.write(_received(others, 1 << 62)) for _ in range(3)]
    counter.write(_received(goods, 2_000))
    with monkeypatch.context() as older:
        _forget_received(older)
        assert fold_known_kinds(shop.services) == []
        shop.push(counter)
    assert fold_known_kinds(shop.services) == [shop.id]
    assert dict(shop.rows(catalog.product_stock, "product_id", "qty")) == {
        goods: 7_000,
        others: 1 << 62,
    }
    assert _unfolded(shop) == [_number_of(shop, one) for one in much[1:]]
    _forget_received(monkeypatch)  # for the proof when the test ends
    refold(shop.services, shop.id)


def _forget_received(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(KINDS, (StockReceived.KIND, StockReceived.VERSION))
    monkeypatch.setattr("core.contract._decoders", {})


def test_what_an_older_process_takes_in_after_an_upgrade_is_folded_at_the_next_hello(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where several machines serve, the old program may go on at one of them for a while."""
    counter, goods = shop.joined(), fresh_id()
    counter.write(added(goods, 5_000, 50_000))
    counter.write(_received(goods, 2_000))
    assert fold_known_kinds(shop.services) == []
    with monkeypatch.context() as older:
        _forget_received(older)
        shop.push(counter)
        shop.greet(counter)
        assert shop.one(catalog.product_stock, "qty") == (5_000,)
    shop.greet(counter)
    assert shop.one(catalog.product_stock, "qty") == (7_000,)
    counter.write(_received(goods, 1_000))
    with monkeypatch.context() as older:
        _forget_received(older)
        shop.send(counter)
    for wait_ms, qty in ((REST_MS - 1, 7_000), (1, 8_000)):
        shop.clock[0] += wait_ms
        shop.greet(counter)
        assert shop.one(catalog.product_stock, "qty") == (qty,)


@pytest.mark.parametrize("kind", ["x,product_added:1+0,y", "*"])
def test_no_name_of_a_kind_makes_a_shop_fold_at_each_hello(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    counter, other = shop.joined(), Counter("K9")
    counter.carry(other.append(kind, 1, b"\x90"))
    shop.push(counter)
    assert shop.verdicts(counter) == {"carried": "flagged:unknown_kind"}
    monkeypatch.setattr("server.sync.upgrading.refold", None)
    shop.greet(counter)


def _received(goods: bytes, qty: int) -> StockReceived:
    return StockReceived((StockLine(goods, qty, 1_000),), "", "")


def _number_of(shop: Shop, entry: Entry) -> int:
    return {row[1]: row[0] for row in shop.rows(journal.entry, "n", "hash")}[entry.hash]


def _unfolded(shop: Shop) -> list[int]:
    """The numbers of the entries that the proof names, and it names nothing else."""
    differences = verify(shop.services, shop.id).differences
    assert {one.table for one in differences} == {"entry"}
    return [int(one.found.partition(":")[0]) for one in differences]
