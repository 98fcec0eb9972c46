"""Which known words a mistyped word may stand for.

Symmetric deletion (Garbe 2012): two words one slip apart share a form with one letter left out.
The forms of the first four and first six letters are kept, by distinct beginning rather than by
word, so that a slip in a word's beginning is found whatever the ending.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

_SHORT: Final = 4
_LONG: Final = 6
_LEAST: Final = 2
_TWO_SLIPS_FROM: Final = 6
_LENGTH_MOVES: Final = 2


@dataclass(frozen=True, slots=True)
class Variants:
    """What a word may stand for: whole words, nearest first, and beginnings of longer ones."""

    words: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()


def starts_of(word: str) -> set[str]:
    """The beginnings by which a word is kept; a code with digits in it is never guessed."""
    return {word[:_SHORT], word[:_LONG]} if len(word) >= _LEAST and word.isalpha() else set()


def keys_of(start: str) -> set[int]:
    """A beginning itself and with each one letter left out, as numbers: half the size of text."""
    forms = {start, *(start[:i] + start[i + 1 :] for i in range(len(start)))}
    return {zlib.crc32(form.encode()) for form in forms}


def variants(conn: sqlite3.Connection, word: str, most: int) -> Variants:
    """Known words that `word` may stand for, itself left out; `most` of each sort.

    One slip is allowed, two from six letters on: a letter more, less, other or swapped with the
    next (optimal string alignment).
    """
    if len(word) < _LEAST or word.isdigit():
        return Variants()
    starts = _near_starts(conn, word)
    allowed = 2 if len(word) >= _TWO_SLIPS_FROM else 1
    near: dict[str, int] = {}
    for candidate in _known(conn, starts, len(word)):
        distance = OSA.distance(word, candidate, score_cutoff=allowed)
        if 0 < distance <= allowed:
            near[candidate] = distance
    ranked = sorted(near, key=lambda w: (near[w], w[:1] != word[:1], w))
    begun = (s for s in starts if len(s) == _LONG and len(word) in (_LONG, _LONG + 1))
    return Variants(tuple(ranked[:most]), tuple(sorted(begun)[:most]))


def _near_starts(conn: sqlite3.Connection, word: str) -> list[str]:
    """Kept beginnings at most one slip from the word's own.

    A slip may have moved the border of the beginning by one letter either way.
    """
    sizes = {n for size in (_SHORT, _LONG) for n in (size - 1, size, size + 1)}
    heads = {word[:size] for size in sizes}
    keys = set().union(*map(keys_of, heads))
    rows = conn.execute(
        f"SELECT DISTINCT start FROM search_delete WHERE key IN ({','.join('?' * len(keys))})",
        tuple(keys),
    )
    return [start for (start,) in rows if _is_near(start, word)]


def _is_near(start: str, word: str) -> bool:
    size = len(start)
    return any(
        OSA.distance(start, word[:end], score_cutoff=1) <= 1 for end in (size, size - 1, size + 1)
    )


def _known(conn: sqlite3.Connection, starts: Iterable[str], length: int) -> Iterable[str]:
    """Known words of about this length with one of the beginnings."""
    short = {start for start in starts if len(start) <= _SHORT}
    for start in short | {start for start in starts if start[:_SHORT] not in short}:
        rows = conn.execute(
            "SELECT word FROM search_word WHERE word >= ? AND word < ?"
            " AND length(word) BETWEEN ? AND ?",
            (start, start + "\U0010ffff", length - _LENGTH_MOVES, length + _LENGTH_MOVES),
        )
        yield from (word for (word,) in rows)
