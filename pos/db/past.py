"""Older entries that were fetched after a snapshot, as they are kept; and what is still to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import zstandard

from core.sync.limits import UNPACKED_BYTES
from core.sync.past import PastRows, read_past
from pos.db.base import BadChunk, Base, base_of
from pos.db.database import Database
from pos.db.sealed import put_sealed

_COLUMNS = "first_n, last_n, before_hash, rows, signature, laid"


class PastPage(NamedTuple):
    """One answer of the server: `laid` of its rows are in the tables."""

    place: int
    first: int
    last: int
    before_hash: bytes
    signed: bytes
    signature: bytes
    laid: int
    content: PastRows


class Missing(NamedTuple):
    """What is known of a time only in sums here: `sales` of the days from `first` to `last`, which
    came to `total` rupiah; `entries` are still to come."""

    entries: int
    sales: int
    total: int
    first: str
    last: str


def past_pages(db: Database, *, unfinished: bool = False) -> Iterator[PastPage]:
    """All of them, or those that are not laid down whole, in the order in which they came.

    Raises:
        BadChunk: one cannot be read.
    """
    where = " WHERE laid<entries" if unfinished else ""
    places = [row[0] for row in db.rows(f"SELECT place FROM past_page{where} ORDER BY place")]
    for place in places:
        row = db.tuple_of(f"SELECT {_COLUMNS} FROM past_page WHERE place=?", (place,))
        if row is None:
            continue
        first, last, before, packed, signature, laid = row
        signed = unpack_past(packed)
        yield PastPage(place, first, last, before, signed, signature, laid, _rows(signed))


def unpack_past(packed: bytes) -> bytes:
    """The bytes that the server signed.

    Raises:
        BadChunk: they cannot be read.
    """
    try:
        return zstandard.ZstdDecompressor().decompress(packed, max_output_size=UNPACKED_BYTES)
    except zstandard.ZstdError as error:
        raise BadChunk("content") from error


def _rows(signed: bytes) -> PastRows:
    try:
        return read_past(signed)
    except msgspec.MsgspecError as error:
        raise BadChunk("content") from error


def keep_past(db: Database, signed: bytes, signature: bytes, rows: PastRows) -> int:
    """Keep an answer, of which nothing is laid down yet; its place. In the caller's transaction."""
    place = int(db.scalar("SELECT coalesce(max(place), 0) + 1 FROM past_page"))
    packed = zstandard.ZstdCompressor(level=3).compress(signed)
    put_sealed(
        db,
        "past_page",
        {
            "place": place,
            "first_n": rows.first,
            "last_n": rows.last,
            "before_hash": rows.before_hash,
            "rows": packed,
            "signature": signature,
            "entries": len(rows.rows),
            "laid": 0,
        },
    )
    return place


def laid_of(db: Database, place: int) -> int:
    """How many rows of an answer are in the tables."""
    return int(db.scalar("SELECT laid FROM past_page WHERE place=?", (place,)))


def note_laid(db: Database, place: int, laid: int) -> None:
    """So many rows of an answer are in the tables. In the caller's transaction."""
    names = ("first_n", "last_n", "before_hash", "rows", "signature", "entries")
    row = db.tuple_of(
        f"SELECT {', '.join(names)} FROM past_page WHERE place=?",
        (place,),
    )
    assert row is not None, "it was kept"
    kept = dict(zip(names, row, strict=True))
    put_sealed(db, "past_page", {"place": place, **kept, "laid": laid})


def filled_to(db: Database, base: Base) -> int:
    """After which number of the feed everything is here; 0 where nothing is missing."""
    found = db.scalar("SELECT min(first_n) FROM past_page WHERE last_n>0")
    return base.after_n if found is None else int(found) - 1


def entries_missing(db: Database) -> int:
    """How many older entries are still to come or to be laid down; about so many where some were
    asked for out of turn."""
    base = base_of(db)
    if base is None:
        return 0
    waiting = db.scalar("SELECT coalesce(sum(entries-laid), 0) FROM past_page WHERE last_n>0")
    return filled_to(db, base) + int(waiting)


def is_incomplete(db: Database) -> bool:
    """Whether older entries are still to come."""
    base = base_of(db)
    return base is not None and (not base.is_done or entries_missing(db) > 0)


def missing(db: Database, first: str = "", last: str = "9") -> Missing | None:
    """What is still to come of the business dates from `first` to `last`; None for nothing.

    With sums of sales: without dates also where none was sold.
    """
    base = base_of(db)
    if base is None or not base.is_done:
        return None
    entries = entries_missing(db)
    sums = db.tuple_of(
        "SELECT coalesce(sum(sales), 0), coalesce(sum(total), 0), coalesce(min(day), ''),"
        " coalesce(max(day), '') FROM past_day WHERE day>=? AND day<=?",
        (first, last),
    )
    assert sums is not None, "a sum is always there"
    is_all = (first, last) == ("", "9")
    if not sums[0] and not (is_all and entries):
        return None
    return Missing(entries, *sums)
