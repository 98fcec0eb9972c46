"""Signing in: password, then for the office and those who chose it a code from their phone.

Guessing is slowed by address and account together, so that a stranger cannot lock an owner out;
above that by account and by address alone. An unknown account takes as long and is answered in the
same words as a wrong password.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

from sqlalchemy import select, update

from core.errors import Refused
from server.accounts.codes import check_code, locked_account
from server.accounts.passwords import (
    MOST_LETTERS,
    hash_password,
    is_outdated,
    is_right,
    nobodys_hash,
)
from server.accounts.people import BadEmail, normal_email
from server.accounts.sessions import Session, begin_session
from server.accounts.totp import new_secret
from server.db.schema.directory import account
from server.db.transaction import AnyRow
from server.rates import HOUR_MS, MINUTE_MS, count_try, forget_tries
from server.services import Services

_WINDOW_MS: Final = 15 * MINUTE_MS
_MOST_OF_BOTH: Final = 5
_MOST_OF_ADDRESS: Final = 100
_MOST_OF_ACCOUNT: Final = 100


class WrongSignIn(Refused):
    """Account or password is wrong; which of them is not said."""

    code = "wrong_sign_in"


class SignedIn(NamedTuple):
    """The token for the cookie, and the session it stands for. `by_recovery`: with a recovery code,
    so that it may be another phone's turn, whose secret the session proposes."""

    token: str
    session: Session
    by_recovery: bool = False


def sign_in(
    services: Services, email: str, password: str, *, code: str = "", address: str = ""
) -> SignedIn:
    """Begin a session. `address` is where the request comes from, `code` the six digits
    or a recovery code.

    Raises:
        WrongSignIn: account or password is wrong.
        CodeNeeded: the password is right and the code is missing.
        WrongCode: the code is wrong, or was used before.
        TooManyTries: guessed too often; nothing was looked at.
        DatabaseBusy: too many sign in at this moment.
    """
    who = _who(email)
    buckets = _buckets(who, address)
    now_ms = services.now_ms()
    # Counted before it is looked at: guesses that come at the same time count as well.
    with services.store.directory() as tx:
        for bucket, most, window_ms in buckets:
            count_try(tx, bucket, most=most, window_ms=window_ms, now_ms=now_ms)
        row = tx.one(select(account).where(account.c.email == who))
    row = _right(services, row, password)
    newer = _newer_hash(services, row, password)
    with services.store.directory() as tx:
        # As it stands by now: codes put in force meanwhile are asked for at once.
        row = locked_account(tx, row.account_id) or row
        by_recovery = check_code(tx, row, code, now_ms)
        if newer is not None:
            mine = account.c.account_id == row.account_id
            tx.run(update(account).where(mine).values(password=newer))
        forget_tries(tx, buckets[0][0])
        proposed = new_secret(services) if by_recovery else None
        begun = begin_session(services, tx, row.account_id, proposed=proposed)
        return SignedIn(*begun, by_recovery)


def _who(email: str) -> str:
    try:
        return normal_email(email)
    except BadEmail:
        return ""


def _right(services: Services, row: AnyRow | None, password: str) -> AnyRow:
    cost = services.password_cost
    kept = nobodys_hash(cost) if row is None else row.password
    if not is_right(kept, password[:MOST_LETTERS], cost) or row is None:
        raise WrongSignIn()
    return row


def _newer_hash(services: Services, row: AnyRow, password: str) -> str | None:
    if not is_outdated(row.password, services.password_cost):
        return None
    return hash_password(password, services.password_cost)


def _buckets(who: str, address: str) -> list[tuple[str, int, int]]:
    account_key = hashlib.sha256(who.encode()).hexdigest()[:32]
    return [
        (f"sign-in {account_key} {address}", _MOST_OF_BOTH, _WINDOW_MS),
        (f"sign-in from {address}", _MOST_OF_ADDRESS, _WINDOW_MS),
        (f"sign-in {account_key}", _MOST_OF_ACCOUNT, HOUR_MS),
    ]
