"""Column types as migrations write them down: what `server.db.types` says, frozen."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


def id_type() -> sa.types.TypeEngine[Any]:
    """16 bytes."""
    return sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")


def required(name: str, kind: Any) -> sa.Column[Any]:
    """A column that always has a value."""
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def optional(name: str, kind: Any) -> sa.Column[Any]:
    """A column that may be empty."""
    return sa.Column(name, kind, nullable=True)
