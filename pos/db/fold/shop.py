"""Folding facts about the shop: lines of history, settings, staff."""

from __future__ import annotations

import msgspec

from core.facts.shop import (
    LineOpened,
    PinChanged,
    SettingsChanged,
    StaffAdded,
    StaffChanged,
)
from pos.db.fold.folding import Folding, update_fields

_STAFF = frozenset({"name", "role", "active", "permissions"})


def line_opened(at: Folding, fact: LineOpened) -> None:
    """A new line of history."""
    at.db.run(
        "INSERT INTO line (device, pos, register, reason, parent_device, parent_seq, parent_hash,"
        " machine, key, last_receipt) VALUES (?,?,?,?,?,?,?,?,?,0)",
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
        ),
    )


def settings_changed(at: Folding, fact: SettingsChanged) -> None:
    """Settings take their new values."""
    at.db.many(
        "INSERT INTO setting (name, value) VALUES (?,?)"
        " ON CONFLICT (name) DO UPDATE SET value=excluded.value",
        [(change.field, change.new) for change in fact.changes],
    )


def staff_added(at: Folding, fact: StaffAdded) -> None:
    """A new staff member, without a PIN yet."""
    at.db.run(
        "INSERT INTO staff (id, name, role, active, permissions, pin_digest)"
        " VALUES (?,?,?,1,'{}',x'')",
        (fact.staff_id, fact.name, fact.role),
    )


def staff_changed(at: Folding, fact: StaffChanged) -> None:
    """A staff member's fields."""
    changes: dict[str, object] = {}
    for change in fact.changes:
        value = msgspec.json.decode(change.new)
        if change.field == "permissions":
            value = change.new
        elif change.field == "active":
            value = int(value)
        changes[change.field] = value
    update_fields(at, "staff", fact.staff_id, changes, _STAFF)


def pin_changed(at: Folding, fact: PinChanged) -> None:
    """The digest by which a stored PIN is recognised as the one that was set."""
    at.db.run("UPDATE staff SET pin_digest=? WHERE id=?", (fact.digest, fact.staff_id))
