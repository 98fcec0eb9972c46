"""When a provider is asked about a payment that it has not told us of. Pure.

A provider stops telling after some hours, and a notification may be lost: asking is what counts.
Money that came is asked about once more, too: a bank or the provider itself may take it back.
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
_DAY: Final = 24 * _HOUR
_REVERSED: Final = 10 * _MINUTE
"""Some banks' transfers are reversed within 5 minutes (Midtrans: "deny" after "settlement")."""
_CHECK_DAYS: Final = (*range(1, 8), *range(14, 127, 7))
CHECKED_MS: Final = (_CHECK_DAYS[-1] + 1) * _DAY
"""So long money that came is asked about: card schemes let a buyer dispute for 120 days."""


def next_poll(begun_ms: int, ends_ms: int, now_ms: int) -> int | None:
    """The next instant after `now_ms`; None: no more, a person has to look.

    20 s, 1, 3 and 10 minutes after it began, every hour while it may be paid, when its time is
    over (the provider ends it in batches, somewhat later), 20 minutes and 6 hours after that.
    """
    return next((at for at in _instants(begun_ms, ends_ms) if at > now_ms), None)


def next_check(paid_ms: int, now_ms: int, key: bytes) -> int | None:
    """The next instant after `now_ms` at which money that came at `paid_ms` is asked about; None:
    no more.

    10 minutes after it came, each day of a week and each week of four months: some 25 questions.
    `key` (the payment's id) spreads them over the day, so that the payments of a busy hour are not
    all asked about in the same hour again.
    """
    if paid_ms + _REVERSED > now_ms:
        return paid_ms + _REVERSED
    spread_ms = int.from_bytes(key[-4:], "big") * _DAY // 2**32
    each = (paid_ms + days * _DAY + spread_ms for days in _CHECK_DAYS)
    return next((at for at in each if at > now_ms), None)


def _instants(begun_ms: int, ends_ms: int) -> Iterator[int]:
    for length_ms in _AFTER_BEGIN:
        if begun_ms + length_ms < ends_ms:
            yield begun_ms + length_ms
    yield from range(begun_ms + _HOUR, ends_ms, _HOUR)
    for length_ms in _AFTER_END:
        yield ends_ms + length_ms
