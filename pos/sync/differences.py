"""The rows that this counter and its server do not hold alike, by what people call them."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from pos.db.database import Database
from pos.db.fold.drawer import code_of
from pos.sync.memory import recall

Values = tuple[int | str, ...]
_NAMES: Final = {
    "stock": "SELECT name FROM product WHERE id=?",
    "debt": "SELECT name FROM customer WHERE id=?",
}


class Difference(NamedTuple):
    """A row of a group of `core.sync.digest`; no values where it is not there."""

    group: str
    name: str
    ours: Values
    theirs: Values


def differences(db: Database) -> tuple[Difference, ...]:
    """The rows that differ still, after folding again; none where all is the same or the server
    did not say which."""
    text = recall(db, "differing")
    return msgspec.json.decode(text, type=tuple[Difference, ...]) if text else ()


def called(db: Database, one: Difference) -> str:
    """What people call it: goods, a customer, a register's code, or a month (2026-11)."""
    if one.group == "sales":
        return one.name
    key = bytes.fromhex(one.name)
    if one.group == "heads":
        return code_of(db, key)
    if one.group == "cash":
        row = db.tuple_of("SELECT device, day FROM shift WHERE id=?", (key,))
        return f"{code_of(db, bytes(row[0]))} {row[1]}" if row else one.name[:8]
    return str(db.scalar(_NAMES[one.group], (key,)) or one.name[:8])
