"""The search index: its tables, and keeping them up to date.

All of it can be made again from the catalog, so it is no part of what the journal proves. Nothing
here begins or commits a transaction: a change of the catalog and of the index is one.

A document's text is its parts (name first, then code, brand, category, barcodes) joined by line
feeds; each part is folded. Document numbers are handed out by sales rank, so that the index's own
order is "most sold first" and no search has to sort.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final

from core.text import fold
from pos.search.slips import keys_of, starts_of

GAP: Final = 16
NAME: Final = "substr(folded, 1, instr(folded || char(10), char(10)) - 1)"
_LONGEST_WORD: Final = 32

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS search_doc (docid INTEGER PRIMARY KEY,"
    " product_id BLOB NOT NULL, folded TEXT NOT NULL) STRICT",
    "CREATE VIRTUAL TABLE IF NOT EXISTS product_fts USING fts5(folded, content='search_doc',"
    " content_rowid='docid', tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')",
    "CREATE TABLE IF NOT EXISTS search_word (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)"
    " STRICT",
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_inner USING fts5(word, content='search_word',"
    " content_rowid='id', tokenize='trigram')",
    "CREATE TABLE IF NOT EXISTS search_delete (key INTEGER NOT NULL, start TEXT NOT NULL,"
    " PRIMARY KEY (key, start)) STRICT, WITHOUT ROWID",
)
_INDEXES: Final = (
    "CREATE UNIQUE INDEX IF NOT EXISTS search_doc_product ON search_doc (product_id)",
    f"CREATE INDEX IF NOT EXISTS search_doc_name ON search_doc ({NAME})",
)


# FTS5 merges its segments a batch of pages at a time, by whoever writes next, who holds the writer
# for it: measured with 20,000 goods, up to 28 ms with pages of 4 KiB, and where it waits until 16
# segments have come together (sqlite.org/fts5.html, "The 'pgsz'" and "The 'crisismerge' option").
_SMALL_MERGES: Final = {"pgsz": 1_000, "crisismerge": 1_000}


def create_tables(conn: sqlite3.Connection) -> None:
    """Make the index's tables where they are missing."""
    before = conn.execute("SELECT 1 FROM sqlite_schema WHERE name = 'product_fts'").fetchone()
    for statement in (*_TABLES, *_INDEXES):
        conn.execute(statement)
    if before is None:
        _merge_little(conn)


def _merge_little(conn: sqlite3.Connection) -> None:
    for table in ("product_fts", "search_inner"):
        for name, value in _SMALL_MERGES.items():
            conn.execute(f"INSERT INTO {table}({table}, rank) VALUES (?,?)", (name, value))


def drop_tables(conn: sqlite3.Connection) -> None:
    """Remove the index; `create_tables` and `rebuild` make it again."""
    for table in ("product_fts", "search_inner", "search_doc", "search_word", "search_delete"):
        conn.execute(f"DROP TABLE IF EXISTS {table}")


def fold_text(text: str) -> str:
    """Fold each part of a document's text, and keep the parts apart."""
    return "\n".join(filter(None, map(fold, text.split("\n"))))


def put(conn: sqlite3.Connection, product_id: bytes, text: str, rank: int | None = None) -> None:
    """Add a product, or replace its text.

    `rank` is its place among the most sold (0 first); without it a known product keeps its place
    and a new one comes last.
    """
    folded = fold_text(text)
    if rank is None and _says(conn, product_id, folded):
        return
    docid = remove(conn, product_id)
    if rank is not None:
        docid = _free(conn, max(rank, 0) * GAP + 1)
    elif docid is None:
        last = conn.execute("SELECT max(docid) FROM search_doc").fetchone()[0]
        docid = (last or 0) + GAP
    conn.execute("INSERT INTO search_doc VALUES (?,?,?)", (docid, product_id, folded))
    conn.execute("INSERT INTO product_fts(rowid, folded) VALUES (?,?)", (docid, folded))
    _add_words(conn, _new_words(conn, _words(folded)))


def _says(conn: sqlite3.Connection, product_id: bytes, folded: str) -> bool:
    said = "SELECT 1 FROM search_doc WHERE product_id = ? AND folded = ?"
    return conn.execute(said, (product_id, folded)).fetchone() is not None


def _new_words(conn: sqlite3.Connection, words: set[str]) -> set[str]:
    seen = "SELECT 1 FROM search_word WHERE word = ?"
    return {word for word in words if conn.execute(seen, (word,)).fetchone() is None}


def _free(conn: sqlite3.Connection, wanted: int) -> int:
    """The first unused document number from `wanted` on."""
    taken = conn.execute("SELECT 1 FROM search_doc WHERE docid = ?", (wanted,)).fetchone()
    if taken is None:
        return wanted
    row = conn.execute(
        "SELECT d.docid + 1 FROM search_doc d WHERE d.docid >= ? AND NOT EXISTS"
        " (SELECT 1 FROM search_doc n WHERE n.docid = d.docid + 1) ORDER BY d.docid LIMIT 1",
        (wanted,),
    ).fetchone()
    return int(row[0])


def remove(conn: sqlite3.Connection, product_id: bytes) -> int | None:
    """Take a product out and give the document number that it had.

    Its words stay known: they lead nowhere and go at the next rebuild.
    """
    row = conn.execute(
        "SELECT docid, folded FROM search_doc WHERE product_id = ?", (product_id,)
    ).fetchone()
    if row is None:
        return None
    conn.execute("INSERT INTO product_fts(product_fts, rowid, folded) VALUES ('delete',?,?)", row)
    conn.execute("DELETE FROM search_doc WHERE docid = ?", (row[0],))
    return int(row[0])


def rebuild(
    conn: sqlite3.Connection, rows: Iterable[tuple[bytes, str, int]], *, folded: bool = False
) -> None:
    """Make the whole index again from (product id, text, quantity sold), most sold first.

    `folded` says that the texts are folded already. Nothing here keeps other threads waiting:
    no long list is sorted, joined or split in one call.
    """
    drop_tables(conn)
    for statement in _TABLES:
        conn.execute(statement)
    _merge_little(conn)
    ranked = sorted(rows, key=lambda row: -row[2])
    words: set[str] = set()

    def docs() -> Iterator[tuple[int, bytes, str]]:
        for place, (product_id, text, _) in enumerate(ranked):
            text = text if folded else fold_text(text)
            words.update(text.split())
            yield place * GAP + 1, product_id, text

    conn.executemany("INSERT INTO search_doc VALUES (?,?,?)", docs())
    conn.execute("INSERT INTO product_fts(product_fts) VALUES ('rebuild')")
    _add_words(conn, {word for word in words if _is_worth(word)})
    for statement in _INDEXES:
        conn.execute(statement)


def _words(folded: str) -> set[str]:
    """Words worth knowing for slips and inner parts; long numbers are found by their start."""
    return {word for word in set(folded.split()) if _is_worth(word)}


def _is_worth(word: str) -> bool:
    return len(word) <= _LONGEST_WORD and not _is_number(word)


def _is_number(word: str) -> bool:
    return len(word) >= 8 and word.isdigit()


def _add_words(conn: sqlite3.Connection, words: set[str]) -> None:
    """Note words that are not known yet, the forms they have with a slip, and their parts."""
    last = conn.execute("SELECT coalesce(max(id), 0) FROM search_word").fetchone()[0]
    _fresh(conn, "search_new_word (word TEXT)")
    conn.executemany("INSERT INTO search_new_word VALUES (?)", ((word,) for word in words))
    conn.execute("INSERT INTO search_word(word) SELECT word FROM search_new_word ORDER BY word")
    conn.execute(
        "INSERT INTO search_inner(rowid, word) SELECT id, word FROM search_word WHERE id > ?"
        " ORDER BY id",
        (last,),
    )
    starts: set[str] = set()
    for word in words:
        starts.update(starts_of(word))
    _add_starts(conn, starts)


def _add_starts(conn: sqlite3.Connection, starts: set[str]) -> None:
    _fresh(conn, "search_new_start (key INTEGER, start TEXT)")
    pairs = ((key, start) for start in starts for key in keys_of(start))
    conn.executemany("INSERT INTO search_new_start VALUES (?,?)", pairs)
    conn.execute(
        "INSERT OR IGNORE INTO search_delete SELECT key, start FROM search_new_start"
        " ORDER BY key, start"
    )


def _fresh(conn: sqlite3.Connection, table: str) -> None:
    """An empty table of this connection alone, from which SQLite sorts into a real one.

    Sorted rows fill a table at its end; sorted by Python they would hold up every thread.
    """
    conn.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table}")
    conn.execute(f"DELETE FROM {table.partition(' ')[0]}")
