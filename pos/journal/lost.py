"""Pages of a feed that the server lost: kept, with its signature of then, until what others wrote
in them is accepted again.

A server may be restored twice, and whoever went back already has them in no feed any more. So they
are offered in each round as long as something of them waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

import msgspec

from core.sync.messages import FeedEntry, Witnessed
from pos.db.database import Database
from pos.db.own import is_own, others_wait, own_reach
from pos.db.sealed import put_sealed
from pos.journal.order import effect_pos

_NAME: Final = "sync_lost_"
_AT_ONCE: Final = 500
_ROWS: Final = "SELECT name, value FROM local_setting WHERE name GLOB 'sync_lost_*' ORDER BY name"


class Place(msgspec.Struct, frozen=True, array_like=True):
    """One number of a page: which entry had it, when, and with which verdict."""

    device: str
    seq: int
    hash: str
    at_ms: int
    verdict: str


class _Page(msgspec.Struct, frozen=True, array_like=True):
    """A page without the bytes of its entries, which are in the journal."""

    epoch: int
    after: int
    before: str
    feed_hash: str
    signature: str
    places: tuple[Place, ...]


def without_bytes(entry: FeedEntry) -> Place:
    """The number of an entry."""
    return Place(entry.device.hex(), entry.seq, entry.hash.hex(), entry.at_ms, entry.verdict)


def numbered(n: int, place: Place) -> FeedEntry:
    """An entry that is not here, for the feed's hash alone: whoever has it offers its bytes."""
    device, digest = bytes.fromhex(place.device), bytes.fromhex(place.hash)
    return FeedEntry(
        n, device, place.seq, "absent", 1, bytes(32), digest, place.at_ms, place.verdict,
        bytes(16), None,
    )  # fmt: skip


def keep(db: Database, pages: Iterable[Witnessed]) -> None:
    """Keep those pages that others wrote in, which are about to be dropped; inside the caller's
    transaction."""
    reach = own_reach(db)
    for page in pages:
        if not all(is_own(reach, one.device, one.seq) for one in page.entries):
            _keep(db, page)


def _keep(db: Database, page: Witnessed) -> None:
    places = tuple(map(without_bytes, page.entries))
    kept = _Page(
        page.epoch, page.after, page.before_hash.hex(), page.feed_hash.hex(),
        page.signature.hex(), places,
    )  # fmt: skip
    name = f"{_NAME}{page.epoch:06d}_{page.after:012d}_{page.feed_hash.hex()[:8]}"
    put_sealed(db, "local_setting", {"name": name, "value": msgspec.json.encode(kept).decode()})


def lost_pages(db: Database) -> Iterator[Witnessed]:
    """Pages of which something still waits, the oldest first."""
    if not others_wait(db):
        return
    for _, page in _kept(db):
        if _waits(db, page):
            yield _whole(db, page)


def forget_accepted(db: Database) -> None:
    """Drop pages of which nothing waits any more. They are looked through before the writer is
    held: there may be many."""
    names = [(name,) for name, page in _kept(db) if not _waits(db, page)]
    for first in range(0, len(names), _AT_ONCE):
        with db.transaction():
            db.many("DELETE FROM local_setting WHERE name=?", names[first : first + _AT_ONCE])


def lost_entries(db: Database) -> set[int]:
    """Where the entries of these pages lie in the journal, and where their effects are kept."""
    found: set[int] = set()
    for _, page in _kept(db):
        for place in page.places:
            row = _entry(db, place)
            if row is not None:
                found |= {row[0], effect_pos(db, row[0])}
    return found


def has_lost(db: Database) -> bool:
    """Whether any page is kept."""
    return bool(db.rows(f"{_ROWS} LIMIT 1"))


def _kept(db: Database) -> Iterator[tuple[str, _Page]]:
    for name, text in db.rows(_ROWS):
        # What was changed behind the program's back is named by the proof of its seal.
        with suppress(msgspec.MsgspecError):
            yield name, msgspec.json.decode(text, type=_Page)


def _waits(db: Database, page: _Page) -> bool:
    reach = own_reach(db)
    for place in page.places:
        row = _entry(db, place)
        if row is None or is_own(reach, bytes(row[1]), row[2]):
            continue
        if db.tuple_of("SELECT 1 FROM waiting WHERE pos=?", (effect_pos(db, row[0]),)):
            return True
    return False


def _entry(db: Database, place: Place) -> tuple[Any, ...] | None:
    return db.tuple_of(
        "SELECT pos, device, seq, kind, version, prev_hash, hash, shop, body FROM journal"
        " WHERE device=? AND seq=? AND hash=?",
        (bytes.fromhex(place.device), place.seq, bytes.fromhex(place.hash)),
    )


def _whole(db: Database, page: _Page) -> Witnessed:
    entries = []
    for n, place in enumerate(page.places, page.after + 1):
        row = _entry(db, place)
        entries.append(
            numbered(n, place)
            if row is None
            else FeedEntry(*(n, *row[1:7], place.at_ms, place.verdict, *row[7:]))
        )
    return Witnessed(
        page.epoch, page.after, bytes.fromhex(page.before), tuple(entries),
        bytes.fromhex(page.feed_hash), bytes.fromhex(page.signature),
    )  # fmt: skip
