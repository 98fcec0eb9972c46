"""Making an account, signing in, and coming back with the recovery code.

There is no message to a phone here, so a number proves nothing: it is a word that its owner
remembers, several accounts may give the same, and none opens anything by it. So nobody can take a
number away from its owner, and making an account answers alike whether the number is known or not.
Guesses count by number and range of addresses, however they are made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import bindparam, select, update

from core.phone import whatsapp_number
from core.text import clean_name
from server.accounts.passwords import check_strength
from server.accounts.written import read_written, written_code
from server.buyers.refusals import BadBuyer, PasswordTaken, WrongBuyer, WrongCode
from server.buyers.sealing import KEY_BYTES, Stretched, derived, seal, stretched, unseal
from server.buyers.sessions import Entered, Known, begin, end_all_in
from server.db.errors import broken_key
from server.db.schema.buyers import buyer
from server.db.transaction import Tx
from server.failures import CameTogether
from server.rates import HOUR_MS, MINUTE_MS, count_try
from server.services import Services

MOST_NAME: Final = 80
_WINDOW_MS: Final = 15 * MINUTE_MS
_MOST_OF_BOTH: Final = 10
_MOST_OF_RANGE: Final = 200
_MOST_OF_PHONE: Final = 100
_MOST_NEW: Final = 60
_MOST_CODES: Final = 20
_CODE_BYTES: Final = 15
_BY_PROOF = (
    select(buyer)
    .where(buyer.c.phone == bindparam("phone"), buyer.c.proof == bindparam("proof"))
    .with_for_update(read=True, key_share=True)
)
_BY_CODE = select(buyer).where(buyer.c.code_hash == bindparam("code"))
_OTHER = select(buyer.c.buyer_id).where(
    buyer.c.phone == bindparam("phone"),
    buyer.c.proof == bindparam("proof"),
    buyer.c.buyer_id != bindparam("whose"),
)


class NewBuyer(NamedTuple):
    """Who wants an account, as typed; `agreed`: to what is kept, as the form says it."""

    name: str
    phone: str
    password: str
    agreed: bool


def checked_name(text: str) -> str:
    """A name in one form.

    Raises:
        BadBuyer: it is empty or too long.
    """
    name = clean_name(text)
    if not 0 < len(name) <= MOST_NAME:
        raise BadBuyer(why="name", most=MOST_NAME)
    return name


def checked_phone(text: str) -> str:
    """A number in one form.

    Raises:
        BadBuyer: it is no Indonesian mobile number.
    """
    phone = whatsapp_number(text)
    if phone is None:
        raise BadBuyer(why="phone")
    return phone


def register(services: Services, new: NewBuyer, origin: str) -> Entered:
    """Make an account; who has one of that number and password already is signed in to it, and
    gets a code only if it was made just now. `origin`: the range of addresses that the request
    came from.

    Raises:
        BadBuyer, WeakPassword: what was typed cannot be taken.
        TooManyTries: tried too often.
    """
    name, phone = checked_name(new.name), checked_phone(new.phone)
    check_strength(new.password, phone)
    if not new.agreed:
        raise BadBuyer(why="consent")
    _count_guess(services, phone, origin)
    made, code = stretched(services, phone, new.password), new_code(services)
    buyer_id, key, now_ms = services.new_id(), services.random(KEY_BYTES), services.now_ms()
    known = Known(buyer_id, key, "")
    values: dict[str, Any] = {
        "buyer_id": buyer_id, "phone": phone, "proof": made.proof,
        "key_by_password": seal(services, made.key, key, known.place(b"password")),
        **code_columns(services, known, code),
        "details": sealed_details(services, known, name),
        "created_ms": now_ms, "seen_ms": now_ms,
    }  # fmt: skip

    def write(tx: Tx) -> Entered:
        row = tx.one(_BY_PROOF, phone=phone, proof=made.proof)
        if row is not None:
            found = _entered(services, tx, row, made)
            if now_ms - row.created_ms >= _WINDOW_MS:
                return found
            # Sent twice: the answer that showed the first code may never have arrived.
            mine = update(buyer).where(buyer.c.buyer_id == row.buyer_id)
            tx.run(mine.values(**code_columns(services, found.known, code)))
            return found._replace(code=code)
        count_try(tx, f"buyer new {origin}", most=_MOST_NEW, window_ms=HOUR_MS, now_ms=now_ms)
        if not tx.insert_new(buyer, **values):
            raise CameTogether()
        return begin(services, tx, buyer_id, key)._replace(code=code)

    return services.store.in_directory(write)


def sign_in(services: Services, phone: str, password: str, origin: str) -> Entered:
    """Begin a session.

    Raises:
        WrongBuyer: number or password is wrong.
        TooManyTries: guessed too often; nothing was looked at.
    """
    number = whatsapp_number(phone) or ""
    _count_guess(services, number, origin)
    made = stretched(services, number, password)

    def enter(tx: Tx) -> Entered:
        row = tx.one(_BY_PROOF, phone=number, proof=made.proof)
        if row is None:
            raise WrongBuyer()
        return _entered(services, tx, row, made)

    return services.store.in_directory(enter)


def recover(services: Services, code: str, password: str, origin: str) -> Entered:
    """Begin a session with the recovery code, under a new password; every other session ends, and
    the code gives way to a new one.

    Raises:
        WrongCode: there is no such code.
        WeakPassword, PasswordTaken: the new password cannot be taken.
        TooManyTries: tried too often.
    """
    given, now_ms = read_written(code), services.now_ms()
    bucket = f"buyer code {origin}"
    services.store.in_directory(
        lambda tx: count_try(tx, bucket, most=_MOST_CODES, window_ms=HOUR_MS, now_ms=now_ms)
    )
    hashed = derived(b"code", given)
    with services.store.reading_directory() as tx:
        row = tx.one(_BY_CODE, code=hashed)
    if row is None:
        raise WrongCode()
    check_strength(password, row.phone)
    known = Known(row.buyer_id, b"", "")
    key = unseal(derived(b"code key", given), row.key_by_code, known.place(b"code"))
    known, fresh = known._replace(key=key), new_code(services)
    count_wanted(services, row.phone, origin)
    made = stretched(services, row.phone, password)
    values = {**password_columns(services, known, made), **code_columns(services, known, fresh)}

    def write(tx: Tx) -> Entered:
        refuse_taken(tx, known, row.phone, made)
        mine = (buyer.c.buyer_id == row.buyer_id) & (buyer.c.code_hash == hashed)
        with told_apart():
            if not tx.run(update(buyer).where(mine).values(**values)):
                raise WrongCode()
        end_all_in(tx, row.buyer_id)
        return begin(services, tx, row.buyer_id, key)._replace(code=fresh)

    return services.store.in_directory(write)


def password_columns(services: Services, known: Known, made: Stretched) -> dict[str, Any]:
    """What is kept of a password."""
    sealed = seal(services, made.key, known.key, known.place(b"password"))
    return {"proof": made.proof, "key_by_password": sealed}


def code_columns(services: Services, known: Known, code: str) -> dict[str, Any]:
    """What is kept of a recovery code."""
    given = read_written(code)
    sealed = seal(services, derived(b"code key", given), known.key, known.place(b"code"))
    return {"code_hash": derived(b"code", given), "key_by_code": sealed}


def sealed_details(services: Services, known: Known, name: str) -> bytes:
    """What is kept of a name."""
    return seal(services, known.key, msgspec.msgpack.encode([name]), known.place(b"details"))


def refuse_taken(tx: Tx, known: Known, phone: str, made: Stretched) -> None:
    """Pass a number and password that no other account has.

    Raises:
        PasswordTaken: one has.
    """
    if tx.one(_OTHER, phone=phone, proof=made.proof, whose=known.buyer_id) is not None:
        raise PasswordTaken()


@contextmanager
def told_apart() -> Iterator[None]:
    """Write a number and password that `refuse_taken` let pass.

    Raises:
        CameTogether: another account got them since; tried again, they are refused as taken.
    """
    try:
        yield
    except Exception as error:
        if broken_key(error) == "unique":
            raise CameTogether() from error
        raise


def new_code(services: Services) -> str:
    """A recovery code of 120 bits, as it is shown."""
    return written_code(services.random(_CODE_BYTES))


def count_wanted(services: Services, phone: str, origin: str) -> None:
    """Count that an account is to go over to a number and password: that they are taken already
    would tell who guesses at another account that the guess is right. Counted beside the guesses,
    so that who made too many of those still comes back with the code.

    Raises:
        TooManyTries: asked too often.
    """
    _count_guess(services, phone, origin, "buyer wanted")


def _entered(services: Services, tx: Tx, row: Any, made: Stretched) -> Entered:
    place = Known(row.buyer_id, b"", "").place(b"password")
    return begin(services, tx, row.buyer_id, unseal(made.key, row.key_by_password, place))


def _count_guess(services: Services, phone: str, origin: str, what: str = "buyer") -> None:
    """Counted before it is looked at. A right guess sets nothing back: who has an account of their
    own under somebody's number would begin anew with it."""
    now_ms, number = services.now_ms(), hashlib.sha256(phone.encode()).hexdigest()[:32]
    buckets = (
        (f"{what} {number} {origin}", _MOST_OF_BOTH, _WINDOW_MS),
        (f"{what} from {origin}", _MOST_OF_RANGE, _WINDOW_MS),
        (f"{what} {number}", _MOST_OF_PHONE, HOUR_MS),
    )

    def count(tx: Tx) -> None:
        for bucket, most, window_ms in buckets:
            count_try(tx, bucket, most=most, window_ms=window_ms, now_ms=now_ms)

    services.store.in_directory(count)
