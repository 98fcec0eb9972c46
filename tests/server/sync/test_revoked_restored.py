"""A server that went back in time knows again whom its owner had revoked since the backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.sync.restoring import begin_epochs
from server.sync.revoking import revoke
from server.sync.witnessing import take_witnessed
from tests.server.sync.conftest import Shop
from tests.server.sync.test_restored import _copy_of, _offer, _rewound


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
    page = shop.page(one, after=at_copy.n, digest=at_copy.hash)
    old = _rewound(shop, tmp_path / "old.db")
    begin_epochs(old.services, "restored")
    offer = _offer(shop, at_copy.n, at_copy.hash, page)
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
    page = shop.page(one, after=at_copy.n, digest=at_copy.hash)
    old = _rewound(shop, tmp_path / "old.db")
    begin_epochs(old.services, "restored")
    revoke(old.services, old.id, found.device)
    old.join(found)
    offer = _offer(shop, at_copy.n, at_copy.hash, page)
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
    page = shop.page(one, after=at_copy.n, digest=at_copy.hash)
    old = _rewound(shop, tmp_path / "old.db")
    begin_epochs(old.services, "restored")
    offer = _offer(shop, at_copy.n, at_copy.hash, page)
    take_witnessed(old.services, old.id, one.device, old.key.public, offer)
    assert old.greet(found).state == "trusted"
    old.services.store.close()
