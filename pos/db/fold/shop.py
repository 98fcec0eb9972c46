"""Folding facts about the shop: lines of history, settings, staff."""

from __future__ import annotations

from core.facts.shop import (
    LineOpened,
    PinChanged,
    SettingsChanged,
    StaffAdded,
    StaffChanged,
)
from pos.db.fold.drawer import REPAID_AT, code_of, name_receipts
from pos.db.fold.fields import Change, change_fields, take_earlier
from pos.db.fold.folding import Folding


def line_opened(at: Folding, fact: LineOpened) -> None:
    """A new line of history."""
    before = code_of(at.db, at.device)
    at.db.run(
        "INSERT INTO line (device, pos, register, reason, parent_device, parent_seq, parent_hash,"
        " machine, key, last_receipt) VALUES (?,?,?,?,?,?,?,?,?,?)",
        (
            at.device,
            at.pos,
            fact.register,
            fact.reason,
            fact.parent_device,
            fact.parent_seq,
            fact.parent_hash,
            fact.machine,
            fact.key,
            _last_number(at),
        ),
    )
    name_receipts(at, at.device, before)


def _last_number(at: Folding) -> int:
    """The last receipt number of a line of which later entries were let count before its first."""
    if at.standing == "alone" or at.seq != 1:
        return 0
    rows = at.db.rows(
        "SELECT receipt FROM sale WHERE device=?1 UNION ALL SELECT receipt FROM repayment"
        f" WHERE {REPAID_AT}=?1",
        (at.device,),
    )
    return max((int(row[0].rpartition("-")[2]) for row in rows), default=0)


def settings_changed(at: Folding, fact: SettingsChanged) -> None:
    """Settings take their new values; what a counter said before it joined is past."""
    if not at.joined:
        changes = [Change(change.field, change.old, change.new) for change in fact.changes]
        change_fields(at, "setting", b"", changes)


def staff_added(at: Folding, fact: StaffAdded) -> None:
    """A new staff member, without a PIN yet."""
    at.db.run(
        "INSERT INTO staff (id, name, role, active, permissions) VALUES (?,?,?,1,'{}')",
        (fact.staff_id, fact.name, fact.role),
    )
    take_earlier(at, "staff", (fact.staff_id,))


def staff_changed(at: Folding, fact: StaffChanged) -> None:
    """A staff member's fields."""
    changes = [Change(change.field, change.old, change.new) for change in fact.changes]
    change_fields(at, "staff", fact.staff_id, changes)


def pin_changed(at: Folding, fact: PinChanged) -> None:
    """The digest by which a PIN stored at that counter is recognised; PINs do not travel."""
    at.db.run(
        "INSERT INTO staff_pin (device, staff_id, digest) VALUES (?,?,?)"
        " ON CONFLICT (device, staff_id) DO UPDATE SET digest=excluded.digest",
        (at.device, fact.staff_id, fact.digest),
    )
