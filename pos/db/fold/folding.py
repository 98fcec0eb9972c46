"""What a handler of a fact works with."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from core.contract import UnreadableFact, decode_body
from core.facts.base import Fact, Header
from core.facts.references import Reference
from core.facts.sync import Carried
from core.journal import Entry, is_whole
from core.sync.carrying import original_hash
from pos.db.database import Database
from pos.db.merged import meant

Standing = Literal["alone", "accepted", "waiting"]
"""Of an entry: no server is known yet; the feed has it; this counter alone knows it."""
SAYS: Final = (
    "(f.pos={place} OR f.pos IN (SELECT carrier_pos FROM carried WHERE pos={place})"
    " OR f.pos IN (SELECT j.pos FROM carried c JOIN journal j"
    " ON j.device=c.device AND j.seq=c.seq AND j.hash=c.hash WHERE c.pos={place}))"
)
"""SQL: whether a row of the feed (f) says the fact whose effects are kept at a place: as the entry
there, inside another, or as its own entry where it came inside another first."""


class Folding(NamedTuple):
    """One entry on its way into the tables: where it stands in the journal, and its header.

    `line` is the line whose entry it is, or the one that carries it. `joined` says that it was
    written before its counter joined the shop. `laid`: it came with a snapshot, which says itself
    what the entry moved.
    """

    db: Database
    pos: int
    device: bytes
    seq: int
    header: Header
    hash: bytes
    standing: Standing = "alone"
    line: bytes = b""
    joined: bool = False
    laid: bool = False


def position(at: Folding, meant: Reference) -> int:
    """Where the sale that a fact means is kept in the journal; 0 where it is not (yet) here."""
    device, seq, mark = meant
    if not mark:
        return _by_place(at, device, seq)
    found = at.db.scalar(
        "SELECT id FROM sale WHERE id IN (SELECT pos FROM journal WHERE device=?1 AND seq=?2"
        " AND substr(hash, 1, ?4)=?3 UNION ALL SELECT pos FROM carried WHERE device=?1 AND seq=?2"
        " AND substr(hash, 1, ?4)=?3)",
        (device, seq, mark, len(mark)),
    )
    return int(found or 0)


def _by_place(at: Folding, device: bytes, seq: int) -> int:
    """As facts named a sale that did not say yet which one they meant.

    A line that was opened after a fork means by a number what it carried itself, else what that
    line wrote, else what others carried of it. Another entry than a sale is never meant: two that
    went on with one line gave the same number to different things.
    """
    if not seq:
        return 0
    if at.standing == "alone":
        found = at.db.scalar("SELECT pos FROM journal WHERE device=? AND seq=?", (device, seq))
        return int(found or 0)
    brought = at.db.rows(
        "SELECT c.pos, c.carrier FROM carried c JOIN sale s ON s.id=c.pos"
        " WHERE c.device=? AND c.seq=? ORDER BY c.pos",
        (device, seq),
    )
    if brought:
        mine = _lineage(at)
        for row in brought:
            if bytes(row[1]) in mine:
                return int(row[0])
    found = at.db.scalar(
        # Of several that have this number, the one that the feed had first.
        "SELECT j.pos FROM journal j JOIN sale s ON s.id=j.pos LEFT JOIN waiting w ON w.pos=j.pos"
        " LEFT JOIN feed f ON f.pos=j.pos WHERE j.device=? AND j.seq=?"
        " ORDER BY (w.pos IS NULL)=? DESC, f.order_n IS NULL, f.order_n, j.pos LIMIT 1",
        (device, seq, int(at.standing == "accepted")),
    )
    if found is None and brought:
        found = min((row[0] for row in brought), key=lambda pos: order_of(at.db, pos))
    return int(found or 0)


def _lineage(at: Folding) -> set[bytes]:
    """The line that speaks and those that it comes from."""
    found: set[bytes] = set()
    line = at.line or at.device
    while line and line not in found:
        found.add(line)
        line = bytes(at.db.scalar("SELECT parent_device FROM line WHERE device=?", (line,)) or b"")
    return found


def is_waiting(at: Folding, pos: int) -> bool:
    """Whether the accepted state does not know the entry at `pos` yet."""
    return at.db.tuple_of("SELECT 1 FROM waiting WHERE pos=?", (pos,)) is not None


def gives_way(at: Folding, pos: int) -> bool:
    """Whether what the entry at `pos` did first gives way to this one: accepted ones come before
    those that wait, and older ones of a snapshot before newer, whichever was here first."""
    if at.laid:
        return order_of(at.db, at.pos) < order_of(at.db, pos)
    return at.standing == "accepted" and is_waiting(at, pos)


def order_of(db: Database, pos: int) -> tuple[bool, int, int]:
    """A sorting key: where the entry whose effects are kept at `pos` is folded."""
    n = db.scalar(f"SELECT min(f.order_n) FROM feed f WHERE {SAYS.format(place='?1')}", (pos,))
    return n is None, int(n or 0), pos


def folding_of(db: Database, pos: int) -> tuple[Folding, Fact]:
    """The entry whose effects are kept at `pos`, as it is folded.

    Raises:
        UnknownFact, UnreadableFact: it cannot be read here, or a disk has damaged it.
    """
    row = db.tuple_of(
        "SELECT shop, device, seq, kind, version, body, prev_hash, hash FROM journal WHERE pos=?",
        (pos,),
    )
    assert row is not None, "an entry with effects is in the journal"
    entry = Entry(*row)
    device, seq, digest = entry.device, entry.seq, entry.hash
    header, fact = read_entry(entry)
    line = device
    if isinstance(fact, Carried):
        device, seq, digest = fact.device, fact.seq, original_hash(fact)
        header, fact = decode_body(fact.kind, fact.version, fact.body)
    else:
        found = db.scalar(
            "SELECT carrier FROM carried WHERE pos=? AND carrier<>x'' ORDER BY carrier_pos LIMIT 1",
            (pos,),
        )
        line = bytes(found or device)
    waits = db.tuple_of("SELECT 1 FROM waiting WHERE pos=?", (pos,)) is not None
    standing: Standing = "waiting" if waits else "accepted"
    return Folding(db, pos, device, seq, header, digest, standing, line), fact


def read_entry(entry: Entry) -> tuple[Header, Fact]:
    """What an entry says.

    Raises:
        UnknownFact: its kind is not known here.
        UnreadableFact: its bytes do not say it, or are not those that its chain claims.
    """
    if not is_whole(entry):
        raise UnreadableFact(kind=entry.kind, version=entry.version, why="hash")
    return decode_body(entry.kind, entry.version, entry.body)


def target_of(at: Folding, table: str, document: bytes) -> bytes:
    """The document that is meant: another one where two were merged."""
    if at.standing == "alone":
        return document
    return meant(at.db, table, document)
