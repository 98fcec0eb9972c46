"""Who works in the office that settles complaints between buyers and shops (the Dinas)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, select

from core.errors import Refused
from server.accounts.people import account_of, normal_email
from server.db.schema.directory import account, office_user
from server.db.transaction import Tx
from server.http.problems import NotFound
from server.services import Services

_IS = select(office_user.c.created_ms).where(office_user.c.account_id == bindparam("whose"))
_ALL = (
    select(account.c.email)
    .join(office_user, office_user.c.account_id == account.c.account_id)
    .order_by(account.c.email)
)

_CODES: Final = (
    select(account.c.totp_secret)
    .join(office_user, office_user.c.account_id == account.c.account_id)
    .where(account.c.account_id == bindparam("whose"))
)


class CodesFirst(Refused):
    """An account of the office has no codes from a phone yet: they are to be set up first."""

    code = "codes_first"


def add_office_user(services: Services, email: str, password: str) -> bool:
    """Let somebody work in the office; whether the account was made with the given password.

    Raises:
        BadEmail, WeakPassword: what was given cannot be taken.
    """
    account_id, is_new = account_of(services, normal_email(email), password)
    now_ms = services.now_ms()
    with services.store.directory() as tx:
        tx.insert_new(office_user, account_id=account_id, created_ms=now_ms)
    return is_new


def remove_office_user(services: Services, email: str) -> None:
    """Somebody works there no longer; the account and its shops stay.

    Raises:
        BadEmail: what was given is no address.
        NotFound: nobody of that address works there.
    """
    address = normal_email(email)
    with services.store.directory() as tx:
        mine = select(account.c.account_id).where(account.c.email == address).scalar_subquery()
        if not tx.run(delete(office_user).where(office_user.c.account_id == mine)):
            raise NotFound()


def office_users(services: Services) -> list[str]:
    """The addresses of all who work there."""
    with services.store.reading_directory() as tx:
        return [row.email for row in tx.rows(_ALL)]


def is_in_office(services: Services, account_id: bytes) -> bool:
    """Whether an account works there."""
    with services.store.reading_directory() as tx:
        return works_in_office(tx, account_id)


def works_in_office(tx: Tx, account_id: bytes) -> bool:
    """Whether an account works there, in a transaction that goes on."""
    return tx.one(_IS, whose=account_id) is not None


def lacks_codes(services: Services, account_id: bytes) -> bool:
    """Whether an account works there and has no codes from a phone yet."""
    with services.store.reading_directory() as tx:
        row = tx.one(_CODES, whose=account_id)
    return row is not None and row.totp_secret is None


def demand_office(services: Services, account_id: bytes) -> None:
    """Pass who works there and signs in with codes from a phone.

    Raises:
        NotFound: the account does not work there.
        CodesFirst: it has no codes yet.
    """
    with services.store.reading_directory() as tx:
        row = tx.one(_CODES, whose=account_id)
    if row is None:
        raise NotFound()
    if row.totp_secret is None:
        raise CodesFirst()
