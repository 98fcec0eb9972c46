"""An account's own data: seen, corrected, under a new password or a new recovery code."""

from __future__ import annotations

import hmac
from typing import NamedTuple

import msgspec
from sqlalchemy import bindparam, select, update

from server.accounts.passwords import check_strength
from server.buyers.entering import (
    checked_name,
    checked_phone,
    code_columns,
    count_wanted,
    new_code,
    password_columns,
    refuse_taken,
    sealed_details,
    told_apart,
)
from server.buyers.refusals import SignedOut, WrongPassword
from server.buyers.sealing import stretched, unseal
from server.buyers.sessions import Entered, Known, begin, end_all_in
from server.db.schema.buyers import buyer, buyer_session
from server.db.transaction import Tx
from server.rates import HOUR_MS, count_try
from server.services import Services

MOST_TRIES = 10
_MINE = select(buyer).where(buyer.c.buyer_id == bindparam("whose"))
_SESSIONS = (
    select(buyer_session.c.created_ms, buyer_session.c.seen_ms)
    .where(buyer_session.c.buyer_id == bindparam("whose"))
    .order_by(buyer_session.c.created_ms)
)


class Details(NamedTuple):
    """Who has the account, since when, and when it was last used (UTC ms)."""

    name: str
    phone: str
    created_ms: int
    seen_ms: int


class Checked(NamedTuple):
    """An account whose password was right: its number, and what it was compared with."""

    phone: str
    proof: bytes


class Used(NamedTuple):
    """A session: begun and last used (UTC ms)."""

    created_ms: int
    seen_ms: int


def details_of(services: Services, known: Known) -> Details:
    """The account's own data.

    Raises:
        SignedOut: the account is gone.
    """
    with services.store.reading_directory() as tx:
        row = tx.one(_MINE, whose=known.buyer_id)
    if row is None:
        raise SignedOut()
    found = unseal(known.key, row.details, known.place(b"details"))
    name = msgspec.msgpack.decode(found, type=list[str])[0]
    return Details(name, row.phone, row.created_ms, row.seen_ms)


def sessions_of(services: Services, known: Known) -> list[Used]:
    """Where the account is signed in, the oldest first."""
    with services.store.reading_directory() as tx:
        return [Used(*row) for row in tx.rows(_SESSIONS, whose=known.buyer_id)]


def check_password(services: Services, known: Known, password: str) -> Checked:
    """Ask again for the password: who sits at an open session may not be its owner.

    Raises:
        WrongPassword: it is another.
        TooManyTries: guessed too often.
        SignedOut: the account is gone.
    """
    bucket, now_ms = f"buyer own {known.buyer_id.hex()}", services.now_ms()
    services.store.in_directory(
        lambda tx: count_try(tx, bucket, most=MOST_TRIES, window_ms=HOUR_MS, now_ms=now_ms)
    )
    with services.store.reading_directory() as tx:
        row = tx.one(_MINE, whose=known.buyer_id)
    if row is None:
        raise SignedOut()
    if not hmac.compare_digest(stretched(services, row.phone, password).proof, row.proof):
        raise WrongPassword()
    return Checked(row.phone, row.proof)


def change_details(
    services: Services, known: Known, name: str, phone: str, password: str, origin: str
) -> None:
    """Correct name and number. `origin`: the range of addresses that the request came from.

    Raises:
        BadBuyer: they cannot be kept so.
        WrongPassword, PasswordTaken, TooManyTries, SignedOut: see there.
    """
    name, phone = checked_name(name), checked_phone(phone)
    checked = check_password(services, known, password)
    count_wanted(services, phone, origin)
    made = stretched(services, phone, password)
    columns = {
        "phone": phone, "details": sealed_details(services, known, name),
        **password_columns(services, known, made),
    }  # fmt: skip

    def write(tx: Tx) -> None:
        refuse_taken(tx, known, phone, made)
        _write(tx, known, checked, columns)

    services.store.in_directory(write)


def change_password(
    services: Services, known: Known, password: str, new: str, origin: str
) -> Entered:
    """Another password: every session ends, and a new one begins. `origin`: the range of addresses
    that the request came from.

    Raises:
        WeakPassword: the new one is too easily guessed.
        WrongPassword, PasswordTaken, TooManyTries, SignedOut: see there.
    """
    checked = check_password(services, known, password)
    check_strength(new, checked.phone)
    count_wanted(services, checked.phone, origin)
    made = stretched(services, checked.phone, new)

    def write(tx: Tx) -> Entered:
        refuse_taken(tx, known, checked.phone, made)
        _write(tx, known, checked, password_columns(services, known, made))
        end_all_in(tx, known.buyer_id)
        return begin(services, tx, known.buyer_id, known.key)

    return services.store.in_directory(write)


def renew_code(services: Services, known: Known, password: str) -> str:
    """Another recovery code in the place of the present one, to be shown once.

    Raises:
        WrongPassword, TooManyTries, SignedOut: see there.
    """
    checked = check_password(services, known, password)
    code = new_code(services)
    columns = code_columns(services, known, code)
    services.store.in_directory(lambda tx: _write(tx, known, checked, columns))
    return code


def _write(tx: Tx, known: Known, checked: Checked, columns: dict[str, object]) -> None:
    """Nothing under a password that was changed since it was asked for: it would come back."""
    mine = (buyer.c.buyer_id == known.buyer_id) & (buyer.c.proof == checked.proof)
    with told_apart():
        written = tx.run(update(buyer).where(mine).values(**columns))
    if not written:
        raise SignedOut() if tx.one(_MINE, whose=known.buyer_id) is None else WrongPassword()
