"""Facts about what is not here yet: a sale (by its place), a shift or an import (by its id)."""

from __future__ import annotations

from core.facts.base import Fact
from pos.db.fold.folding import Folding, folding_of, order_of


def note_late(at: Folding, of: bytes, seq: int = 0) -> None:
    """Keep that the fact in hand is about it; where no server is known nothing comes later."""
    if at.standing != "alone":
        at.db.run("INSERT OR IGNORE INTO late (pos, device, seq) VALUES (?,?,?)", (at.pos, of, seq))


def late_facts(at: Folding, of: bytes, seq: int = 0) -> list[tuple[Folding, Fact]]:
    """The facts that were about it before it came, in their order; `bind` them one by one."""
    rows = at.db.rows("SELECT pos FROM late WHERE device=? AND seq=?", (of, seq))
    places = sorted((row[0] for row in rows), key=lambda pos: order_of(at.db, pos))
    return [_as_folded(at, pos) for pos in places]


def bind(at: Folding, then: Folding, of: bytes, seq: int = 0) -> None:
    """The fact of `then` has taken effect."""
    at.db.run("DELETE FROM late WHERE pos=? AND device=? AND seq=?", (then.pos, of, seq))


def _as_folded(at: Folding, pos: int) -> tuple[Folding, Fact]:
    """What a snapshot holds has moved what it moved; what came after it has not."""
    then, fact = folding_of(at.db, pos)
    if at.laid:
        _, order_n, _ = order_of(at.db, pos)
        last = int(at.db.scalar("SELECT coalesce(max(n), 0) FROM base") or 0)
        then = then._replace(laid=0 < order_n <= last)
    return then, fact
