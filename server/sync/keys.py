"""The server's signing key, made with the first shop; counters' signatures."""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from sqlalchemy import select

from server.db.schema.directory import server_value
from server.services import Services

_NAME: Final = "signing_key"


class ServerKey:
    """Signs what counters keep as proof: receipts for their heads, pages of the feed."""

    def __init__(self, services: Services) -> None:
        """Read the key; make one where there is none yet."""
        seed = _stored(services)
        if seed is None:
            with services.store.directory() as tx:
                tx.insert_new(server_value, name=_NAME, value=services.random(32))
            seed = _stored(services)
        assert seed is not None
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: bytes = self._key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of a signature."""
        return self._key.sign(data)


def _stored(services: Services) -> bytes | None:
    with services.store.reading_directory() as tx:
        value: bytes | None = tx.scalar(
            select(server_value.c.value).where(server_value.c.name == _NAME)
        )
    return value


def is_signed(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` was made with the key that belongs to `public_key`."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
