"""Which key does what at the counter: the standard, what may be chosen instead, what collides.

A key is written as Qt and keyboards call it: "F9", "Ctrl+E", "Del". Every F-key to F10 has a twin
for keyboards that hide them: Ctrl+9 does what F9 does, Ctrl+0 what F10 does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

STANDARD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "find": "F2",
        "customer": "F3",
        "price_check": "F4",
        "quantity": "F5",
        "park": "F6",
        "parked": "F7",
        "discount": "F8",
        "pay": "F9",
        "more": "F10",
        "lock": "F12",
        "unit": "Ctrl+U",
        "price": "Ctrl+E",
        "note": "Ctrl+K",
        "tiles": "Ctrl+T",
        "remove": "Del",
        "undo": "Ctrl+Z",
        "clear": "Ctrl+Del",
        "new_product": "Ins",
    }
)
"""Acts of the selling screen and their keys."""

FIXED: Final = frozenset({"F1", "F11", "Ctrl+/", "Ctrl+O"})
"""Help, full screen, the sheet of keys, online orders: on every page, so that they are found."""

_OF_TEXT = frozenset({"Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X"})
_OF_SCANNERS = frozenset({"Ctrl+I", "Ctrl+J", "Ctrl+M"})
"""Tab, line feed and carriage return as scanners type them."""

_CHOOSABLE = re.compile(
    r"(?:Ctrl\+)?(?:Shift\+)?F(?:1[0-2]|[1-9])|(?:Ctrl\+|Shift\+)?(?:Ins|Del)|Ctrl\+(?:Shift\+)?[A-Z]"
)
_TWIN = re.compile(r"Ctrl\+(?P<digit>[0-9])")
_TWINNED = re.compile(r"F(?P<number>10|[1-9])")

Why = Literal["taken", "fixed", "text", "scanner", "unfit"]


class Trouble(NamedTuple):
    """Why a key cannot be had; `other` is the act that has it."""

    why: Why
    key: str
    other: str = ""


def twin(key: str) -> str:
    """The Ctrl+digit that does the same as an F-key; "" where there is none."""
    found = _TWINNED.fullmatch(key)
    return f"Ctrl+{int(found['number']) % 10}" if found else ""


def original(key: str) -> str:
    """The F-key that a Ctrl+digit stands for; any other key is itself."""
    found = _TWIN.fullmatch(key)
    return f"F{int(found['digit']) or 10}" if found else key


def in_force(chosen: Mapping[str, str]) -> dict[str, str]:
    """Each act's key: the standard but for what was chosen.

    What is unknown or unfit is left out. Where two acts would have one key, all are as at first:
    a key that does two things is worse than one that was not expected.
    """
    keys = dict(STANDARD)
    for act, key in chosen.items():
        if act in keys and _unfit(key) is None:
            keys[act] = original(key)
    return keys if len(set(keys.values())) == len(keys) else dict(STANDARD)


def trouble_with(act: str, key: str, keys: Mapping[str, str]) -> Trouble | None:
    """Why `act` cannot have `key` beside the keys in force; None where it can."""
    wanted = original(key)
    found = _unfit(wanted)
    if found is not None:
        return Trouble(found, wanted)
    for other, has in keys.items():
        if other != act and has == wanted:
            return Trouble("taken", wanted, other)
    return None


def _unfit(key: str) -> Why | None:
    wanted = original(key)
    if wanted in FIXED:
        return "fixed"
    if wanted in _OF_TEXT:
        return "text"
    if wanted in _OF_SCANNERS:
        return "scanner"
    return None if _CHOOSABLE.fullmatch(wanted) else "unfit"
