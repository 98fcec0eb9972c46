"""Column types that mean the same on PostgreSQL and on SQLite.

In Python an id is always 16 bytes, a hash 32 bytes, money and quantities are `int`.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import BigInteger, Dialect, LargeBinary, SmallInteger
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

ID_BYTES = 16
HASH_BYTES = 32

Money = BigInteger
"""Whole rupiah."""

Quantity = BigInteger
"""Thousandths of the base unit."""

Millis = BigInteger
"""UTC milliseconds since 1970, or a duration in milliseconds."""

Big = BigInteger
"""A number in a row: a place in a journal or feed."""

Small = SmallInteger
"""A small count or version."""


class Id(TypeDecorator[bytes]):
    """16 bytes: `uuid` on PostgreSQL, a blob on SQLite."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The engine's own type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(UUID(as_uuid=True))
        return dialect.type_descriptor(LargeBinary(ID_BYTES))

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> Any:
        """Refuse what is not an id before the database sees it."""
        if value is None:
            return None
        if len(value) != ID_BYTES:
            raise ValueError(f"an id has {ID_BYTES} bytes, not {len(value)}")
        return uuid.UUID(bytes=value) if dialect.name == "postgresql" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """The drivers give 16 bytes: `server.db.engine` has psycopg do so."""


class id_bytes(FunctionElement[bytes]):
    """The 16 bytes of an id, where it is compared with a column of any bytes.

    The other way round would be an error for bytes that are no id.
    """

    type = LargeBinary()
    inherit_cache = True


@compiles(id_bytes, "postgresql")
def _of_uuid(element: Any, compiler: Any, **options: Any) -> str:
    return f"uuid_send({compiler.process(element.clauses, **options)})"


@compiles(id_bytes)
def _of_blob(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


class Hash(TypeDecorator[bytes]):
    """32 bytes: a SHA-256 or an Ed25519 public key."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Refuse what is not 32 bytes before the database sees it."""
        if value is not None and len(value) != HASH_BYTES:
            raise ValueError(f"a hash has {HASH_BYTES} bytes, not {len(value)}")
        return value


def parse_id(text: str) -> bytes:
    """Read an id as a person or a program writes it: 32 hex digits, with or without dashes.

    Raises:
        ValueError: the text is not one.
    """
    return uuid.UUID(text).bytes


def show_id(value: bytes) -> str:
    """Write an id: 36 characters with dashes."""
    return str(uuid.UUID(bytes=value))
