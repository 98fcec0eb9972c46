"""The container of old XLS files: are its chains of sectors sound?

A file system within a file ([MS-CFB]): tables say which sector follows which. calamine follows
them without counting, so that one flipped bit which closes a chain to a ring would fill the
memory of the machine.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

_HEADER_BYTES = 512
_MAX_REGULAR = 0xFFFFFFFA
"""Greater numbers are marks (free, end of chain, table sector), not sectors: [MS-CFB] 2.1."""
_SHIFTS = (9, 12)


def chains_are_sound(data: bytes) -> bool:
    """Say whether every chain of the container ends; False also where the header is damaged."""
    if len(data) < _HEADER_BYTES:
        return False
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in _SHIFTS:
        return False
    size = 1 << shift
    tables = _table_sectors(data, size)
    if tables is None:
        return False
    following = [number for sector in tables for number in _numbers(data, sector, size)]
    if _has_ring(following):
        return False
    small = _chain(struct.unpack_from("<I", data, 60)[0], following)
    return not _has_ring([number for sector in small for number in _numbers(data, sector, size)])


def _numbers(data: bytes, sector: int, size: int) -> Sequence[int]:
    part = data[(sector + 1) * size : (sector + 2) * size]
    return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])


def _table_sectors(data: bytes, size: int) -> list[int] | None:
    """List the sectors that hold the table; None where their list is a ring or repeats itself."""
    found = list(struct.unpack_from("<109I", data, 76))
    sector, seen = struct.unpack_from("<I", data, 68)[0], set[int]()
    while sector < _MAX_REGULAR:
        numbers = _numbers(data, sector, size)
        if sector in seen or not numbers:
            return None
        seen.add(sector)
        found += numbers[:-1]
        sector = numbers[-1]
    tables = [number for number in found if number < _MAX_REGULAR]
    return tables if len(tables) == len(set(tables)) else None


def _chain(start: int, following: Sequence[int]) -> Iterator[int]:
    """Follow a chain of a table that has no rings."""
    while start < len(following):
        yield start
        start = following[start]


def _has_ring(following: Sequence[int]) -> bool:
    """Say whether following the numbers from any sector on would never end."""
    ends = bytearray(len(following))
    for start in range(len(following)):
        path = []
        at = start
        while at < len(following) and ends[at] == 0:
            ends[at] = 1
            path.append(at)
            at = following[at]
        if at < len(following) and ends[at] == 1:
            return True
        for passed in path:
            ends[passed] = 2
    return False
