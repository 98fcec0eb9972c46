"""What a proof finds: one thing that is not as journal and feed say."""

from __future__ import annotations

from typing import Any

import msgspec


class Difference(msgspec.Struct, frozen=True):
    """One thing that is not as the journal says: where, what, and both values as text."""

    table: str
    key: str
    column: str
    found: str
    expected: str


def show(value: Any) -> str:
    """A value or key as text."""
    if isinstance(value, tuple):
        return ":".join(show(part) for part in value)
    if isinstance(value, bytes):
        return value.hex()[:80]
    return str(value)[:200]
