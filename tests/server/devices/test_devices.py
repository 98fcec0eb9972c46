from __future__ import annotations

import pytest

from server.db.types import show_id
from server.devices.joining import KeyTaken, NewDevice, add_device, claim_key, key_of, registers_of
from server.devices.listing import (
    SeveralDevices,
    UnknownDevice,
    devices_of,
    find_device,
    revoke_line,
)
from server.services import Services
from server.shops.adding import KnownShop, add_shop


@pytest.fixture
def shop(services: Services) -> KnownShop:
    return add_shop(services, "Warung Sri")


def _new(n: int, register: str = "K1") -> NewDevice:
    return NewDevice(bytes([n] * 16), bytes([n] * 32), register, bytes([99] * 16))


def _join(services: Services, shop: KnownShop, new: NewDevice) -> None:
    with services.store.directory() as tx:
        claim_key(services, tx, shop.id, new)
    with services.store.shop(shop.id) as shop_tx:
        add_device(services, shop_tx, new)


def test_a_counter_that_joined_is_listed_and_found(services: Services, shop: KnownShop) -> None:
    _join(services, shop, _new(1))
    (one,) = devices_of(services, shop.id)
    assert (one.register, one.state, one.waiting, one.last_seen_ms) == ("K1", "trusted", 0, None)
    assert key_of(services, one.device) == (shop.id, bytes([1] * 32))
    assert find_device(services, "k1") == find_device(services, show_id(one.device)) == one


def test_joining_again_changes_nothing(services: Services, shop: KnownShop) -> None:
    _join(services, shop, _new(1))
    _join(services, shop, _new(1))
    with services.store.shop(shop.id) as tx:
        assert not add_device(services, tx, _new(1, "K9"))
        assert registers_of(tx) == {"K1"}


def test_a_key_belongs_to_one_device_of_one_shop(services: Services, shop: KnownShop) -> None:
    other = add_shop(services, "Apotek")
    _join(services, shop, _new(1))
    same_key = _new(2)._replace(public_key=bytes([1] * 32))
    same_device = _new(1)._replace(public_key=bytes([2] * 32))
    for where, new in ((other, _new(1)), (shop, same_key), (shop, same_device)):
        with pytest.raises(KeyTaken), services.store.directory() as tx:
            claim_key(services, tx, where.id, new)


def test_revoking_is_of_that_shops_counter_only(services: Services, shop: KnownShop) -> None:
    other = add_shop(services, "Apotek")
    _join(services, shop, _new(1))
    with pytest.raises(UnknownDevice), services.store.shop(other.id) as tx:
        revoke_line(tx, bytes([1] * 16))
    with services.store.shop(shop.id) as tx:
        revoke_line(tx, bytes([1] * 16))
    assert [one.state for one in devices_of(services, shop.id)] == ["revoked"]


def test_a_register_code_of_two_asks_for_the_id(services: Services, shop: KnownShop) -> None:
    other = add_shop(services, "Apotek")
    _join(services, shop, _new(1))
    _join(services, other, _new(2))
    with pytest.raises(SeveralDevices):
        find_device(services, "K1")
    for nobody in ("K2", show_id(bytes(16)), ""):
        with pytest.raises(UnknownDevice):
            find_device(services, nobody)


def test_a_register_code_means_the_line_that_its_counter_writes_now(
    services: Services, shop: KnownShop
) -> None:
    first, unknown = bytes([1] * 16), bytes([3] * 16)
    _join(services, shop, _new(1))
    _join(services, shop, _new(2)._replace(parent_device=first))
    _join(services, shop, _new(3)._replace(parent_device=first, state="unconfirmed"))
    assert [one.current for one in devices_of(services, shop.id)] == [False, True, True]
    with pytest.raises(SeveralDevices):  # nobody has said yet which of the two goes on
        find_device(services, "K1")
    with services.store.shop(shop.id) as tx:
        revoke_line(tx, unknown)
    assert find_device(services, "K1").device == bytes([2] * 16)


def _revoke(services: Services, shop: KnownShop, *numbers: int) -> None:
    with services.store.shop(shop.id) as tx:
        for n in numbers:
            revoke_line(tx, bytes([n] * 16))


def _follow(services: Services, shop: KnownShop, n: int, parent: int, register: str) -> None:
    _join(services, shop, _new(n, register)._replace(parent_device=bytes([parent] * 16)))


def test_a_code_of_a_counter_that_is_revoked_with_all_its_lines_means_that_one(
    services: Services, shop: KnownShop
) -> None:
    _join(services, shop, _new(1))
    _follow(services, shop, 2, 1, "K1")
    _revoke(services, shop, 1, 2)
    found = find_device(services, "K1")
    assert (found.device, found.state) == (bytes([2] * 16), "revoked")


def test_a_code_means_the_newer_line_also_where_that_one_prints_another(
    services: Services, shop: KnownShop
) -> None:
    """Also where the older ones were revoked by their id, while the counter goes on."""
    _join(services, shop, _new(1))
    _follow(services, shop, 2, 1, "K1b7q")
    _follow(services, shop, 3, 2, "K1cxx")
    assert find_device(services, "k1").device == bytes([3] * 16)
    _revoke(services, shop, 1, 2)
    assert find_device(services, "K1").device == bytes([3] * 16)


def test_a_code_from_before_a_counter_joined_is_anothers_now(
    services: Services, shop: KnownShop
) -> None:
    """Every counter is a K1 until it joins."""
    _join(services, shop, _new(1))
    _join(services, shop, _new(2, "K1"))
    _follow(services, shop, 3, 2, "K2")
    assert find_device(services, "K1").device == bytes([1] * 16)
    _follow(services, shop, 4, 1, "K1b7q")
    assert find_device(services, "K1").device == bytes([4] * 16)
    assert find_device(services, "K2").device == bytes([3] * 16)


def test_who_was_revoked_before_makes_no_other_counter_the_one_that_is_meant(
    services: Services, shop: KnownShop
) -> None:
    """Else the command given once more would take another shop's counter."""
    other = add_shop(services, "Apotek")
    _join(services, shop, _new(1))
    _join(services, other, _new(2))
    _revoke(services, shop, 1)
    with pytest.raises(SeveralDevices):
        find_device(services, "K1")


def test_a_counter_and_its_trusted_copy_are_two(services: Services, shop: KnownShop) -> None:
    _join(services, shop, _new(1))
    _follow(services, shop, 2, 1, "K1b7q")
    _follow(services, shop, 3, 1, "K1bxx")
    with pytest.raises(SeveralDevices):
        find_device(services, "K1")
    assert find_device(services, "K1bxx").device == bytes([3] * 16)
