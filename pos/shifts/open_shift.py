"""Which shift is open; there is one at most, for there is one drawer."""

from __future__ import annotations

from typing import NamedTuple

from core.errors import Refused
from pos.db.database import Database


class NoShift(Refused):
    """No shift is open: open one before selling."""

    code = "no_shift"


class OpenShift(NamedTuple):
    """The open shift: its float in rupiah, business date, when and by whom it was opened."""

    id: bytes
    day: str
    opened_ms: int
    opened_by: bytes
    float_amount: int


def open_shift(db: Database) -> OpenShift | None:
    """This counter's open shift, or None; others of the shop have drawers of their own."""
    row = db.tuple_of(
        "SELECT id, day, opened_ms, opened_by, float_amount FROM shift"
        " WHERE closed_pos IS NULL AND device IN (SELECT device FROM own_line)"
        " ORDER BY pos DESC LIMIT 1"
    )
    return None if row is None else OpenShift(bytes(row[0]), row[1], row[2], bytes(row[3]), row[4])


def open_shift_id(db: Database) -> bytes:
    """The open shift's id.

    Raises:
        NoShift: none is open.
    """
    found = open_shift(db)
    if found is None:
        raise NoShift()
    return found.id
