"""The page within which the feed ends: one that was begun and is not applied whole yet, or one that
was cut where a server went back.

The server signed it further on. So its numbers are kept, without their entries' bytes: with them
what is here of it can still be shown to have been the server's, and be offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from core.sync.feed import START
from core.sync.messages import FeedEntry, FeedPage, Witnessed
from pos.db.base import base_of
from pos.db.database import Database
from pos.db.sealed import put_sealed
from pos.journal.lost import Place, numbered, without_bytes

_NAME: Final = "sync_begun"
_FEED: Final = (
    "SELECT f.n, j.device, j.seq, j.kind, j.version, j.prev_hash, j.hash, f.at_ms, f.verdict,"
    " j.shop, j.body FROM feed f JOIN journal j ON j.pos=f.pos WHERE f.n>? AND f.n<=? ORDER BY f.n"
)


class _Begun(msgspec.Struct, frozen=True, array_like=True):
    """Numbers of a page from `first` on; the server signed what its feed was at their end."""

    epoch: int
    first: int
    feed_hash: str
    signature: str
    places: tuple[Place, ...]

    @property
    def last(self) -> int:
        """The page's last number."""
        return self.first + len(self.places) - 1

    def after(self, n: int) -> tuple[Place, ...]:
        """Those behind a number."""
        return self.places[max(0, n + 1 - self.first) :]


def begin(db: Database, page: FeedPage) -> None:
    """A page is begun that takes several transactions; inside the first of them."""
    places = tuple(map(without_bytes, page.entries))
    _put(db, page.epoch, page.first, page.feed_hash, page.signature, places)


def end(db: Database) -> None:
    """The page is applied whole; inside the caller's transaction."""
    db.run("DELETE FROM local_setting WHERE name=?", (_NAME,))


def cut(db: Database, common: int) -> None:
    """The feed is about to end at a number, it may be within a page; inside the caller's
    transaction."""
    at, begun = _last(db), _begun(db)
    signed = db.tuple_of(
        "SELECT p.n, p.epoch, p.feed_hash, p.signature FROM page p JOIN feed f ON f.n=p.n"
        " WHERE p.n>? AND p.signature<>x'' ORDER BY p.n LIMIT 1",
        (common,),
    )
    if not common or _signed_end(db, common) == common:
        end(db)
    elif signed is not None:
        last, epoch, feed_hash, signature = signed
        places = tuple(map(without_bytes, entries_of(db, common, last)))
        _put(db, epoch, common + 1, bytes(feed_hash), bytes(signature), places)
    elif begun is not None and begun.last > at:
        places = (*map(without_bytes, entries_of(db, common, at)), *begun.after(at))
        hashes = bytes.fromhex(begun.feed_hash), bytes.fromhex(begun.signature)
        _put(db, begun.epoch, common + 1, *hashes, places)


def offer_of_begun(db: Database, common: int) -> Iterator[Witnessed]:
    """What is here of that page and lies after a number, with the numbers of the rest."""
    at, begun = _last(db), _begun(db)
    if begun is None or not common < at < begun.last:
        return
    after = max(common, _signed_end(db, at))
    rest = enumerate(begun.after(at), at + 1)
    entries = (*entries_of(db, after, at), *(numbered(n, place) for n, place in rest))
    if len(entries) == begun.last - after:
        yield Witnessed(
            begun.epoch, after, _hash_at(db, after), entries,
            bytes.fromhex(begun.feed_hash), bytes.fromhex(begun.signature),
        )  # fmt: skip


def entries_of(db: Database, after: int, last: int) -> tuple[FeedEntry, ...]:
    """Entries of the feed after a number, up to another, with all their bytes."""
    return tuple(FeedEntry(*row) for row in db.rows(_FEED, (after, last)))


def _put(
    db: Database, epoch: int, first: int, feed_hash: bytes, signature: bytes, of: Iterable[Place]
) -> None:
    kept = _Begun(epoch, first, feed_hash.hex(), signature.hex(), tuple(of))
    put_sealed(db, "local_setting", {"name": _NAME, "value": msgspec.json.encode(kept).decode()})


def _begun(db: Database) -> _Begun | None:
    text = db.scalar("SELECT value FROM local_setting WHERE name=?", (_NAME,))
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=_Begun)
    except msgspec.MsgspecError:
        return None  # what was changed behind the program's back is named by the proof of its seal


def _last(db: Database) -> int:
    return int(db.scalar("SELECT coalesce(max(n), 0) FROM feed"))


def _signed_end(db: Database, most: int) -> int:
    """The last number, up to one, at which the server signed what its feed was."""
    base = base_of(db)
    found = db.scalar(
        "SELECT max(p.n) FROM page p JOIN feed f ON f.n=p.n WHERE p.n<=? AND p.signature<>x''",
        (most,),
    )
    after_n = 0 if base is None or base.after_n > most else base.after_n
    return max(int(found or 0), after_n)


def _hash_at(db: Database, n: int) -> bytes:
    base = base_of(db)
    if base is not None and n == base.after_n:
        return base.after_hash
    return bytes(db.scalar("SELECT feed_hash FROM feed WHERE n=?", (n,)) or START)
