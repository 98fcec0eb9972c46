"""Finding products by what a cashier types, right or nearly right."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from core.text import words
from pos.search.index import NAME
from pos.search.slips import Variants, variants

_MOST_WORDS_TYPED: Final = 8
_MOST_VARIANTS: Final = 40
_MOST_INNER: Final = 40
_LEAST_INNER: Final = 3
_RESCORED: Final = 100
_NAMED: Final = 40
_CODES: Final = 60

Doc = tuple[int, bytes, str]
_MATCH: Final = (
    "SELECT d.docid, d.product_id, d.folded FROM"
    " (SELECT rowid FROM product_fts WHERE product_fts MATCH ? ORDER BY rowid LIMIT ?) f"
    " CROSS JOIN search_doc d ON d.docid = f.rowid ORDER BY d.docid"
)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What one typed word may stand for: itself begun, words near it, words it is a part of."""

    word: str
    near: Variants
    around: tuple[str, ...]

    def expression(self) -> str:
        begun = [f'"{start}"*' for start in (self.word, *self.near.starts)]
        whole = [f'"{word}"' for word in (*self.near.words, *self.around)]
        return "(" + " OR ".join(begun + whole) + ")"


def find(conn: sqlite3.Connection, query: str, limit: int = 20) -> list[bytes]:
    """The ids of up to `limit` products for what was typed so far, best first.

    Every typed word is the beginning of a word of the product. First the product of which it is
    a code or the whole name, then names that begin with it, then the most sold. Only where these
    do not fill the list, parts inside words and words one or two slips away are tried.
    """
    typed = words(query)[:_MOST_WORDS_TYPED]
    if not typed or limit < 1:
        return []
    found = _exact(conn, typed, limit)
    found += _match(conn, " AND ".join(f'"{word}"*' for word in typed), limit)
    ids = _unique(found, limit)
    if len(ids) < limit:
        ids = _unique([*found, *_nearly(conn, typed)], limit)
    return ids


def _unique(docs: Iterable[Doc], limit: int) -> list[bytes]:
    return list(dict.fromkeys(product_id for _, product_id, _ in docs))[:limit]


def _exact(conn: sqlite3.Connection, typed: Sequence[str], limit: int) -> list[Doc]:
    """Products of which the query is a whole part, then those whose name begins with it."""
    text = " ".join(typed)
    if len(text) < 2:
        return []
    phrase = _match(conn, f'"{text}"', max(limit, _CODES))
    whole = [doc for doc in phrase if text in doc[2].split("\n")]
    starts = _match(conn, f'^"{text}"*', limit) if len(text) > 2 else []
    return whole + _named(conn, [text]) + starts


def _named(conn: sqlite3.Connection, names: Sequence[str]) -> list[Doc]:
    """Products with just one of these folded names, the most sold first."""
    rows: list[Doc] = conn.execute(
        f"SELECT docid, product_id, folded FROM search_doc"
        f" WHERE {NAME} IN ({','.join('?' * len(names))}) ORDER BY docid LIMIT {_NAMED}",
        names,
    ).fetchall()
    return rows


def _match(conn: sqlite3.Connection, expression: str, limit: int) -> list[Doc]:
    rows: list[Doc] = conn.execute(_MATCH, (expression, limit)).fetchall()
    return rows


def _nearly(conn: sqlite3.Connection, typed: Sequence[str]) -> list[Doc]:
    """Products for words with slips, or typed from the middle, the likest first.

    A word that begins no known word is the one to doubt; only where that leads nowhere, or all
    are known, is every word doubted.
    """
    unknown = {word for word in typed if not _begins_a_word(conn, word)}
    found: list[Doc] = []
    if unknown and len(unknown) < len(typed):
        found = _meant(conn, [_meaning(conn, word, unknown, unknown) for word in typed])
    if not found:
        found = _meant(conn, [_meaning(conn, word, typed, unknown) for word in typed])
    return _by_likeness(" ".join(typed), found)


def _meant(conn: sqlite3.Connection, meant: Sequence[_Meaning]) -> list[Doc]:
    found = _match(conn, " AND ".join(one.expression() for one in meant), _RESCORED)
    return found + _named(conn, _near_names(meant))


def _meaning(
    conn: sqlite3.Connection, word: str, doubted: Container[str], unknown: Container[str]
) -> _Meaning:
    near = variants(conn, word, _MOST_VARIANTS) if word in doubted else Variants()
    around = _around(conn, word) if word in unknown and len(word) >= _LEAST_INNER else ()
    return _Meaning(word, near, around)


def _around(conn: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Known words that a word of three letters or more is a part of."""
    rows = conn.execute(
        "SELECT word FROM search_inner WHERE search_inner MATCH ? LIMIT ?",
        (f'"{word}"', _MOST_INNER),
    )
    return tuple(inner for (inner,) in rows)


def _begins_a_word(conn: sqlite3.Connection, word: str) -> bool:
    row = conn.execute("SELECT word FROM search_word WHERE word >= ? LIMIT 1", (word,)).fetchone()
    return row is not None and str(row[0]).startswith(word)


def _near_names(meant: Sequence[_Meaning]) -> list[str]:
    """Whole names that come of taking one typed word for a word near it."""
    typed = [one.word for one in meant]
    return [
        " ".join([*typed[:place], word, *typed[place + 1 :]])
        for place, one in enumerate(meant)
        for word in one.near.words
    ]


def _by_likeness(text: str, docs: Iterable[Doc]) -> list[Doc]:
    """Likest first: the name as a whole counts, and what it begins with; then the most sold."""
    unique = {doc[0]: doc for doc in docs}
    scores = {docid: _likeness(text, doc[2]) for docid, doc in unique.items()}
    return sorted(unique.values(), key=lambda doc: (-scores[doc[0]], doc[0]))


def _likeness(text: str, folded: str) -> int:
    name = folded.partition("\n")[0]
    whole = fuzz.ratio(text, name)
    begun = fuzz.ratio(text, name[: len(text)])
    return round(0.7 * whole + 0.3 * begun)
