"""One place for a fact that came more than once among the older entries of a snapshot.

Those come in no order: what one carries may come before it or after it. What a fact did is laid
down with the entry by which it counts, so that is its place; where it counts by none of them it is
the first in the journal, as everywhere else (`pos.journal.order`). Folding again finds the same.
"""

from __future__ import annotations

from typing import Final

from pos.db.base import Base
from pos.db.database import Database

_SOUND: Final = "AND carrier<>x''"
_OWN: Final = (
    "SELECT j.pos FROM journal j JOIN carried c"
    " ON j.device=c.device AND j.seq=c.seq AND j.hash=c.hash WHERE c.hash=?1"
)
_WHOLE: Final = f"SELECT carrier_pos FROM carried WHERE hash=?1 {_SOUND}"
_COUNTING: Final = (
    "SELECT f.pos FROM feed f WHERE f.order_n<=?2 AND f.pos<0"
    f" AND (f.pos IN ({_OWN}) OR f.pos IN ({_WHOLE})) ORDER BY f.order_n LIMIT 1"
)
_FIRST: Final = f"SELECT min(pos) FROM ({_OWN} UNION ALL {_WHOLE})"
_OTHERS: Final = (
    "SELECT f.pos FROM feed f WHERE f.order_n IS NOT NULL AND f.pos<>?2"
    f" AND (f.pos IN ({_OWN}) OR f.pos IN ({_WHOLE})) ORDER BY f.order_n LIMIT 1"
)
_WAITS: Final = f"SELECT pos FROM waiting WHERE pos IN ({_OWN}) OR pos IN ({_WHOLE}) LIMIT 1"


def settle_place(db: Database, base: Base, digest: bytes) -> None:
    """Say at each entry that carries a fact (by its hash) where that fact's place is; in the
    caller's transaction."""
    place = db.scalar(_COUNTING, (digest, base.n))
    if place is not None:
        db.run("UPDATE carried SET pos=? WHERE hash=?", (place, digest))
        return
    first = db.scalar(_FIRST, (digest,))
    if first is not None:
        db.run("UPDATE carried SET pos=min(?, carrier_pos) WHERE hash=?", (first, digest))


def settle_all(db: Database, base: Base) -> None:
    """The same for every fact that came inside another."""
    for (digest,) in db.rows("SELECT DISTINCT hash FROM carried"):
        settle_place(db, base, bytes(digest))


def settle_new(db: Database, base: Base, digest: bytes, pos: int) -> bool:
    """The same for a fact whose entry or carrier at `pos` has come just now; whether what the fact
    did lies elsewhere, so that all is to be folded again."""
    before = _place_before(db, digest, pos)
    settle_place(db, base, digest)
    now = db.scalar(f"SELECT min(pos) FROM carried WHERE hash=? {_SOUND}", (digest,))
    return before is not None and now is not None and before != now


def _place_before(db: Database, digest: bytes, pos: int) -> int | None:
    """Where a fact did what it did; None where it neither counts nor waits."""
    counting = db.scalar(_OTHERS, (digest, pos))
    if counting is None:
        waits: int | None = db.scalar(_WAITS, (digest,))
        return waits
    known = f"SELECT min(pos) FROM carried WHERE hash=? {_SOUND} AND carrier_pos<>?"
    place = db.scalar(known, (digest, pos))
    return int(counting if place is None else place)
