"""What an account's own page says, and the names of accounts that changed something."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import select

from core.errors import Refused
from server.accounts.passwords import MOST_LETTERS, is_right, nobodys_hash
from server.db.schema.directory import account
from server.rates import HOUR_MS, count_try
from server.services import Services

_MOST_TRIES: Final = 10


class NotThisPassword(Refused):
    """The present password, asked for before something dangerous, is not right."""

    code = "not_this_password"


def emails_of(services: Services, ids: Collection[bytes]) -> dict[bytes, str]:
    """The addresses of accounts; ids that are none are left out."""
    wanted = sorted({one for one in ids if len(one) == 16})
    if not wanted:
        return {}
    statement = select(account.c.account_id, account.c.email).where(
        account.c.account_id.in_(wanted)
    )
    with services.store.reading_directory() as tx:
        return {row.account_id: row.email for row in tx.rows(statement)}


def email_of(services: Services, account_id: bytes) -> str:
    """An account's address, empty where it is gone."""
    return emails_of(services, (account_id,)).get(account_id, "")


def has_totp(services: Services, account_id: bytes) -> bool:
    """Whether signing in asks for a code from a phone."""
    statement = select(account.c.totp_secret).where(account.c.account_id == account_id)
    with services.store.reading_directory() as tx:
        return tx.scalar(statement) is not None


def check_own_password(services: Services, account_id: bytes, password: str) -> None:
    """Pass who knows the account's password: who sits at an open session may not be its owner.

    Raises:
        NotThisPassword: it is another one.
        TooManyTries: asked ten times within an hour.
    """
    with services.store.directory() as tx:
        bucket = f"own password {account_id.hex()}"
        count_try(tx, bucket, most=_MOST_TRIES, window_ms=HOUR_MS, now_ms=services.now_ms())
    statement = select(account.c.password).where(account.c.account_id == account_id)
    with services.store.reading_directory() as tx:
        kept = tx.scalar(statement)
    cost = services.password_cost
    right = is_right(kept or nobodys_hash(cost), password[:MOST_LETTERS], cost)
    if not right or kept is None:
        raise NotThisPassword()
