from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from server.db.schema import SHOP
from server.db.schema.payments import provider_account
from server.payments.accounts import (
    Account,
    BadProviderAccount,
    access_to,
    accounts_of,
    active_account,
    reseal,
    set_account,
)
from server.payments.midtrans import Access
from server.sealed import NoSealingKey, SealBroken, Vault
from server.services import Services
from server.shops.adding import add_shop

NEW = bytes(range(1, 33))
MINE = select(provider_account).where(provider_account.c.shop_id == SHOP)


def _access(services: Services, shop: bytes, environment: str = "sandbox") -> Access:
    with services.store.reading_shop(shop) as tx:
        return access_to(services, tx, "midtrans", environment)


def test_the_key_lies_sealed_and_the_newest_account_is_used(services: Services) -> None:
    shop = add_shop(services, "Warung").id
    set_account(services, shop, Account("sandbox", "SB-Mid-server-a", "SB-client"))
    set_account(services, shop, Account("production", "Mid-server-b"))
    set_account(services, shop, Account("production", "Mid-server-c"))
    with services.store.reading_shop(shop) as tx:
        assert active_account(tx).environment == "production"
        assert len(accounts_of(tx)) == 2
        assert "Mid-server" not in str(tx.rows(MINE))
    assert _access(services, shop, "production").server_key == "Mid-server-c"
    assert _access(services, shop).server_key == "SB-Mid-server-a"


def test_a_key_in_another_shops_row_does_not_open(services: Services) -> None:
    mine, theirs = add_shop(services, "A").id, add_shop(services, "B").id
    for shop in (mine, theirs):
        set_account(services, shop, Account("sandbox", "SB-Mid-server-a"))
    with services.store.reading_shop(theirs) as reading:
        row = reading.one(MINE)
        assert row is not None
    change = update(provider_account).where(provider_account.c.shop_id == SHOP)
    with services.store.shop(mine) as tx:
        tx.run(change.values(server_key=row.server_key))
    with pytest.raises(SealBroken):
        _access(services, mine)


def test_keys_are_sealed_again_with_a_new_key(services: Services) -> None:
    shops = [add_shop(services, name).id for name in "ABC"]
    for shop in shops:
        set_account(services, shop, Account("sandbox", "SB-Mid-server-a"))
    both = replace(services, vault=Vault([NEW, bytes(range(32))]))
    assert reseal(both) == 3 and reseal(both) == 0
    alone = replace(services, vault=Vault([NEW]))
    assert {_access(alone, shop).server_key for shop in shops} == {"SB-Mid-server-a"}
    with pytest.raises(SealBroken):
        _access(services, shops[0])


def test_without_a_sealing_key_none_is_taken(services: Services) -> None:
    shop = add_shop(services, "Warung").id
    with pytest.raises(NoSealingKey):
        set_account(replace(services, vault=Vault()), shop, Account("sandbox", "SB-a"))


@pytest.mark.parametrize(
    ("account", "why"),
    [
        (Account("production", "SB-Mid-server-a"), "key"),
        (Account("sandbox", "Mid-server-a"), "key"),
        (Account("sandbox", ""), "key"),
        (Account("sandbox", "SB-a\n"), "key"),
        (Account("sandbox", "SB-a:b"), "key"),
        (Account("sandbox", "SB-" + "a" * 300), "key"),
        (Account("elsewhere", "SB-a"), "environment"),  # type: ignore[arg-type]
        (Account("sandbox", "SB-a", provider="other"), "provider"),
        (Account("production", "Mid-a", base="https://127.0.0.1"), "base"),
        (Account("sandbox", "SB-a", base="http://10.0.0.1"), "base"),
        (Account("sandbox", "SB-a", base="ftp://127.0.0.1"), "base"),
        (Account("sandbox", "SB-a", base="http://127.0.0.1@evil.id"), "base"),
        (Account("sandbox", "SB-a", base="http://[::1"), "base"),
    ],
)
def test_what_no_account_can_be(services: Services, account: Account, why: str) -> None:
    shop = add_shop(services, "Warung").id
    with pytest.raises(BadProviderAccount) as refused:
        set_account(services, shop, account)
    assert refused.value.details["why"] == why
    assert account.server_key not in repr(account) or not account.server_key
