"""Which words of the index a mistyped word may stand for, and which hold it inside.

One slip is allowed, two from six letters on: a letter more, less, other, or swapped with the next
(as at the counter). PostgreSQL finds what shares trigrams; a small office's SQLite has few enough
words to look at each. Of goods nothing is looked at: there are many more of them than of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import bindparam, func, or_, select

from server.db.schema.search import search_word
from server.db.transaction import Tx

MOST_NEAR: Final = 12
MOST_AROUND: Final = 40
LEAST: Final = 3
_TWO_SLIPS_FROM: Final = 6
_MOST_LIKE: Final = 400
_word = search_word.c.word
_length = func.length(_word).between(bindparam("shortest"), bindparam("longest"))
_ALL: Final = select(_word).where(_length)
_AROUND: Final = (
    select(_word)
    .where(_word.like(bindparam("inside")), _word != bindparam("itself"))
    .order_by(func.length(_word), _word)
    .limit(MOST_AROUND)
)


def near_words(tx: Tx, word: str) -> list[str]:
    """Words that this one may stand for, nearest first, itself left out."""
    if len(word) < LEAST or not word.isalpha():
        return []
    slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
    # What holds digits is told from others by one of them.
    known = [row.word for row in _candidates(tx, word, slips) if row.word.isalpha()]
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=None)
    near = sorted((distance, one[:1] != word[:1], one) for one, distance, _ in found if distance)
    return [one for _, _, one in near[:MOST_NEAR]]


def words_around(tx: Tx, word: str) -> list[str]:
    """Words that hold this one, the shortest first, itself left out. Folded words hold no sign of a
    pattern."""
    if len(word) < LEAST:
        return []
    return [row.word for row in tx.rows(_AROUND, inside=f"%{word}%", itself=word)]


def _candidates(tx: Tx, word: str, slips: int) -> Sequence[Any]:
    lengths = {"shortest": len(word) - slips, "longest": len(word) + slips}
    if not tx.is_postgresql:
        return tx.rows(_ALL, **lengths)
    # A slip leaves a piece of the word whole: of three pieces at least one where two are allowed.
    pieces = {f"%{word[at : at + 3]}%" for at in range(len(word) - 2)}
    begins, ends = f"{word[:2]}%", f"%{word[-2:]}"
    like = or_(*(_word.like(one) for one in sorted(pieces | {begins, ends})))
    likest = func.similarity(_word, bindparam("typed")).desc()
    query = _ALL.where(like).order_by(likest, _word).limit(_MOST_LIKE)
    return tx.rows(query, **lengths, typed=word)
