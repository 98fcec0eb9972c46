"""What whoever looks at a till may rely on while it is in step with others: invariants 13 and 19.

19 are Jepsen's session guarantees in a shop's words: own facts never leave the screen after a sync
(read your writes); the accepted state never goes back but where the server did (monotonic reads);
lines, payments and stock of a sale appear together (atomic), and a refund never without its sale
(writes follow reads).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from core.facts.references import references
from pos.db.database import Database
from pos.db.fold.folding import folding_of
from pos.sync.memory import cursor
from tests.simulation.broken import insist
from tests.simulation.nature import STATEMENT_S, FusedConnection

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.world import World

HELD_S: Final = 0.020
"""So long may a round hold the writer that a sale waits for."""


@contextmanager
def watched(world: World, machine: Machine) -> Iterator[None]:
    """A round: how long it holds the writer, and that what was accepted stays so."""
    assert machine.counter is not None
    db = machine.counter.db
    assert isinstance(db.raw, FusedConnection)
    before, epochs = cursor(db), world.server.restored
    db.raw.longest = 0
    yield
    held = db.raw.longest * STATEMENT_S
    insist(13, held <= HELD_S, f"{machine.name}: the writer was held {held * 1000:.1f} ms")
    after = cursor(db)
    insist(
        19, after.epoch != before.epoch or after.n >= before.n or epochs,
        f"{machine.name} went back from {before.n} to {after.n}",
    )  # fmt: skip
    if after.epoch == before.epoch and before.n and not epochs:
        found = db.scalar("SELECT feed_hash FROM feed WHERE n=?", (before.n,))
        insist(19, found == before.feed_hash, f"{machine.name}: what was accepted is another")


def own_facts_stay(machine: Machine) -> None:
    """19: each sale that the cashier has seen is among the sales still, save where the disk has
    damaged it and the owner has set it aside, or has not yet let in the whole bytes of it that
    somebody brought since."""
    assert machine.counter is not None
    rows = machine.counter.db.rows(
        "SELECT j.hash FROM sale s JOIN journal j ON j.pos=s.id"
        " UNION SELECT c.hash FROM sale s JOIN carried c ON c.pos=s.id"
    )
    seen = {bytes(row[0]) for row in rows}
    missing = [one for one in machine.shown if one.hash not in seen]
    if missing:
        whole = machine.hashes() - _brought_whole(machine)
        gone = [one.receipt for one in missing if one.hash in whole]
        insist(19, not gone, f"{machine.name} no longer shows {gone}")


def _brought_whole(machine: Machine) -> set[bytes]:
    """What the server has damaged, and holds whole inside another entry."""
    assert machine.counter is not None
    rows = machine.counter.db.rows(
        "SELECT c.hash FROM carried c JOIN feed f ON f.pos=c.carrier_pos"
        " JOIN journal j ON j.hash=c.hash JOIN feed g ON g.pos=j.pos"
        " WHERE f.order_n IS NULL AND g.order_n IS NULL AND g.verdict LIKE '%damaged%'"
    )
    return {bytes(row[0]) for row in rows}


def sales_are_whole(machine: Machine) -> None:
    """19: a sale has its lines, its payments and its stock, and a refund has its sale."""
    assert machine.counter is not None
    db = machine.counter.db
    halves = db.rows(
        "SELECT s.receipt FROM sale s WHERE NOT EXISTS (SELECT 1 FROM sale_line l WHERE"
        " l.sale_id=s.id) OR NOT EXISTS (SELECT 1 FROM stock_movement m WHERE m.pos=s.id)"
        " OR s.total<>0 AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.sale_id=s.id)"
    )
    insist(19, not halves, f"{machine.name} shows half of {[row[0] for row in halves]}")
    late = db.rows(
        "SELECT s.receipt, t.pos, j.device, j.seq, j.hash FROM late t JOIN sale s ON s.id=t.pos"
        " JOIN feed f ON f.pos=t.pos JOIN journal j ON j.device=t.device AND j.seq=t.seq"
        " JOIN feed g ON g.pos=j.pos WHERE j.kind='sale_completed' AND g.order_n<f.order_n"
    )
    alone = [row[0] for row in late if _means(db, *row[1:])]
    insist(19, not alone, f"{machine.name} shows {alone} without its sale")


def _means(db: Database, pos: int, device: bytes, seq: int, digest: bytes) -> bool:
    """Whether the refund at a place means this sale: two that went on with one line have given its
    number to two of them."""
    return any(
        one[:2] == (device, seq) and one.fits(digest) for one in references(folding_of(db, pos)[1])
    )
