"""Cutting a stream of ESC/POS into commands; what is no known command is an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class UnknownCommand(AssertionError):
    """Bytes that a printer would print as garbage."""


class Token(NamedTuple):
    """One command (`name` in the form "ESC @") or one run of text, with all its bytes."""

    name: str
    data: bytes
    offset: int


_SINGLE = {0x00: "NUL", 0x09: "HT", 0x0A: "LF", 0x0D: "CR"}
# Bytes after the command's own two.
_FIXED = {
    "ESC": {
        **dict.fromkeys(b"@2", 0),
        **dict.fromkeys(b"!adJEG-MtR3{", 1),
        **dict.fromkeys(b"$\\B", 2),
        ord("p"): 3,
    },
    "GS": {
        **dict.fromkeys(b"!BhwHfrIa", 1),
        **dict.fromkeys(b"LW", 2),
    },
    "FS": dict.fromkeys(b".&", 0),
}
_REALTIME = {0x04: 1, 0x05: 1}
_LEADS = {0x1B: "ESC", 0x1D: "GS", 0x1C: "FS"}


def tokens(data: bytes) -> Iterator[Token]:
    """The whole commands of a stream; an unfinished one at the end is left out."""
    offset = 0
    while offset < len(data):
        name, length = _measure(data, offset)
        if offset + length > len(data) or not length:
            return
        yield Token(name, data[offset : offset + length], offset)
        offset += length


def _measure(data: bytes, at: int) -> tuple[str, int]:
    """Name and length of the command at a place; length 0: more bytes are needed."""
    first = data[at]
    if first in _SINGLE:
        return _SINGLE[first], 1
    if first >= 0x20:
        end = at
        while end < len(data) and data[end] >= 0x20:
            end += 1
        return "text", end - at
    if at + 1 >= len(data):
        return "", 0
    second = data[at + 1]
    if first == 0x10:
        return _realtime(data, at, second)
    lead = _LEADS.get(first)
    if lead is None:
        raise UnknownCommand(f"{first:02x} at {at}")
    name = f"{lead} {chr(second)}"
    if second in _FIXED[lead]:
        return name, 2 + _FIXED[lead][second]
    return name, _variable(data, at, name)


def _realtime(data: bytes, at: int, second: int) -> tuple[str, int]:
    if second in _REALTIME:
        return f"DLE {second}", 3
    if second == 0x14:
        if at + 2 >= len(data):
            return "", 0
        return "DLE 20", {1: 5, 8: 10}.get(data[at + 2], 3)
    raise UnknownCommand(f"10 {second:02x} at {at}")


def _variable(data: bytes, at: int, name: str) -> int:
    rest = data[at + 2 : at + 8]
    if name == "GS V":
        return 0 if not rest else 4 if rest[0] in (0x41, 0x42) else 3
    if name == "GS v":
        if len(rest) < 6:
            return 0
        return 8 + int.from_bytes(rest[2:4], "little") * int.from_bytes(rest[4:6], "little")
    if name == "GS (":
        return 0 if len(rest) < 3 else 5 + int.from_bytes(rest[1:3], "little")
    if name == "GS k":
        if not rest:
            return 0
        if rest[0] >= 65:
            return 0 if len(rest) < 2 else 4 + rest[1]
        end = data.find(b"\x00", at + 3)
        return 0 if end < 0 else end + 1 - at
    raise UnknownCommand(f"{name} at {at}")
