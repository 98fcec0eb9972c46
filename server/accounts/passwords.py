"""Passwords: argon2id, a few at a time.

A hash takes a tenth of a second and 64 MiB on purpose. So that a crowd of guesses cannot take
the memory of the machine, at most two a core are worked on at once.
"""

from __future__ import annotations

import os
import threading
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw

from core.errors import Refused
from server.failures import DatabaseBusy
from server.services import PasswordCost

LEAST_LETTERS: Final = 10
MOST_LETTERS: Final = 256
_WAIT_S: Final = 5.0
_slots = threading.BoundedSemaphore(2 * (os.cpu_count() or 1))


class WeakPassword(Refused):
    """A password is too short, too long, or one that is guessed first."""

    code = "weak_password"


_GUESSED_FIRST: Final = frozenset({"password", "katasandi", "rahasia", "qwerty", "1234567890"})


def check_strength(password: str, email: str) -> None:
    """Pass a password of ten letters or more that does not repeat what everybody knows.

    Length rather than kinds of letters: NIST SP 800-63B, section 5.1.1.2.

    Raises:
        WeakPassword: it is too short or too long, made of the address, or guessed first.
    """
    small = password.casefold()
    if not LEAST_LETTERS <= len(password) <= MOST_LETTERS:
        raise WeakPassword(least=LEAST_LETTERS)
    name = email.partition("@")[0]
    if (
        len(set(small)) < 4
        or small in (email, name * 2)
        or small.strip("0123456789") in (_GUESSED_FIRST | {name, ""})
    ):
        raise WeakPassword(why="guessed", least=LEAST_LETTERS)


def hash_password(password: str, cost: PasswordCost) -> str:
    """The text that is kept in a password's place.

    Raises:
        DatabaseBusy: too many are being worked on.
    """
    with _slot():
        return _hasher(cost).hash(password)


def is_right(kept: str, password: str, cost: PasswordCost) -> bool:
    """Whether a password is the one that `kept` was made of.

    Raises:
        DatabaseBusy: too many are being worked on.
    """
    with _slot():
        try:
            return _hasher(cost).verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str, cost: PasswordCost) -> bool:
    """Whether a password was hashed at another cost than the present one."""
    return _hasher(cost).check_needs_rehash(kept)


def stretch(password: str, salt: bytes, cost: PasswordCost) -> bytes:
    """64 bytes that only the password leads to, for who needs a key of it and not only a proof.

    Raises:
        DatabaseBusy: too many are being worked on.
    """
    with _slot():
        return hash_secret_raw(
            password.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, 64, Type.ID
        )


@lru_cache(maxsize=8)
def nobodys_hash(cost: PasswordCost) -> str:
    """What a guess at an unknown address is compared with, so that it takes as long."""
    return hash_password("nobody has this password", cost)


@lru_cache(maxsize=8)
def _hasher(cost: PasswordCost) -> PasswordHasher:
    return PasswordHasher(
        time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes
    )


class _slot:
    """One of the places for hashing; waited for a few seconds at most."""

    def __enter__(self) -> None:
        if not _slots.acquire(timeout=_WAIT_S):
            raise DatabaseBusy()

    def __exit__(self, *_: object) -> None:
        _slots.release()
