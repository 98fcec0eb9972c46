"""Secrets at rest: sealed with AES-256-GCM by a key that is not in the database.

The file of keys has one a line (32 bytes in base64); the first seals, all open. A new key is put
before the others, what was sealed is sealed again, and then the old one may go.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import Refused

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_FORM: Final = "1"
_NAME: Final = b"huyula sealing key 1\n"


class BadSealingKeys(Refused):
    """The file of sealing keys is not there, or holds something else."""

    code = "bad_sealing_keys"


class NoSealingKey(Refused):
    """A secret is to be kept, and there is no key to seal it with."""

    code = "no_sealing_key"


class SealBroken(Refused):
    """None of the keys opens what was sealed: it was changed, or its key is gone."""

    code = "sealed_unopened"


class Vault:
    """Seals and opens. Neither a key nor a secret is ever part of what it says of itself."""

    def __init__(
        self, keys: Sequence[bytes] = (), random: Callable[[int], bytes] = os.urandom
    ) -> None:
        """`keys`: the first seals, all open."""
        self._keys = {_name_of(key): AESGCM(key) for key in keys}
        self._first = _name_of(keys[0]) if keys else ""
        self._random = random

    def seal(self, secret: str, place: str) -> str:
        """Seal a secret for one place: elsewhere it does not open.

        Raises:
            NoSealingKey: there is no key.
        """
        if not self._first:
            raise NoSealingKey()
        nonce = self._random(_NONCE_BYTES)
        made = nonce + self._keys[self._first].encrypt(nonce, secret.encode(), place.encode())
        return f"{_FORM}.{self._first}.{base64.urlsafe_b64encode(made).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """What was sealed for this place.

        Raises:
            SealBroken: it does not open.
        """
        form, _, rest = sealed.partition(".")
        name, _, text = rest.partition(".")
        key = self._keys.get(name)
        if form != _FORM or key is None:
            raise SealBroken()
        try:
            raw = base64.urlsafe_b64decode(text)
            return key.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, ValueError):
            raise SealBroken() from None

    def is_current(self, sealed: str) -> bool:
        """Whether the first key sealed it."""
        return bool(self._first) and sealed.startswith(f"{_FORM}.{self._first}.")


def read_vault(file: Path) -> Vault:
    """A vault with the keys of a file.

    Raises:
        BadSealingKeys: it cannot be read, or a line is not a key.
    """
    return Vault(_read(file))


def _read(file: Path) -> list[bytes]:
    try:
        lines = file.read_text(encoding="ascii").split()
        keys = [base64.b64decode(line, validate=True) for line in lines]
    except OSError as error:
        raise BadSealingKeys(file=str(file), why=error.strerror or "") from None
    except (binascii.Error, ValueError):
        keys = []
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise BadSealingKeys(file=str(file))
    return keys


def add_key(file: Path) -> int:
    """Put a new key before those of a file, which is made where there is none, for its owner
    alone; returns how many there are.

    Raises:
        BadSealingKeys: what is there is no file of keys.
    """
    keys = [os.urandom(KEY_BYTES), *(_read(file) if file.exists() else [])]
    text = "".join(base64.b64encode(key).decode() + "\n" for key in keys)
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    except OSError as error:
        raise BadSealingKeys(file=str(file), why=error.strerror or "") from None
    return len(keys)


def _name_of(key: bytes) -> str:
    return hashlib.sha256(_NAME + key).hexdigest()[:8]
