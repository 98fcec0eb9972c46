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
from server.db.schema import catalog
from server.sync.fold.dispatch import HANDLERS
from server.sync.fold.documents import FIELDS
from server.sync.judging import judge_entry
from server.sync.revoking import revoke
from server.sync.upgrading import fold_known_kinds
from server.sync.verifying import refold, verify
from tests.helpers.sync_client import Counter, added, fresh_id
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
