"""Columns of values packed as binary PostgreSQL arrays, in a few calls for a whole column.

psycopg adapts a list value by value; for 200,000 rows that takes longer than PostgreSQL takes
to store them. Packing a column with `struct` and `bytes.join` costs a tenth (docs/decisions/0013).
The format is that of `array_send` in PostgreSQL's array functions: dimensions, a flag for NULLs,
the element's type, length and lower bound, then each element preceded by its length.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, repeat
from typing import Any, ClassVar, Final

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_NULL: Final = struct.pack(">i", -1)


class Packed:
    """A column ready to be sent; `data` is the array in PostgreSQL's binary format."""

    __slots__ = ("data",)
    element_oid: ClassVar[int]
    array_oid: ClassVar[int]

    def __init__(self, values: Sequence[Any]) -> None:
        """Pack a column; None becomes NULL."""
        count = len(values)
        has_null = None in values
        if not count:
            self.data = struct.pack(">iiI", 0, 0, self.element_oid)
            return
        body = self._with_null(values) if has_null else self._all(values)
        self.data = struct.pack(">iiIii", 1, has_null, self.element_oid, count, 1) + body

    @staticmethod
    def _all(values: Sequence[Any]) -> bytes:
        raise NotImplementedError

    @classmethod
    def _with_null(cls, values: Sequence[Any]) -> bytes:
        # A value by itself is packed as a column of one: columns with NULLs are few.
        return b"".join(_NULL if value is None else cls._all((value,)) for value in values)


@lru_cache(maxsize=64)
def _fixed(code: str, count: int) -> Callable[..., bytes]:
    return struct.Struct(">" + ("i" + code) * count).pack


def _numbers(code: str, size: int, values: Sequence[int]) -> bytes:
    return _fixed(code, len(values))(*chain.from_iterable(zip(repeat(size), values, strict=False)))


def _varied(values: Sequence[bytes]) -> bytes:
    lengths = _lengths(len(values))(*map(len, values))
    heads = (lengths[place : place + 4] for place in range(0, len(lengths), 4))
    return b"".join(chain.from_iterable(zip(heads, values, strict=True)))


@lru_cache(maxsize=64)
def _lengths(count: int) -> Callable[..., bytes]:
    return struct.Struct(f">{count}i").pack


class Int2Array(Packed):
    """`smallint[]`."""

    element_oid, array_oid = 21, 1005

    @staticmethod
    def _all(values: Sequence[int]) -> bytes:
        return _numbers("h", 2, values)


class Int4Array(Packed):
    """`integer[]`."""

    element_oid, array_oid = 23, 1007

    @staticmethod
    def _all(values: Sequence[int]) -> bytes:
        return _numbers("i", 4, values)


class Int8Array(Packed):
    """`bigint[]`."""

    element_oid, array_oid = 20, 1016

    @staticmethod
    def _all(values: Sequence[int]) -> bytes:
        return _numbers("q", 8, values)


class BoolArray(Packed):
    """`boolean[]`."""

    element_oid, array_oid = 16, 1000

    @staticmethod
    def _all(values: Sequence[bool]) -> bytes:
        return _numbers("?", 1, values)


class UuidArray(Packed):
    """`uuid[]` from values of 16 bytes."""

    element_oid, array_oid = 2950, 2951

    @staticmethod
    def _all(values: Sequence[bytes]) -> bytes:
        if set(map(len, values)) != {16}:
            raise ValueError("an id has 16 bytes")
        head = b"\x00\x00\x00\x10"
        return head + head.join(values)


class BytesArray(Packed):
    """`bytea[]`."""

    element_oid, array_oid = 17, 1001

    @staticmethod
    def _all(values: Sequence[bytes]) -> bytes:
        sizes = set(map(len, values))
        if len(sizes) == 1:
            head = struct.pack(">i", sizes.pop())
            return head + head.join(values)
        return _varied(values)


class TextArray(Packed):
    """`text[]`."""

    element_oid, array_oid = 25, 1009

    @staticmethod
    def _all(values: Sequence[str]) -> bytes:
        return _varied([value.encode() for value in values])


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Packed) -> bytes:
        return obj.data


for _kind in (Int2Array, Int4Array, Int8Array, BoolArray, UuidArray, BytesArray, TextArray):
    psycopg.adapters.register_dumper(
        _kind, type(f"{_kind.__name__}Dumper", (_PackedDumper,), {"oid": _kind.array_oid})
    )
