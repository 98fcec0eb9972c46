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
from server.accounts.codes import CodeNeeded, check_code, locked_account
from server.accounts.passwords import (
    MOST_LETTERS,
    hash_password,
    is_outdated,
    is_right,
    nobodys_hash,
)
from server.accounts.people import BadEmail, normal_email
from server.accounts.sessions import Session, begin_half, begin_session, end_half, find_half
from server.accounts.totp import new_secret
from server.db.schema.directory import account
from server.db.transaction import AnyRow, Tx
from server.failures import DatabaseBusy
from server.rates import HOUR_MS, MINUTE_MS, count_try, forget_tries
from server.services import Services

_WINDOW_MS: Final = 15 * MINUTE_MS
_MOST_OF_BOTH: Final = 5
_MOST_OF_ADDRESS: Final = 100
_MOST_OF_ACCOUNT: Final = 100


class WrongSignIn(Refused):
    """Account or password is wrong; which of them is not said."""

    code = "wrong_sign_in"


class SignInAgain(Refused):
    """The password was given too long ago for the code to come now, or counts no more."""

    code = "sign_in_again"


class SignedIn(NamedTuple):
    """The token for the cookie, and the session it stands for. `by_recovery`: with a recovery code,
    so that it may be another phone's turn, whose secret the session proposes."""

    token: str
    session: Session
    by_recovery: bool = False


def sign_in(services: Services, email: str, password: str, *, address: str = "") -> SignedIn:
    """Begin a session. `address` is where the request comes from.

    Raises:
        WrongSignIn: account or password is wrong.
        CodeNeeded: the password is right, and a code is asked for as well: `give_code`.
        TooManyTries: guessed too often; nothing was looked at.
        DatabaseBusy: too many sign in at this moment, or the password was just changed.
    """
    who, now_ms = _who(email), services.now_ms()
    with services.store.directory() as tx:
        _count(tx, _buckets("sign-in", who, address), now_ms)
        row = tx.one(select(account).where(account.c.email == who))
    row = _right(services, row, password)
    newer = _newer_hash(services, row, password)
    with services.store.directory() as tx:
        # As it stands by now: codes put in force meanwhile are asked for at once, and a password
        # that was changed meanwhile is neither let in nor written back.
        checked, row = row, _locked(tx, row.account_id)
        if row.password != checked.password:
            raise DatabaseBusy()
        if newer is not None:
            mine = account.c.account_id == row.account_id
            tx.run(update(account).where(mine).values(password=newer))
        if row.totp_secret is None:
            _forget(tx, "sign-in", who, address)
            return SignedIn(*begin_session(services, tx, row.account_id))
        half = begin_half(services, tx, row.account_id)
    raise CodeNeeded(half)


def give_code(services: Services, half: str, code: str, *, address: str = "") -> SignedIn:
    """Begin the session of who has given the password (`CodeNeeded.half`), with the six digits or a
    recovery code.

    Raises:
        CodeNeeded, WrongCode: no right code was given.
        SignInAgain: the password was given too long ago, or is another one by now.
        TooManyTries: guessed too often; nothing was looked at.
    """
    now_ms = services.now_ms()
    with services.store.directory() as tx:
        account_id = find_half(tx, half, now_ms)
        if account_id is None:
            raise SignInAgain()
        who = str(_locked(tx, account_id).email)
        _count(tx, _buckets("code", who, address), now_ms)
    with services.store.directory() as tx:
        row = _locked(tx, account_id)
        # Used up under the lock: twice it counts for nobody, and another password has ended it.
        if not end_half(tx, half):
            raise SignInAgain()
        by_recovery = check_code(tx, row, code, now_ms)
        for what in ("sign-in", "code"):
            _forget(tx, what, who, address)
        proposed = new_secret(services) if by_recovery else None
        begun = begin_session(services, tx, account_id, proposed=proposed)
        return SignedIn(*begun, by_recovery)


def _locked(tx: Tx, account_id: bytes) -> AnyRow:
    row = locked_account(tx, account_id)
    if row is None:
        raise WrongSignIn()
    return row


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


def _buckets(what: str, who: str, address: str) -> list[tuple[str, int, int]]:
    account_key = hashlib.sha256(who.encode()).hexdigest()[:32]
    return [
        (f"{what} {account_key} {address}", _MOST_OF_BOTH, _WINDOW_MS),
        (f"{what} from {address}", _MOST_OF_ADDRESS, _WINDOW_MS),
        (f"{what} {account_key}", _MOST_OF_ACCOUNT, HOUR_MS),
    ]


def _count(tx: Tx, buckets: list[tuple[str, int, int]], now_ms: int) -> None:
    """Before anything is looked at: guesses that come at the same time count as well."""
    for bucket, most, window_ms in buckets:
        count_try(tx, bucket, most=most, window_ms=window_ms, now_ms=now_ms)


def _forget(tx: Tx, what: str, who: str, address: str) -> None:
    forget_tries(tx, _buckets(what, who, address)[0][0])
