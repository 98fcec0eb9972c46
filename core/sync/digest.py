"""Do both sides hold the same? Order-free digests of the accepted state, group by group.

A row's digest is the first 16 bytes of SHA-256 over its group, key and values as text; a group's
digest is their sum modulo 2^128 beside a count and a plain sum. A sum guards against mistakes;
against people the hash chains guard.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

GROUPS: Final = ("stock", "debt", "cash", "sales", "heads")
"""stock by product, debt by customer, cash by shift, sales by month, heads by device."""

_MODULUS: Final = 1 << 128


class GroupDigest(msgspec.Struct, frozen=True, array_like=True):
    """A group's figures: rows that are not nought, the plain sum of their first value, and the
    order-free hash (32 hexadecimal digits)."""

    count: int
    total: int
    hash: str


NOTHING: Final = GroupDigest(0, 0, "0" * 32)


def row_digest(group: str, key: bytes | str, *values: int | str) -> int:
    """The digest of one row as a number below 2^128."""
    name = key.hex() if isinstance(key, bytes) else key
    text = "\n".join((group, name, *map(str, values)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


def fold_rows(group: str, rows: Iterable[tuple[bytes | str, tuple[int | str, ...]]]) -> GroupDigest:
    """The digest of a group. A row whose first value is 0 counts as absent."""
    count = total = added = 0
    for key, values in rows:
        first = values[0]
        if not first:
            continue
        count += 1
        total += first if isinstance(first, int) else 0
        added += row_digest(group, key, *values)
    return GroupDigest(count, total, f"{added % _MODULUS:032x}")


def change_row(
    group: str,
    digest: GroupDigest,
    key: bytes | str,
    old: tuple[int | str, ...],
    new: tuple[int | str, ...],
) -> GroupDigest:
    """The group's digest after one row went from `old` to `new` (first value 0: absent)."""
    return change_rows(group, digest, ((key, old, new),))


def change_rows(
    group: str,
    digest: GroupDigest,
    changes: Iterable[tuple[bytes | str, tuple[int | str, ...], tuple[int | str, ...]]],
) -> GroupDigest:
    """`change_row` for many rows: each with its key, old and new values."""
    count, total, added = digest.count, digest.total, int(digest.hash, 16)
    for key, old, new in changes:
        if old[0]:
            count -= 1
            total -= old[0] if isinstance(old[0], int) else 0
            added -= row_digest(group, key, *old)
        if new[0]:
            count += 1
            total += new[0] if isinstance(new[0], int) else 0
            added += row_digest(group, key, *new)
    return GroupDigest(count, total, f"{added % _MODULUS:032x}")


def part_of(key: bytes | str) -> str:
    """Which of a group's 256 parts a row belongs to (two hexadecimal digits)."""
    name = key.hex() if isinstance(key, bytes) else key
    return hashlib.sha256(name.encode()).hexdigest()[:2]
