"""Facts about the shop itself: lines of history, settings, staff, the confirmed date."""

from __future__ import annotations

from typing import ClassVar, Literal

from core.facts.base import Fact, FieldChange

LineReason = Literal["founded", "copied", "restored", "moved", "behind", "forked", "enrolled"]
Role = Literal["owner", "manager", "cashier"]


class LineOpened(Fact, frozen=True, array_like=True):
    """A line of history begins: the first entry of every device's chain.

    `parent_*` name the entry after which an older line was left, empty for the first line.
    `machine` and `key` are SHA-256 digests of the machine's identity and the device's key.
    """

    KIND: ClassVar[str] = "line_opened"
    VERSION: ClassVar[int] = 1

    register: str
    reason: LineReason
    machine: bytes
    key: bytes
    parent_device: bytes = b""
    parent_seq: int = 0
    parent_hash: bytes = b""


class SettingsChanged(Fact, frozen=True, array_like=True):
    """Settings of the shop were set; each with the value it replaced."""

    KIND: ClassVar[str] = "settings_changed"
    VERSION: ClassVar[int] = 1

    changes: tuple[FieldChange, ...]


class StaffAdded(Fact, frozen=True, array_like=True):
    """Somebody may work at the counter from now on."""

    KIND: ClassVar[str] = "staff_added"
    VERSION: ClassVar[int] = 1

    staff_id: bytes
    name: str
    role: Role


class StaffChanged(Fact, frozen=True, array_like=True):
    """Name, role, permissions or activity of a staff member changed."""

    KIND: ClassVar[str] = "staff_changed"
    VERSION: ClassVar[int] = 1

    staff_id: bytes
    changes: tuple[FieldChange, ...]


class PinChanged(Fact, frozen=True, array_like=True):
    """A PIN was set. The journal holds only a digest of the stored argon2 text, never the PIN."""

    KIND: ClassVar[str] = "pin_changed"
    VERSION: ClassVar[int] = 1

    staff_id: bytes
    digest: bytes


class BusinessDateConfirmed(Fact, frozen=True, array_like=True):
    """The clock was in doubt and a person said which business date it is."""

    KIND: ClassVar[str] = "business_date_confirmed"
    VERSION: ClassVar[int] = 1

    day: str
    clock_ms: int
    reason: Literal["before_build", "before_last_entry"]
