"""This counter's own lines of history: what of them is to be sent, and where they part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.facts.shop import LineReason
from core.journal import NO_HASH, Entry
from core.sync.carrying import carry
from core.sync.messages import LineHead
from pos.counter import Counter, Head, read_head
from pos.db.database import Database
from pos.opening import open_line
from pos.sync.memory import recall, remember

_COLUMNS = "shop, device, seq, kind, version, body, prev_hash, hash"


class Line(NamedTuple):
    """One of this counter's lines: `seq` and `hash` are the last entry that it wrote there."""

    device: bytes
    register: str
    seq: int
    hash: bytes
    parent_device: bytes
    parent_seq: int
    parent_hash: bytes

    def head(self) -> LineHead:
        """As it is told to the server."""
        return LineHead(
            self.device,
            self.register,
            self.seq,
            self.hash,
            self.parent_device,
            self.parent_seq,
            self.parent_hash,
        )


class Fork(NamedTuple):
    """A new line is to begin after `common` of this one, where the server goes on otherwise.

    `register` is given where only the code is another's in the shop.
    """

    device: bytes
    common: int
    behind: bool
    register: str = ""


def own_lines(db: Database) -> list[Line]:
    """From the oldest to the one in use. An older line ends where the next one left it."""
    head = read_head(db)
    assert head is not None, "a counter has a line"
    device, seq, digest = head.device, head.seq, head.hash
    found: list[Line] = []
    while device:
        row = db.tuple_of(
            "SELECT register, parent_device, parent_seq, parent_hash FROM line WHERE device=?",
            (device,),
        )
        assert row is not None, "a line has a first entry"
        found.append(Line(device, row[0], seq, digest, bytes(row[1]), row[2], bytes(row[3])))
        device, seq, digest = bytes(row[1]), row[2], bytes(row[3])
    return found[::-1]


def has_waiting(db: Database, line: Line) -> bool:
    """Whether something that a line wrote waits."""
    sql = "SELECT 1 FROM waiting w JOIN journal j ON j.pos=w.pos WHERE j.device=? AND j.seq<=?"
    return db.tuple_of(f"{sql} LIMIT 1", (line.device, line.seq)) is not None


def arrived(db: Database, line: Line) -> bool:
    """Whether a server that has not gone back since said that it has all of an older line."""
    return recall(db, f"arrived_{line.device.hex()}") == recall(db, "epoch")


def note_arrived(db: Database, line: Line) -> None:
    """The server has all of an older line."""
    with db.transaction():
        remember(db, f"arrived_{line.device.hex()}", recall(db, "epoch"))


def entries_after(db: Database, line: Line, seq: int, most: int) -> list[Entry]:
    """Own entries of a line after a number, in order, at most so many."""
    found: list[Entry] = []
    wanted = _hash_at(db, line, min(line.seq, seq + most)) if seq < line.seq else None
    at = min(line.seq, seq + most)
    while wanted is not None and at > seq:
        row = db.tuple_of(
            f"SELECT {_COLUMNS} FROM journal WHERE device=? AND seq=? AND hash=?",
            (line.device, at, wanted),
        )
        if row is None:
            return []
        entry = Entry(*row)
        found.append(entry)
        wanted, at = entry.prev_hash, at - 1
    return found[::-1]


def _hash_at(db: Database, line: Line, seq: int) -> bytes | None:
    """The hash of the own entry with this number; another counter's may have it, too."""
    if seq == line.seq:
        return line.hash
    rows = db.rows("SELECT hash FROM journal WHERE device=? AND seq=?", (line.device, seq))
    if len(rows) == 1:
        return bytes(rows[0][0])
    at, digest = line.seq, line.hash
    while at > seq:
        found = db.scalar(
            "SELECT prev_hash FROM journal WHERE device=? AND seq=? AND hash=?",
            (line.device, at, digest),
        )
        if found is None:
            return None
        at, digest = at - 1, bytes(found)
    return digest


def hash_at(db: Database, line: Line, seq: int) -> bytes | None:
    """The hash of a line's own entry; that before the first is all zeros."""
    if seq == 0:
        return NO_HASH
    return _hash_at(db, line, seq) if seq <= line.seq else None


def resolve(counter: Counter, fork: Fork) -> None:
    """Open the new line: what the server does not have of the old one is carried in it.

    The original bytes travel inside, so whoever has an entry already does nothing.
    """
    lines = own_lines(counter.db)
    place = next(at for at, line in enumerate(lines) if line.device == fork.device)
    line = lines[place]
    parent_hash = hash_at(counter.db, line, fork.common)
    head = read_head(counter.db)
    assert parent_hash is not None and head is not None, "the common entry is in the journal"
    carried = [carry(entry) for entry in _all_after(counter.db, lines[place:], fork.common)]
    parent = Head(head.shop, fork.device, head.pos, fork.common, parent_hash)
    reason: LineReason = "behind" if fork.behind else "forked"
    if fork.register:
        reason = "enrolled"
    open_line(counter, reason, parent, register=fork.register, then=carried)
    counter.announce(frozenset({"line_opened"}))


def _all_after(db: Database, lines: list[Line], common: int) -> Iterator[Entry]:
    """What the line wrote after the common entry, and all that followed in later lines."""
    for place, line in enumerate(lines):
        yield from entries_after(db, line, common if place == 0 else 0, line.seq)
