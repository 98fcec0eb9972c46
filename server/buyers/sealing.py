"""How an account's contents are sealed: by a key of its own that lies nowhere in the open.

The key is chance, and kept only sealed: by what the password is stretched to, by the recovery code,
and for each session by the cookie's token. Without one of them nobody opens it, the operator of the
server and whoever steals the database included; nobody can restore it either.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from server.accounts.passwords import MOST_LETTERS, stretch
from server.db.schema.directory import server_value
from server.sealed import SealBroken
from server.services import PasswordCost, Services

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_NAME: Final = "buyer_salt"
_VALUE = select(server_value.c.value).where(server_value.c.name == _NAME)


class Stretched(NamedTuple):
    """What a number and a password lead to: what is compared, and the key that opens."""

    proof: bytes
    key: bytes


class _Salt(msgspec.Struct, frozen=True, array_like=True):
    """This server's own chance, and the cost at which its buyers' passwords are stretched."""

    chance: bytes
    passes: int
    memory_kib: int
    lanes: int


def stretched(services: Services, phone: str, password: str) -> Stretched:
    """Stretch a password of a number (as it is kept). It takes as long for a number that nobody
    gave, since nothing of an account is looked at: the salt follows from the number.

    Raises:
        DatabaseBusy: too many are being worked on.
    """
    salt = _salt(services)
    cost = PasswordCost(salt.passes, salt.memory_kib, salt.lanes)
    own = derived(b"salt", salt.chance + phone.encode())[:16]
    made = stretch(password[:MOST_LETTERS], own, cost)
    return Stretched(made[:32], made[32:])


def derived(what: bytes, secret: bytes) -> bytes:
    """32 bytes that follow from a secret for one use."""
    return hashlib.sha256(b"huyula buyer " + what + b"\0" + secret).digest()


def seal(services: Services, key: bytes, secret: bytes, place: bytes) -> bytes:
    """Seal for one place: elsewhere it does not open."""
    nonce = services.random(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, place)


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """What was sealed for this place.

    Raises:
        SealBroken: it was changed, or sealed by another key.
    """
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)
    except (InvalidTag, ValueError):
        raise SealBroken() from None


def _salt(services: Services) -> _Salt:
    with services.store.reading_directory() as tx:
        known = tx.scalar(_VALUE)
    if known is None:
        cost = services.password_cost
        made = _Salt(services.random(32), cost.passes, cost.memory_kib, cost.lanes)
        with services.store.directory() as tx:
            tx.insert_new(server_value, name=_NAME, value=msgspec.msgpack.encode(made))
            known = tx.scalar(_VALUE)
    return msgspec.msgpack.decode(known, type=_Salt)
