"""A server that went back in time knows again whom its owner had revoked since the backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.contract import encode_body, kind_of
from core.facts.base import Header
from core.facts.sync import Carried, RegisterLeft
from core.journal import NO_HASH
from server.shops.reading import shop_here
from server.sync.allotments import append_server_fact
from server.sync.revoking import revoke
from server.sync.standing import FeedHead
from server.sync.witnessing import take_witnessed
from tests.helpers.sync_client import line, sale
from tests.server.sync.conftest import Shop, selling
from tests.server.sync.test_restored import _copy_of, gone_back, offered_since


@pytest.mark.parametrize("is_again", [False, True])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_who_was_revoked_after_the_backup_is_revoked_again(
    shop: Shop, tmp_path: Path, engine_name: str, is_again: bool
) -> None:
    one, lost = shop.joined("K1"), shop.joined("K2")
    at_copy = shop.page(one).head
    _copy_of(shop, tmp_path / "old.db")
    revoke(shop.services, shop.id, lost.device)
    if is_again:
        shop.join(lost)
        revoke(shop.services, shop.id, lost.device)
    offer = offered_since(shop, one, at_copy)
    old = gone_back(shop, tmp_path / "old.db")
    take_witnessed(old.services, old.id, one.device, old.key.public, offer)
    assert old.greet(lost).state == "revoked"
    old.services.store.close()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_who_was_let_in_again_since_the_way_back_stays(
    shop: Shop, tmp_path: Path, engine_name: str
) -> None:
    one, found = shop.joined("K1"), shop.joined("K2")
    at_copy = shop.page(one).head
    _copy_of(shop, tmp_path / "old.db")
    revoke(shop.services, shop.id, found.device)
    offer = offered_since(shop, one, at_copy)
    old = gone_back(shop, tmp_path / "old.db")
    revoke(old.services, old.id, found.device)
    old.join(found)
    take_witnessed(old.services, old.id, one.device, old.key.public, offer)
    assert old.greet(found).state == "trusted"
    old.services.store.close()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_who_was_let_in_again_before_the_fall_stays(
    shop: Shop, tmp_path: Path, engine_name: str
) -> None:
    one, found = shop.joined("K1"), shop.joined("K2")
    at_copy = shop.page(one).head
    _copy_of(shop, tmp_path / "old.db")
    revoke(shop.services, shop.id, found.device)
    shop.join(found)
    offer = offered_since(shop, one, at_copy)
    old = gone_back(shop, tmp_path / "old.db")
    take_witnessed(old.services, old.id, one.device, old.key.public, offer)
    assert old.greet(found).state == "trusted"
    old.services.store.close()


@pytest.mark.parametrize("since", ["", "revoked", "let in"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_who_was_let_in_again_on_a_later_page_stays(
    shop: Shop, tmp_path: Path, engine_name: str, since: str
) -> None:
    """What comes back comes in several offers; what the owner said since the fall holds."""
    one, found = shop.joined("K1"), shop.joined("K2")
    at_copy = shop.page(one).head
    _copy_of(shop, tmp_path / "old.db")
    revoke(shop.services, shop.id, found.device)
    left = offered_since(shop, one, at_copy)
    shop.join(found)
    again = offered_since(shop, one, FeedHead(1, left.entries[-1].n, left.feed_hash))
    old = gone_back(shop, tmp_path / "old.db")
    if since:
        revoke(old.services, old.id, found.device)
    if since == "let in":
        old.join(found)
    for offer in (left, again):
        take_witnessed(old.services, old.id, one.device, old.key.public, offer)
    assert old.greet(found).state == ("revoked" if since == "revoked" else "trusted")
    old.services.store.close()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_counter_whose_sales_others_brought_back_is_not_revoked_with_its_copy(
    shop: Shop, tmp_path: Path, engine_name: str
) -> None:
    """It wrote on after it was copied, and has not said so itself since the fall."""
    one, (counter, goods) = shop.joined("K9"), selling(shop)
    shop.push(counter)
    copied = counter.child("K1b")
    shop.adopt(copied)
    at_copy = shop.page(one).head
    _copy_of(shop, tmp_path / "old.db")
    counter.write(sale(3, goods, [line(goods)]))
    shop.push(counter, 4)
    offer = offered_since(shop, one, at_copy)
    old = gone_back(shop, tmp_path / "old.db")
    take_witnessed(old.services, old.id, one.device, old.key.public, offer)
    revoke(old.services, old.id, copied.device)
    assert old.greet(copied).state == "revoked"
    assert old.greet(counter).state == "trusted"
    old.services.store.close()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_revocation_that_comes_back_inside_another_entry_holds_as_well(
    shop: Shop, tmp_path: Path, engine_name: str
) -> None:
    """The server that went back before this one had a hole in its own line."""
    one, lost = shop.joined("K1"), shop.joined("K2")
    at_copy = shop.page(one).head
    _copy_of(shop, tmp_path / "old.db")
    body = encode_body(Header(1, b"boot" * 4, 1, "2026-11-24"), RegisterLeft(lost.device, "hilang"))
    with shop.services.store.shop(shop.id) as tx:
        here = shop_here(tx)
        assert here is not None
        kind = kind_of(RegisterLeft(lost.device, ""))
        said = Carried(shop.id, here.server_device, 90, *kind, body, NO_HASH)
        append_server_fact(tx, said, now_ms=shop.services.now_ms())
    offer = offered_since(shop, one, at_copy)
    old = gone_back(shop, tmp_path / "old.db")
    take_witnessed(old.services, old.id, one.device, old.key.public, offer)
    assert old.greet(lost).state == "revoked"
    old.services.store.close()
