"""The order in which facts are folded: the feed by number, then what waits by its place.

A counter that no server knows folds its journal from the first entry to the last. docs/sync.md
says why the order is this one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.base import Fact
from core.facts.sync import Carried
from core.journal import Entry
from core.sync.carrying import is_damaged, original_hash
from core.sync.feed import JOINED, verdict_word
from pos.db.database import Database
from pos.db.fold.folding import SAYS, Folding, Standing, read_entry

_ENTRY = "j.shop, j.device, j.seq, j.kind, j.version, j.body, j.prev_hash, j.hash"
_ACCEPTED = (
    f"SELECT f.pos, f.verdict, {_ENTRY} FROM feed f JOIN journal j ON j.pos=f.pos"
    " WHERE f.order_n>(SELECT coalesce(max(n), 0) FROM base) ORDER BY f.order_n, f.n"
)
_WAITING = f"SELECT j.pos, '', {_ENTRY} FROM waiting w JOIN journal j ON j.pos=w.pos ORDER BY w.pos"
_KEPT = (
    "SELECT coalesce((SELECT pos FROM carried WHERE carrier_pos=?1), (SELECT min(c.pos)"
    " FROM journal j JOIN carried c ON c.hash=j.hash WHERE j.pos=?1 AND c.carrier<>x''), ?1)"
)
_COUNTS = "SELECT 1 FROM feed f WHERE f.order_n IS NOT NULL AND " + SAYS
_OWN_ENTRY = "journal j ON j.device=c.device AND j.seq=c.seq AND j.hash=c.hash"
# What waits may be long, and is looked through while nobody else may write: from the few that came
# inside others, not each by itself.
_WAITS_CARRIED = (
    "SELECT w.pos FROM carried c CROSS JOIN waiting w ON w.pos=c.carrier_pos"
    f" UNION SELECT w.pos FROM carried c CROSS JOIN {_OWN_ENTRY}"
    " CROSS JOIN waiting w ON w.pos=j.pos ORDER BY 1"
)
_COUNTING = (
    "SELECT w.pos FROM waiting w CROSS JOIN feed f ON f.pos=w.pos WHERE f.order_n IS NOT NULL"
    " UNION ALL SELECT c.pos FROM carried c CROSS JOIN feed f ON f.pos=c.carrier_pos"
    f" WHERE f.order_n IS NOT NULL UNION ALL SELECT c.pos FROM carried c CROSS JOIN {_OWN_ENTRY}"
    " CROSS JOIN feed f ON f.pos=j.pos WHERE f.order_n IS NOT NULL"
)
_CARRIER = "SELECT carrier FROM carried WHERE pos=? AND carrier<>x'' ORDER BY carrier_pos LIMIT 1"
_HERE = (
    "SELECT coalesce((SELECT min(pos) FROM carried WHERE hash=?3 AND carrier<>x''),"
    " (SELECT min(pos) FROM journal WHERE device=?1 AND seq=?2 AND hash=?3))"
)
_TWIN = (
    "SELECT 1 FROM journal WHERE device=?1 AND seq=?2 AND hash<>?3"
    " UNION ALL SELECT 1 FROM carried WHERE device=?1 AND seq=?2 AND hash<>?3 LIMIT 1"
)
_ALONE = f"SELECT j.pos, '', {_ENTRY} FROM journal j ORDER BY j.pos"


class Placed(NamedTuple):
    """An entry at its place in that order; `pos` is where it lies in the journal."""

    pos: int
    entry: Entry
    standing: Standing
    verdict: str


def enrolled(db: Database) -> bool:
    """Whether a server knows this counter's shop."""
    return db.tuple_of("SELECT 1 FROM local_setting WHERE name='sync_shop'") is not None


def canonical(db: Database) -> Iterator[Placed]:
    """All entries that count, each once; those that a snapshot holds are laid down before."""
    parts: tuple[tuple[str, Standing], ...] = (
        ((_ACCEPTED, "accepted"), (_WAITING, "waiting")) if enrolled(db) else ((_ALONE, "alone"),)
    )
    for sql, standing in parts:
        for row in db.raw.execute(sql):
            yield Placed(row[0], Entry(*row[2:]), standing, row[1])


def effect(db: Database, placed: Placed) -> tuple[Folding, Fact]:
    """What is folded for an entry, into `db`: of one that carries another, the other.

    Raises:
        UnknownFact, UnreadableFact: it cannot be read here, or a disk has damaged it.
    """
    entry = placed.entry
    header, fact = read_entry(entry)
    joined = verdict_word(placed.verdict) == JOINED
    pos, device, seq, digest, line = placed.pos, entry.device, entry.seq, entry.hash, entry.device
    if isinstance(fact, Carried):
        device, seq, digest = fact.device, fact.seq, original_hash(fact)
        header, fact = decode_body(fact.kind, fact.version, fact.body)
        pos = effect_pos(db, placed.pos)
    else:
        pos = effect_pos(db, placed.pos)
        line = bytes(db.scalar(_CARRIER, (pos,)) or line)
    return Folding(db, pos, device, seq, header, digest, placed.standing, line, joined), fact


def effect_pos(db: Database, pos: int) -> int:
    """Where the effects of an entry are kept: one place for a fact, however often and in whatever
    way it came, the first at which it was here whole."""
    return int(db.scalar(_KEPT, (pos,)))


def counts_at(db: Database, place: int) -> bool:
    """Whether the feed lets the fact count whose effects are kept at a place."""
    return db.tuple_of(_COUNTS.format(place="?1"), (place,)) is not None


def end_waiting(db: Database) -> None:
    """Nothing waits that counts (as `counts_at` says); inside the caller's transaction."""
    db.run(f"DELETE FROM waiting WHERE pos IN ({_COUNTING})")


def wait_in_place(db: Database) -> None:
    """What waits does so where its effects are kept, also where that is another place than it was:
    a snapshot that goes, or is laid down, moves it. Inside the caller's transaction."""
    for pos, place in out_of_place(db):
        db.run("DELETE FROM waiting WHERE pos=?", (pos,))
        db.run("INSERT OR IGNORE INTO waiting (pos) VALUES (?)", (place,))
    end_waiting(db)


def out_of_place(db: Database) -> list[tuple[int, int]]:
    """What waits elsewhere than where its effects are kept: both places."""
    places = [(pos, effect_pos(db, pos)) for (pos,) in db.rows(_WAITS_CARRIED)]
    return [(pos, place) for pos, place in places if place != pos]


def note_carried(db: Database, pos: int, entry: Entry) -> None:
    """Remember which entry is inside another, by its hash; nothing for entries of other kinds."""
    if entry.kind != Carried.KIND:
        return
    try:
        fact = decode_body(entry.kind, entry.version, entry.body)[1]
        assert isinstance(fact, Carried), "its own kind"
        digest = original_hash(fact)
    except (UnknownFact, UnreadableFact, ValueError, struct.error):
        return
    here = db.scalar(_HERE, (fact.device, fact.seq, digest))
    carrier = b"" if is_damaged(fact) else entry.device
    db.run(
        "INSERT INTO carried (carrier_pos, hash, pos, carrier, device, seq) VALUES (?,?,?,?,?,?)",
        (pos, digest, int(here or pos), carrier, fact.device, fact.seq),
    )


def has_twin(db: Database, pos: int, entry: Entry) -> bool:
    """Whether the number of the entry at `pos`, or of what it carries, stands for something else
    here: two went on with one line."""
    inside = "SELECT device, seq, hash FROM carried WHERE carrier_pos=?"
    mine = db.tuple_of(inside, (pos,)) or (entry.device, entry.seq, entry.hash)
    return db.tuple_of(_TWIN, mine) is not None
