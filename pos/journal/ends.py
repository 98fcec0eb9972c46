"""Ends of pages: numbers up to which the server has signed what its feed was.

Between two of them lies what a counter can offer to a server that has lost it. Entries from before
those that a snapshot brought whole have theirs, too: so whatever is here can be offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core.sync.feed import START, next_hash
from core.sync.past import PastRows
from core.sync.snapshot import Whole
from pos.db.database import Database
from pos.db.sealed import put_sealed


class Stretch(NamedTuple):
    """Entries after `after` up to `last`, all here: the feed had `before` at the one number and,
    as the server signed in that `epoch`, `feed_hash` at the other."""

    after: int
    before: bytes
    last: int
    epoch: int
    feed_hash: bytes
    signature: bytes


def note_end(
    db: Database,
    n: int,
    epoch: int,
    feed_hash: bytes,
    signature: bytes = b"",
    *,
    known: bool = True,
) -> None:
    """What the feed was up to a number; inside the caller's transaction. One that is not signed
    shows where the next stretch begins; `known`: it is all one what was noted before."""
    if not known and db.tuple_of("SELECT 1 FROM page WHERE n=?", (n,)) is not None:
        return
    put_sealed(db, "page", {"n": n, "epoch": epoch, "feed_hash": feed_hash, "signature": signature})


def forget_ends(db: Database, last: int) -> None:
    """No page ends behind a number: one that was begun and never applied whole may be another than
    the one that comes now, where a server went back in between. Inside the caller's transaction."""
    db.run("DELETE FROM page WHERE n>?", (last,))


def note_past(db: Database, rows: PastRows) -> None:
    """The ends of what was fetched of older entries; inside the caller's transaction."""
    if rows.page:
        _note_begin(db, rows.first - 1, rows.before_hash)
        digest = rows.before_hash
        for row in sorted((one for one in rows.rows if one.n >= rows.first), key=lambda one: one.n):
            digest = next_hash(digest, row.n, row.hash, row.at_ms, row.verdict)
        note_end(db, rows.last, rows.epoch, digest, rows.page)
    note_alone(db, rows.epoch, rows.rows)


def note_alone(db: Database, epoch: int, rows: Iterable[Whole]) -> None:
    """The ends of entries that came alone, each signed for; inside the caller's transaction."""
    for row in rows:
        if row.signature:
            _note_begin(db, row.n - 1, row.before_hash)
            digest = next_hash(row.before_hash, row.n, row.hash, row.at_ms, row.verdict)
            note_end(db, row.n, epoch, digest, row.signature)


def _note_begin(db: Database, n: int, feed_hash: bytes) -> None:
    if n:
        note_end(db, n, 0, feed_hash, known=False)


def stretches(db: Database, common: int, last: int = 1 << 60) -> Iterator[Stretch]:
    """What lies after a number, up to another, between two ends; all of it here and signed for."""
    after, before = common, START
    if common:
        known = db.scalar(
            "SELECT feed_hash FROM page WHERE n=?1 UNION ALL SELECT feed_hash FROM feed WHERE n=?1",
            (common,),
        )
        before = bytes(known or START)
    for n, epoch, feed_hash, signature in db.rows(
        "SELECT n, epoch, feed_hash, signature FROM page WHERE n>? AND n<=? ORDER BY n",
        (common, last),
    ):
        here = db.scalar("SELECT count(*) FROM feed WHERE n>? AND n<=?", (after, n))
        if here == n - after:
            if not signature:
                continue  # within a page that was signed further on
            yield Stretch(after, before, n, epoch, bytes(feed_hash), bytes(signature))
        after, before = n, bytes(feed_hash)
