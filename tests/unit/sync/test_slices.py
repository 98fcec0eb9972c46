"""How much of a page holds the writer at once follows from what there is to do."""

from __future__ import annotations

import pytest

from core.sync.limits import APPLY_MS
from core.sync.messages import FeedEntry
from pos.sync.slices import FIRST, MOST, MUCH_WAITS, Slices, weight


def _entries(count: int, size: int | None) -> list[FeedEntry]:
    body = None if size is None else bytes(size)
    return [
        FeedEntry(n, b"d" * 16, n, "drawer_opened", 1, b"", b"", 0, "", b"", body)
        for n in range(1, count + 1)
    ]


def _all(slices: Slices, ms_each: float) -> list[int]:
    """The lengths of all slices, where each entry takes so long."""
    found: list[int] = []
    while part := slices.take():
        slices.took(ms_each * len(part))
        found.append(len(part))
    return found


@pytest.mark.parametrize("count", [0, 1, 31, 500])
def test_every_entry_comes_once_in_its_order(count: int) -> None:
    entries = _entries(count, 40)
    slices = Slices(entries)
    taken: list[FeedEntry] = []
    while part := slices.take():
        taken += part
    assert taken == entries


def test_where_entries_are_quick_slices_grow_up_to_a_bound() -> None:
    lengths = _all(Slices(_entries(4_000, 40)), 0.000_1)
    assert lengths[:3] == [FIRST, FIRST * 2, FIRST * 4]
    assert max(lengths) == MOST


def test_where_much_waits_one_is_begun_with() -> None:
    """All that waits for the goods of a slice is lifted off at once."""
    lengths = _all(Slices(_entries(4_000, 40), MUCH_WAITS + 1), 0.000_1)
    assert lengths[:3] == [1, 2, 4]
    assert _all(Slices(_entries(99, 40), MUCH_WAITS), 0.000_1)[0] == FIRST


def test_where_they_are_slow_they_shrink_to_single_ones() -> None:
    lengths = _all(Slices(_entries(100, 40)), APPLY_MS)
    assert lengths[0] == FIRST and lengths[-1] == 1


def test_entries_of_many_lines_come_in_fewer_at_a_time() -> None:
    """Light ones have shown a quick machine; the heavy ones after them are no surprise."""
    slices = Slices([*_entries(FIRST, 40), *_entries(100, 1_000)])
    assert len(slices.take()) == FIRST
    slices.took(0.5)
    heavy = slices.take()
    assert FIRST * 2 <= sum(map(weight, heavy)) < FIRST * 2 + weight(heavy[0])
    assert len(heavy) < FIRST / 2


def test_an_entry_that_is_larger_than_all_room_comes_alone() -> None:
    assert _all(Slices(_entries(3, 200_000)), 1) == [1, 1, 1]


def test_own_entries_weigh_although_their_bytes_stayed_away() -> None:
    assert weight(_entries(1, None)[0]) > weight(_entries(1, 40)[0])
