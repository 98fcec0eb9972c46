"""When a provider is asked about a payment that it has not told us of. Pure.

A provider stops telling after some hours, and a notification may be lost: asking is what counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_SECOND: Final = 1_000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_AFTER_BEGIN: Final = (20 * _SECOND, _MINUTE, 3 * _MINUTE, 10 * _MINUTE)
_AFTER_END: Final = (0, 20 * _MINUTE, 6 * _HOUR)
FIRST_MS: Final = _AFTER_BEGIN[0]


def next_poll(begun_ms: int, ends_ms: int, now_ms: int) -> int | None:
    """The next instant after `now_ms`; None: no more, a person has to look.

    20 s, 1, 3 and 10 minutes after it began, every hour while it may be paid, when its time is
    over (the provider ends it in batches, somewhat later), 20 minutes and 6 hours after that.
    """
    return next((at for at in _instants(begun_ms, ends_ms) if at > now_ms), None)


def _instants(begun_ms: int, ends_ms: int) -> Iterator[int]:
    for length_ms in _AFTER_BEGIN:
        if begun_ms + length_ms < ends_ms:
            yield begun_ms + length_ms
    yield from range(begun_ms + _HOUR, ends_ms, _HOUR)
    for length_ms in _AFTER_END:
        yield ends_ms + length_ms
