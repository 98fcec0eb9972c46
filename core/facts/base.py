"""What all facts share: the header that says when, who and on which business date."""

from __future__ import annotations

from typing import ClassVar

import msgspec


class Header(msgspec.Struct, frozen=True, array_like=True):
    """The circumstances of a fact, hashed with it.

    `at_ms` is the wall clock (UTC ms); `boot` and `mono_ms` name the start of the program and
    the monotonic time since, so that a wrong wall clock can be corrected later. `day` is the
    business date (YYYY-MM-DD). `by` is the staff member's id, `approved_by` the manager's who
    allowed it at the counter.
    """

    at_ms: int
    boot: bytes
    mono_ms: int
    day: str
    by: bytes = b""
    approved_by: bytes = b""


class Fact(msgspec.Struct, frozen=True, array_like=True):
    """The base of every fact; `KIND` and `VERSION` are set by each class.

    `GROWN` says how often a class got fields at its end, or a document that it changes got fields:
    a program from before read such facts without them, so what it made of them is folded again.
    """

    GROWN: ClassVar[int] = 0


class FieldChange(msgspec.Struct, frozen=True, array_like=True):
    """One field of a document: which value was replaced by which (both as JSON text)."""

    field: str
    old: str
    new: str
