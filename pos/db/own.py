"""What of the shop is this counter's own."""

from __future__ import annotations

from typing import Final

from pos.db.database import Database

# Where this counter left each of its lines; NULL for the one in use. A copy of this counter, or
# what it was copied from, may have gone on with an older one: that is others' writing.
_REACH: Final = (
    "SELECT o.device, max(c.parent_seq) AS last FROM own_line o LEFT JOIN"
    " (SELECT l.parent_device, l.parent_seq FROM own_line n JOIN line l ON l.device=n.device) c"
    " ON c.parent_device=o.device GROUP BY o.device"
)
# What waits is little, beside a journal of years.
_OTHERS_WAIT: Final = (
    "SELECT 1 FROM waiting w CROSS JOIN journal j ON j.pos=w.pos"
    f" LEFT JOIN ({_REACH}) o ON o.device=j.device"
    " WHERE o.device IS NULL OR j.seq>o.last LIMIT 1"
)
Reach = dict[bytes, int | None]


def own_reach(db: Database) -> Reach:
    """This counter's lines, each with the number of the last entry that it wrote there; None for
    the line in use."""
    return {bytes(device): last for device, last in db.rows(_REACH)}


def is_own(reach: Reach, device: bytes, seq: int) -> bool:
    """Whether this counter wrote an entry: then it sends it itself."""
    if device not in reach:
        return False
    last = reach[device]
    return last is None or seq <= last


def wrote(db: Database, pos: int) -> bool:
    """Whether the entry at a place is of a line of this counter, up to where it left that line: a
    copy of this counter, or what it was copied from, may have gone on with it."""
    row = db.tuple_of("SELECT device, seq FROM journal WHERE pos=?", (pos,))
    return row is not None and is_own(own_reach(db), bytes(row[0]), row[1])


def is_mine(db: Database, pos: int) -> bool:
    """Whether what lies at a place is this counter's doing: it wrote the entry there, or carried it
    along when another had gone on with that line."""
    carries = (
        "SELECT 1 FROM carried WHERE pos=? AND carrier IN (SELECT device FROM own_line) LIMIT 1"
    )
    return wrote(db, pos) or db.tuple_of(carries, (pos,)) is not None


def others_wait(db: Database) -> bool:
    """Whether anything waits that others wrote."""
    return db.tuple_of(_OTHERS_WAIT) is not None


def own_first(device: str, newest: str) -> str:
    """The order that finds this counter's row before another's: for numbers on paper, which two
    counters may both have used before they joined one shop. Arguments are columns."""
    return f" ORDER BY {device} IN (SELECT device FROM own_line) DESC, {newest} DESC LIMIT 1"
