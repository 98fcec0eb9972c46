"""A shop's room for pictures, what goes after some days, and what the owner's page shows."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import msgspec
import pytest

from core.facts.base import FieldChange
from core.facts.catalog import ProductChanged
from core.sync.messages import Problem
from core.sync.pictures import PictureTaken
from server.db.schema import pictures
from server.pictures.sweeping import DAY_MS, PictureSweep, tidy
from server.pictures.taking import MOST_OPEN
from server.services import PictureRules
from tests.helpers.picture_files import photo
from tests.server.pictures.conftest import Teller, jpeg, name_of
from tests.server.sync.conftest import Shop
from tests.server.sync.over_http import Http


def _pictures(count: int) -> list[bytes]:
    return [jpeg(photo((60 + number, 40))) for number in range(count)]


def _show(teller: Teller, product_id: bytes, old: bytes, new: bytes) -> None:
    """A product shows another picture (empty: none)."""
    before, after = (msgspec.json.encode(value).decode() for value in (old, new))
    teller.counter.write(ProductChanged(product_id, (FieldChange("picture", before, after),)))
    teller.shop.send(teller.counter)


def test_a_shop_has_so_much_room_and_no_more(shop: Shop, teller: Teller) -> None:
    first, second = _pictures(2)
    teller.name(name_of(first), name_of(second))
    # A copy may have 60,000 bytes: so much must be free before one begins to travel.
    rules = PictureRules(quota_bytes=60_100)
    shop.services = dataclasses.replace(shop.services, picture_rules=rules)
    teller.http = Http(shop)
    taken = teller.send(first)
    assert isinstance(taken, PictureTaken) and taken.kept
    full = teller.send(second)
    assert isinstance(full, Problem) and full.error == "pictures_full"
    assert shop.rows(pictures.picture_part, "hash") == []
    # Another shop has room of its own.
    other_shop = Shop(shop.services, shop.clock)
    other = Teller(other_shop, other_shop.joined(), Http(other_shop))
    other.name(name_of(second))
    taken = other.send(second)
    assert isinstance(taken, PictureTaken) and taken.kept


def test_a_counter_has_few_pictures_on_their_way_at_once(shop: Shop, teller: Teller) -> None:
    some = _pictures(MOST_OPEN + 2)
    teller.name(*map(name_of, some))
    for one in some:
        teller.send(one, most=100)
    open_ones = {row[0] for row in shop.rows(pictures.picture_part, "hash")}
    assert open_ones == {name_of(one) for one in some[-MOST_OPEN:]}


def test_what_no_goods_name_goes_after_some_days_unless_it_is_named_again(
    shop: Shop, teller: Teller
) -> None:
    first, second = _pictures(2)
    names = [name_of(first), name_of(second)]
    goods = teller.name(*names)
    for one in (first, second):
        teller.send(one)

    def kept() -> Sequence[bytes]:
        with shop.services.store.shop(shop.id) as tx:
            tidy(tx, shop.services)
        return sorted(row[0] for row in shop.rows(pictures.picture, "hash"))

    for product_id, name in zip(goods, names, strict=True):
        _show(teller, product_id, name, b"")
    assert kept() == sorted(names)
    shop.clock[0] += 29 * DAY_MS
    assert kept() == sorted(names)
    _show(teller, goods[0], b"", names[0])  # taken back
    assert kept() == sorted(names)
    shop.clock[0] += 2 * DAY_MS
    assert kept() == [names[0]]
    shop.clock[0] += 400 * DAY_MS
    assert kept() == [names[0]]
    assert teller.ask(*names).ready == (names[0],)


def test_what_was_never_finished_goes_after_a_week(shop: Shop, teller: Teller) -> None:
    (one,) = _pictures(1)
    teller.name(name_of(one))
    teller.send(one, most=100)
    sweep = PictureSweep(shop.services)
    shop.clock[0] += 6 * DAY_MS
    assert sweep.turn() == 0
    shop.clock[0] += DAY_MS
    assert sweep.turn() == 1
    assert teller.lacking() == {name_of(one): 0}


@pytest.mark.parametrize("most", [1, 2, 100])
def test_the_sweep_comes_to_every_shop_in_turn(shop: Shop, most: int) -> None:
    shops = [shop, *(Shop(shop.services, shop.clock) for _ in range(2))]
    (one,) = _pictures(1)
    for some in shops:
        teller = Teller(some, some.joined(), Http(some))
        teller.name(name_of(one))
        teller.send(one, most=100)
    shop.clock[0] += 8 * DAY_MS
    sweep = PictureSweep(shop.services)
    gone = [sweep.turn(most) for _ in range(4)]
    assert sum(gone) == 3 and max(gone) <= most
