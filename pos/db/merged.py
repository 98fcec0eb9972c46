"""Which record is meant, where two were merged into one."""

from __future__ import annotations

from typing import Final

from pos.db.database import Database

_MOST_STEPS: Final = 16


def meant(db: Database, table: str, document: bytes) -> bytes:
    """The record that stands for this one: itself, or the one that it was merged into."""
    found = document
    for _ in range(_MOST_STEPS):
        further = db.scalar(
            "SELECT target FROM merged WHERE table_name=? AND source=?", (table, found)
        )
        if further is None:
            break
        found = bytes(further)
    return found


def merged_names(db: Database, product_id: bytes) -> list[str]:
    """The names of goods that were merged into this one: whoever knows those finds it by them."""
    rows = db.rows(
        "WITH RECURSIVE old (id) AS (SELECT source FROM merged WHERE table_name='product'"
        " AND target=? UNION SELECT m.source FROM merged m JOIN old ON m.target=old.id"
        " WHERE m.table_name='product') SELECT p.name FROM old JOIN product p ON p.id=old.id"
        " ORDER BY p.name",
        (product_id,),
    )
    return [str(row[0]) for row in rows]
