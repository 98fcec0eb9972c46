"""Rows that are the machine's own and follow from no fact: each carries a digest of itself.

So `verify` notices a changed rupiah or PIN there too, although the journal knows nothing of it.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from pos.db.database import Database


def seal_of(table: str, row: dict[str, Any]) -> bytes:
    """The digest of a row's columns, without the seal itself."""
    parts = [[name, row[name]] for name in sorted(row) if name != "seal"]
    return hashlib.sha256(table.encode() + b"\n" + msgspec.msgpack.encode(parts)).digest()


def put_sealed(db: Database, table: str, row: dict[str, Any]) -> None:
    """Insert or replace a row with its seal; inside the caller's transaction."""
    whole = {**row, "seal": seal_of(table, row)}
    columns = ", ".join(whole)
    marks = ", ".join("?" * len(whole))
    db.run(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})", tuple(whole.values()))


def broken_seals(db: Database, table: str) -> list[int]:
    """Row ids of rows that were changed behind the program's back."""
    cursor = db.connection.exec_driver_sql(f"SELECT rowid AS row_number, * FROM {table}")
    broken: list[int] = []
    for row in cursor.mappings():
        values = {name: row[name] for name in row if name != "row_number"}
        if seal_of(table, values) != values["seal"]:
            broken.append(int(row["row_number"]))
    return broken
