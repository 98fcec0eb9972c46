"""Accounts, and what each may do in which shop."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple, get_args

from sqlalchemy import delete, select, update

from core.errors import Refused
from server.accounts.passwords import check_strength, hash_password
from server.accounts.sessions import end_halves
from server.db.schema import SHOP
from server.db.schema.directory import account, membership
from server.db.schema.directory import session as session_table
from server.db.schema.shops import shop_staff
from server.db.transaction import ShopTx
from server.services import Services
from server.shops.reading import role_here, shop_here

Role = Literal["owner", "manager", "viewer"]
ROLES: Final[tuple[str, ...]] = get_args(Role)
"""From most to least: who may do what a later one may, may do it too."""

_EMAIL: Final = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,180}\.[^@\s.]{2,24}")


class BadEmail(Refused):
    """What was given is not an e-mail address."""

    code = "bad_email"


class UnknownRole(Refused):
    """There is no such role."""

    code = "unknown_role"


class UnknownUser(Refused):
    """Nobody has an account by this address, or it does not work in the shop that is meant."""

    code = "unknown_user"


class NotAllowed(Refused):
    """The account's role in this shop does not reach that far, or it has none there."""

    code = "not_allowed"


class LastOwner(Refused):
    """A shop keeps at least one owner."""

    code = "last_owner"


class Added(NamedTuple):
    """An account that now works in a shop; `is_new`: it was made with the given password."""

    account_id: bytes
    email: str
    is_new: bool


class Colleague(NamedTuple):
    """Somebody who works in a shop, and as what."""

    email: str
    role: str


class Workplace(NamedTuple):
    """A shop in which an account works, and as what."""

    shop_id: bytes
    name: str
    role: str


def normal_email(text: str) -> str:
    """An address as it is kept: small letters, no blanks around.

    Raises:
        BadEmail: it is not an address.
    """
    email = text.strip().lower()
    if _EMAIL.fullmatch(email) is None:
        raise BadEmail(email=text.strip()[:80])
    return email


def add_user(services: Services, email: str, password: str, shop_id: bytes, role: str) -> Added:
    """Let somebody work in a shop. Whoever has an account keeps it, with its own password.

    Given again with another role, the role changes.

    Raises:
        BadEmail, UnknownRole, WeakPassword: what was given cannot be taken.
        LastOwner: the shop would be left without an owner.
    """
    address = normal_email(email)
    if role not in ROLES:
        raise UnknownRole(role=role)
    account_id, is_new = account_of(services, address, password)
    now_ms = services.now_ms()
    with services.store.directory() as tx:
        tx.insert_new(membership, account_id=account_id, shop=shop_id)
    with services.store.shop(shop_id) as shop_tx:
        if not shop_tx.insert_new(shop_staff, account_id=account_id, role=role, created_ms=now_ms):
            _change_role(shop_tx, account_id, role)
    return Added(account_id, address, is_new)


def account_of(services: Services, email: str, password: str) -> tuple[bytes, bool]:
    """The account of an address, and whether it was made now, with this password.

    Raises:
        WeakPassword: it would be made, and the password is too easily guessed.
    """
    known = _by_email(services, email)
    if known is not None:
        return known, False
    check_strength(password, email)
    hashed = hash_password(password, services.password_cost)
    made = services.new_id()
    with services.store.directory() as tx:
        is_new = tx.insert_new(
            account,
            account_id=made,
            email=email,
            password=hashed,
            created_ms=services.now_ms(),
        )
    # Somebody else may have made it meanwhile.
    return (made, True) if is_new else (find_account(services, email), False)


def _change_role(tx: ShopTx, account_id: bytes, role: str) -> None:
    if role != "owner":
        _check_not_last_owner(tx, account_id)
    mine = (shop_staff.c.shop_id == SHOP) & (shop_staff.c.account_id == account_id)
    tx.run(update(shop_staff).where(shop_staff.c.shop_id == SHOP, mine).values(role=role))


def remove_user(services: Services, account_id: bytes, shop_id: bytes) -> None:
    """Somebody works in a shop no longer; the account and its other shops stay.

    Raises:
        LastOwner: the shop would be left without an owner.
    """
    with services.store.shop(shop_id) as tx:
        _check_not_last_owner(tx, account_id)
        tx.run(
            delete(shop_staff).where(
                shop_staff.c.shop_id == SHOP, shop_staff.c.account_id == account_id
            )
        )
    with services.store.directory() as directory:
        directory.run(
            delete(membership).where(
                membership.c.account_id == account_id, membership.c.shop == shop_id
            )
        )


def _check_not_last_owner(tx: ShopTx, account_id: bytes) -> None:
    owners = {
        row.account_id
        for row in tx.rows(
            select(shop_staff.c.account_id)
            .where(shop_staff.c.shop_id == SHOP, shop_staff.c.role == "owner")
            .with_for_update(key_share=True)
        )
    }
    if owners == {account_id}:
        raise LastOwner()


def find_account(services: Services, email: str) -> bytes:
    """The account of an address.

    Raises:
        BadEmail: what was given is no address.
        UnknownUser: nobody has it.
    """
    address = normal_email(email)
    found = _by_email(services, address)
    if found is None:
        raise UnknownUser(email=address)
    return found


def _by_email(services: Services, email: str) -> bytes | None:
    with services.store.reading_directory() as tx:
        found: bytes | None = tx.scalar(
            select(account.c.account_id).where(account.c.email == email)
        )
    return found


def people_in(services: Services, shop_id: bytes) -> list[Colleague]:
    """Who works in a shop, by address."""
    everyone = (
        select(account.c.account_id, account.c.email)
        .join(membership, membership.c.account_id == account.c.account_id)
        .where(membership.c.shop == shop_id)
        .order_by(account.c.email)
    )
    with services.store.reading_directory() as tx:
        found = tx.rows(everyone)
    roles = [(row.email, role_in(services, row.account_id, shop_id)) for row in found]
    return [Colleague(email, role) for email, role in roles if role is not None]


def set_password(services: Services, account_id: bytes, password: str) -> None:
    """Give an account another password; every session of it ends.

    Raises:
        WeakPassword: it is too easily guessed.
    """
    with services.store.reading_directory() as tx:
        email = tx.scalar(select(account.c.email).where(account.c.account_id == account_id))
    check_strength(password, str(email))
    hashed = hash_password(password, services.password_cost)
    with services.store.directory() as tx:
        tx.run(update(account).where(account.c.account_id == account_id).values(password=hashed))
        tx.run(delete(session_table).where(session_table.c.account_id == account_id))
        end_halves(tx, account_id)


def role_in(services: Services, account_id: bytes, shop_id: bytes) -> str | None:
    """The role of an account in a shop, None where it has none."""
    with services.store.reading_shop(shop_id) as tx:
        return role_here(tx, account_id)


def demand_role(services: Services, account_id: bytes, shop_id: bytes, least: Role) -> str:
    """The role of an account in a shop, if it reaches as far as `least`.

    Raises:
        NotAllowed: it does not, or there is none.
    """
    role = role_in(services, account_id, shop_id)
    if role is None or ROLES.index(role) > ROLES.index(least):
        raise NotAllowed(least=least)
    return role


def workplaces(services: Services, account_id: bytes) -> list[Workplace]:
    """The shops in which an account works, by the names that their counters and owners give them
    by now."""
    places = select(membership.c.shop).where(membership.c.account_id == account_id)
    with services.store.reading_directory() as tx:
        found = tx.rows(places)
    known = [_workplace(services, account_id, row.shop) for row in found]
    return sorted(filter(None, known), key=lambda one: (one.name.casefold(), one.shop_id))


def _workplace(services: Services, account_id: bytes, shop_id: bytes) -> Workplace | None:
    with services.store.reading_shop(shop_id) as tx:
        here, role = shop_here(tx), role_here(tx, account_id)
    return None if here is None or role is None else Workplace(shop_id, here.name, role)
