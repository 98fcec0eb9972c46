"""When something happened: a counter's clock, corrected by what the server saw of it."""

from __future__ import annotations

from typing import NamedTuple

from core.facts.base import Header

_MS_LIMIT = 1 << 48


class Anchor(NamedTuple):
    """The server's clock (UTC ms) and a boot's monotonic clock (ms) at the same moment."""

    server_ms: int
    mono_ms: int


def corrected(header: Header, anchor: Anchor | None, before_ms: int, received_ms: int) -> int:
    """The corrected time (UTC ms) of an entry.

    Of its boot's anchor, else its wall clock; not after its receipt, and never before the line's
    previous entry (`before_ms`), whatever the server's own clock did in between.
    """
    at_ms = header.at_ms
    if anchor is not None:
        at_ms = anchor.server_ms + header.mono_ms - anchor.mono_ms
    return max(before_ms, min(max(at_ms, 0), received_ms, _MS_LIMIT))
