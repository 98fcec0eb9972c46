"""Which lines are of one counter: it goes on in a new one where its disk went back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Kin(Protocol):
    """What a line has to say of itself here."""

    @property
    def device(self) -> bytes:
        """Its id."""

    @property
    def parent(self) -> bytes | None:
        """The line that it follows."""

    @property
    def state(self) -> str:
        """`trusted`, `unconfirmed` or `revoked`."""


Line = TypeVar("Line", bound=Kin)


def goes_on(lines: Sequence[Line], line: Line) -> list[Line]:
    """Where the counter that wrote a line writes now: the trusted line that follows it, and so on.

    Several where a copy of the counter is trusted, too. The line itself where none follows. Who
    was revoked is followed through revoked lines: a newer one may have been let in again.
    """
    after: dict[bytes | None, list[Line]] = {}
    for newer in lines:
        after.setdefault(newer.parent, []).append(newer)
    ends: list[Line] = []
    todo, seen = [line], {line.device}
    while todo:
        one = todo.pop(0)
        states = {"trusted", one.state} - {"unconfirmed"}
        next_ones = [
            newer
            for newer in after.get(one.device, [])
            if newer.state in states and newer.device not in seen
        ]
        seen.update(newer.device for newer in next_ones)
        todo.extend(next_ones)
        if not next_ones:
            ends.append(one)
    return ends


def first_of(lines: Sequence[Line], line: Line) -> bytes:
    """The line that a counter began with, as far as it is known: it and its copies share it."""
    known = {one.device: one for one in lines}
    seen = {line.device}
    while (parent := known.get(line.parent or b"")) is not None and parent.device not in seen:
        seen.add(parent.device)
        line = parent
    return line.device
