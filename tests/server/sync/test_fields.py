"""The same field changed at two counters: one value stands, both are kept, in either order."""

from __future__ import annotations

import pytest

from core.contract import decode_body
from core.facts.base import FieldChange
from core.facts.catalog import ProductChanged
from core.facts.shop import SettingsChanged
from core.facts.stock import StockLine, StockReceived
from core.facts.sync import FieldDecided
from server.db.schema import catalog, people
from tests.helpers.sync_client import Counter, added, fresh_id
from tests.server.sync.conftest import NOW_MS, Shop


def _price(goods: bytes, old: int, new: int) -> ProductChanged:
    return ProductChanged(goods, (FieldChange("price", str(old), str(new)),))


def _decisions(shop: Shop, counter: Counter) -> list[FieldDecided]:
    facts = [
        decode_body(one.kind, one.version, one.body or b"")[1]
        for one in shop.feed(counter)
        if one.kind == "field_decided"
    ]
    return [fact for fact in facts if isinstance(fact, FieldDecided)]


@pytest.fixture
def two(shop: Shop) -> tuple[Counter, Counter, bytes]:
    """Two counters and a product that both know."""
    one, goods = shop.joined("K1"), fresh_id()
    one.write(added(goods))
    shop.push(one)
    return one, shop.joined("K2"), goods


def test_a_change_of_the_value_that_stands_applies(shop: Shop, two: tuple) -> None:  # type: ignore[type-arg]
    one, other, goods = two
    one.write(_price(goods, 15_000, 16_000))
    shop.send(one)
    other.write(_price(goods, 16_000, 17_000))
    shop.send(other)
    assert shop.one(catalog.product, "price") == (17_000,)
    assert _decisions(shop, one) == []


@pytest.mark.parametrize("first", [0, 1])
def test_the_later_change_stands_whichever_arrives_first(
    shop: Shop,
    two: tuple,  # type: ignore[type-arg]
    first: int,
) -> None:
    one, other, goods = two
    early = one.write(_price(goods, 15_000, 16_000), at_ms=1_795_900_000_000)
    late = other.write(_price(goods, 15_000, 18_000), at_ms=1_795_900_500_000)
    for counter in ((one, other), (other, one))[first]:
        shop.send(counter)
    assert shop.one(catalog.product, "price") == (18_000,)
    (decided,) = _decisions(shop, one)
    assert (decided.value, decided.other) == ("18000", "16000")
    assert (decided.won, decided.lost) == (late.hash, early.hash)
    history = shop.rows(catalog.field_change, "new", "outcome")
    assert {row[1] for row in history} == {"applied", "won" if first == 0 else "lost"}


def test_the_same_value_twice_is_no_conflict(shop: Shop, two: tuple) -> None:  # type: ignore[type-arg]
    one, other, goods = two
    for counter in (one, other):
        counter.write(_price(goods, 15_000, 16_000))
        shop.send(counter)
    assert _decisions(shop, one) == []


def test_a_clock_in_the_future_wins_nothing_beyond_its_receipt(shop: Shop, two: tuple) -> None:  # type: ignore[type-arg]
    one, other, goods = two
    one.write(_price(goods, 15_000, 16_000), at_ms=NOW_MS * 2)
    shop.send(one)
    shop.clock[0] += 60_000
    other.write(_price(goods, 15_000, 18_000), at_ms=NOW_MS + 30_000)
    shop.send(other)
    assert shop.one(catalog.product, "price") == (18_000,)


def test_a_change_that_comes_before_its_product_keeps_its_value(shop: Shop) -> None:
    one, other, goods = shop.joined("K1"), shop.joined("K2"), fresh_id()
    other.write(_price(goods, 15_000, 16_000))
    shop.send(other)
    one.write(added(goods, 5_000, 50_000))
    shop.send(one)
    assert shop.one(catalog.product, "price", "name") == (16_000, "Beras")
    assert shop.verdicts(other)["product_changed"] == "flagged:unknown_reference"


def test_goods_received_set_the_cost_like_a_change_of_it(shop: Shop, two: tuple) -> None:  # type: ignore[type-arg]
    one, other, goods = two
    one.write(StockReceived((StockLine(goods, 2_000, 26_000),), "", ""))
    shop.send(one)
    assert shop.one(catalog.product_stock, "cost") == (13_000,)
    other.write(ProductChanged(goods, (FieldChange("cost", "12000", "12500"),)), at_ms=1)
    shop.send(other)
    assert shop.one(catalog.product_stock, "cost") == (13_000,)
    (decided,) = _decisions(shop, one)
    assert (decided.field, decided.value, decided.other) == ("cost", "13000", "12500")


def test_lists_and_texts_of_a_product_follow_their_changes(shop: Shop, two: tuple) -> None:  # type: ignore[type-arg]
    one, _, goods = two
    codes = '[["8991234567890","kg"]]'
    one.write(
        ProductChanged(
            goods,
            (
                FieldChange("barcodes", "[]", codes),
                FieldChange("name", '"Beras"', '"Beras Siam"'),
                FieldChange("active", "true", "false"),
            ),
        )
    )
    shop.send(one)
    assert shop.one(catalog.product, "name", "sort_name", "active") == (
        "Beras Siam",
        "beras siam",
        False,
    )
    assert shop.one(catalog.product_barcode, "code") == ("8991234567890",)
    one.write(ProductChanged(goods, (FieldChange("barcodes", codes, "[]"),)))
    shop.send(one)
    assert shop.rows(catalog.product_barcode) == []


def test_a_value_of_the_wrong_kind_is_set_aside(shop: Shop, two: tuple) -> None:  # type: ignore[type-arg]
    one, _, goods = two
    one.write(ProductChanged(goods, (FieldChange("price", "15000", '"mahal"'),)))
    one.write(ProductChanged(goods, (FieldChange("price", "15000", "{"),)))
    one.write(_price(goods, 15_000, 14_000))
    taken = shop.send(one)
    assert [word.code for word in taken.quarantined] == ["unreadable", "unreadable"]
    assert shop.one(catalog.product, "price") == (14_000,)


def test_settings_said_before_joining_are_past(shop: Shop) -> None:
    one = shop.joined("K1")
    one.write(SettingsChanged((FieldChange("shop_name", '""', '"Warung Sri"'),)))
    shop.send(one)
    alone = Counter("K7")
    alone.write(SettingsChanged((FieldChange("shop_name", '""', '"Kios Lain"'),)))
    shop.join(alone)
    alone.write(SettingsChanged((FieldChange("shop_name", '"Warung Sri"', '"Warung Sri 2"'),)))
    shop.send(alone)
    assert shop.one(people.setting, "value") == ('"Warung Sri 2"',)
    verdicts = [
        word.verdict
        for word in shop.feed(one)
        if word.device == alone.device and word.kind == "settings_changed"
    ]
    assert verdicts == ["joined", ""]
