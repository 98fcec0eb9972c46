from __future__ import annotations

import pytest
from sqlalchemy import select

from server.db.schema import SHOP
from server.db.schema.shops import shop, shop_feed
from server.db.types import show_id
from server.services import Services
from server.shops.adding import (
    BadShopName,
    KnownShop,
    SeveralShops,
    UnknownShop,
    UnknownZone,
    add_shop,
    find_shop,
)
from server.shops.editing import change_document


def test_a_shop_begins_with_an_empty_feed(services: Services) -> None:
    made = add_shop(services, "  Warung   Sri ")
    with services.store.reading_shop(made.id) as tx:
        row = tx.one(select(shop).where(shop.c.shop_id == SHOP))
        feed = tx.one(select(shop_feed).where(shop_feed.c.shop_id == SHOP))
    assert row is not None and feed is not None
    assert (row.name, row.zone, row.day_close_minutes) == ("Warung Sri", "Asia/Makassar", 0)
    assert row.server_device != made.id
    assert (feed.epoch, feed.next_n, feed.feed_hash) == (1, 1, bytes(32))


def test_it_is_found_by_id_and_by_name(services: Services) -> None:
    made = add_shop(services, "Warung Élan")
    add_shop(services, "Warung Lain")
    for text in (show_id(made.id), made.id.hex(), "warung élan", " WARUNG  ÉLAN "):
        assert find_shop(services, text) == made


def test_a_name_of_two_shops_asks_for_the_id(services: Services) -> None:
    add_shop(services, "Warung")
    add_shop(services, "warung")
    with pytest.raises(SeveralShops):
        find_shop(services, "Warung")


def test_a_renamed_shop_is_found_by_both_its_names(services: Services) -> None:
    made = add_shop(services, "Warung")
    _rename(services, made, "Toko  Élan")
    for text in ("warung", "toko élan"):
        assert find_shop(services, text) == made


def test_who_calls_itself_as_another_shop_did_is_not_taken_for_it(services: Services) -> None:
    made, other = add_shop(services, "Warung"), add_shop(services, "Kios")
    _rename(services, made, "Toko")
    _rename(services, other, "Warung")
    with pytest.raises(SeveralShops) as refused:
        find_shop(services, "warung")
    assert refused.value.details["count"] == 2
    assert find_shop(services, "kios") == find_shop(services, show_id(other.id)) == other


def _rename(services: Services, shop: KnownShop, name: str) -> None:
    seen, wanted = {"shop_name": None}, {"shop_name": name}
    change_document(services, shop.id, "setting", b"", seen, wanted, b"")


@pytest.mark.parametrize("text", ["nobody", "", "00000000-0000-0000-0000-000000000000"])
def test_no_such_shop(services: Services, text: str) -> None:
    add_shop(services, "Warung")
    with pytest.raises(UnknownShop):
        find_shop(services, text)


def test_what_cannot_be_a_shop(services: Services) -> None:
    for name in ("", "   ", "x" * 81):
        with pytest.raises(BadShopName):
            add_shop(services, name)
    for zone in ("Mars/Olympus", "", "../etc/passwd"):
        with pytest.raises(UnknownZone):
            add_shop(services, "Warung", zone=zone)
    assert services.store.shop_ids() == []
