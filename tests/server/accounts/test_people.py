from __future__ import annotations

import pytest
from sqlalchemy import select

from server.accounts.passwords import WeakPassword, check_strength
from server.accounts.people import (
    BadEmail,
    LastOwner,
    NotAllowed,
    UnknownRole,
    add_user,
    demand_role,
    normal_email,
    remove_user,
    role_in,
    set_password,
    workplaces,
)
from server.accounts.signing_in import WrongSignIn, sign_in
from server.db.schema.directory import account
from server.services import Services
from server.shops.adding import KnownShop, add_shop

PASSWORD = "kopi susu gula aren"


@pytest.fixture
def shop(services: Services) -> KnownShop:
    return add_shop(services, "Warung Sri")


def test_an_owner_is_kept_without_the_password(services: Services, shop: KnownShop) -> None:
    added = add_user(services, " Sri@Toko.ID ", PASSWORD, shop.id, "owner")
    assert (added.email, added.is_new) == ("sri@toko.id", True)
    with services.store.reading_directory() as tx:
        kept = tx.scalar(select(account.c.password))
    assert kept.startswith("$argon2id$") and PASSWORD not in kept
    assert role_in(services, added.account_id, shop.id) == "owner"


def test_an_account_is_one_for_all_shops_and_keeps_its_password(
    services: Services, shop: KnownShop
) -> None:
    other = add_shop(services, "Apotek")
    first = add_user(services, "sri@toko.id", PASSWORD, shop.id, "owner")
    second = add_user(services, "SRI@toko.id", "an intruder's choice", other.id, "viewer")
    assert second == (first.account_id, "sri@toko.id", False)
    assert [(one.name, one.role) for one in workplaces(services, first.account_id)] == [
        ("Apotek", "viewer"),
        ("Warung Sri", "owner"),
    ]
    sign_in(services, "sri@toko.id", PASSWORD)
    with pytest.raises(WrongSignIn):
        sign_in(services, "sri@toko.id", "an intruder's choice")


def test_a_role_reaches_down_and_not_up_and_not_into_another_shop(
    services: Services, shop: KnownShop
) -> None:
    other = add_shop(services, "Apotek")
    who = add_user(services, "m@toko.id", PASSWORD, shop.id, "manager").account_id
    assert demand_role(services, who, shop.id, "viewer") == "manager"
    assert demand_role(services, who, shop.id, "manager") == "manager"
    with pytest.raises(NotAllowed):
        demand_role(services, who, shop.id, "owner")
    with pytest.raises(NotAllowed):
        demand_role(services, who, other.id, "viewer")


def test_a_shop_keeps_an_owner(services: Services, shop: KnownShop) -> None:
    first = add_user(services, "a@toko.id", PASSWORD, shop.id, "owner").account_id
    with pytest.raises(LastOwner):
        add_user(services, "a@toko.id", PASSWORD, shop.id, "viewer")
    with pytest.raises(LastOwner):
        remove_user(services, first, shop.id)
    add_user(services, "b@toko.id", PASSWORD, shop.id, "owner")
    add_user(services, "a@toko.id", PASSWORD, shop.id, "viewer")
    assert role_in(services, first, shop.id) == "viewer"
    remove_user(services, first, shop.id)
    assert role_in(services, first, shop.id) is None
    assert workplaces(services, first) == []


def test_another_password_ends_the_old_one(services: Services, shop: KnownShop) -> None:
    who = add_user(services, "a@toko.id", PASSWORD, shop.id, "owner").account_id
    set_password(services, who, "teh tarik tanpa gula")
    with pytest.raises(WrongSignIn):
        sign_in(services, "a@toko.id", PASSWORD)
    sign_in(services, "a@toko.id", "teh tarik tanpa gula")


def test_what_cannot_be_taken(services: Services, shop: KnownShop) -> None:
    with pytest.raises(UnknownRole):
        add_user(services, "a@toko.id", PASSWORD, shop.id, "king")
    with pytest.raises(WeakPassword):
        add_user(services, "a@toko.id", "short", shop.id, "owner")
    with services.store.reading_directory() as tx:
        assert tx.rows(select(account)) == []


@pytest.mark.parametrize("text", ["", "sri", "@toko.id", "sri@", "a b@toko.id", "a@b", "a@b.c\n.d"])
def test_not_an_address(text: str) -> None:
    with pytest.raises(BadEmail):
        normal_email(text)


@pytest.mark.parametrize(
    "password",
    [
        "123456789",
        "aaaaaaaaaaaa",
        "password1234",
        "srisetiawan1",
        "sri.setiawan@toko.id",
        "x" * 257,
    ],
)
def test_too_easily_guessed(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_strength(
            password, "srisetiawan@toko.id" if "1" in password else "sri.setiawan@toko.id"
        )


def test_a_long_one_of_plain_words_is_good() -> None:
    check_strength(PASSWORD, "sri@toko.id")
