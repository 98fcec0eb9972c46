"""What older lines of a revoked counter wrote whose keys are lost, here or at the server.

Nobody can send it in their name any more, so the line in use carries it in its own. It waits for
the owner as all of that line does.
"""

from __future__ import annotations

from typing import Final

from core.facts.sync import Carried
from core.journal import Entry
from core.sync.carrying import carry
from pos.db.database import Database
from pos.sync.lines import Line

STEP: Final = 20
"""So many a round, for they are written in one transaction while a cashier may sell."""

_WAITING: Final = (
    "SELECT j.shop, j.device, j.seq, j.kind, j.version, j.body, j.prev_hash, j.hash"
    " FROM waiting w JOIN journal j ON j.pos=w.pos WHERE j.device=? AND j.seq<=? AND NOT EXISTS"
    " (SELECT 1 FROM carried c JOIN journal k ON k.pos=c.carrier_pos WHERE k.device=? AND c.hash IN"
    " (SELECT j.hash UNION SELECT i.hash FROM carried i WHERE i.carrier_pos=j.pos))"
    " ORDER BY j.seq LIMIT ?"
)


def orphans(db: Database, lines: list[Line], now: Line) -> tuple[Carried, ...]:
    """Some of what waits of these lines and is in no entry of the line in use (`now`) yet, oldest
    first. Whoever has it already does nothing: the original bytes travel inside."""
    found: list[Carried] = []
    for line in lines:
        rows = db.rows(_WAITING, (line.device, line.seq, now.device, STEP - len(found)))
        found += [carry(Entry(*row)) for row in rows]
    return tuple(found)
