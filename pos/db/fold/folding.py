"""What a handler of a fact works with."""

from __future__ import annotations

from typing import NamedTuple

from core.facts.base import FieldChange, Header
from pos.db.database import Database


class Folding(NamedTuple):
    """One entry on its way into the tables: where it stands in the journal, and its header."""

    db: Database
    pos: int
    device: bytes
    seq: int
    header: Header


def position(at: Folding, device: bytes, seq: int) -> int:
    """The journal position of an earlier entry; 0 where it is not (yet) here."""
    if not seq:
        return 0
    found = at.db.scalar("SELECT pos FROM journal WHERE device=? AND seq=?", (device, seq))
    return int(found or 0)


def update_fields(
    at: Folding, table: str, key: bytes, changes: dict[str, object], allowed: frozenset[str]
) -> None:
    """Set the named columns of a row; a column that is not allowed here is ignored."""
    columns = [name for name in changes if name in allowed]
    if columns:
        assignments = ", ".join(f"{name}=?" for name in columns)
        values = [changes[name] for name in columns]
        at.db.run(f"UPDATE {table} SET {assignments} WHERE id=?", (*values, key))


def field_names(changes: tuple[FieldChange, ...]) -> set[str]:
    """Which fields a list of changes names."""
    return {change.field for change in changes}
