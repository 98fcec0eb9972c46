"""What every side proves by itself; and that what a disk or a program has spoilt is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts.sync import Carried
from core.journal import Entry, is_whole
from core.sync.carrying import is_damaged
from pos.db.database import Database
from pos.journal.chains import chain_differences, decided
from pos.journal.difference import Difference
from pos.journal.order import counts_at, effect_pos
from pos.journal.verify import verify
from pos.sync.due import is_folding_due
from pos.sync.goback import is_given_up
from pos.sync.lines import own_lines
from server.sync.verifying import verify as verify_server
from tests.simulation.broken import insist

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulation.machine import Machine
    from tests.simulation.world import World

_ENTRIES = "SELECT shop, device, seq, kind, version, body, prev_hash, hash FROM journal"
_CARRIED_DAMAGED = (
    "SELECT count(DISTINCT seq) FROM carried WHERE device=? AND carrier=x'' AND hash NOT IN"
    " (SELECT hash FROM carried WHERE carrier<>x'')"
)
_NUMBERED = ("sale_completed", "debt_repaid")


def _spoilt(db: Database) -> Iterator[tuple[Entry, bool]]:
    """Entries whose bytes are not what their hash says (True), or say nothing (False)."""
    for row in db.rows(_ENTRIES):
        entry = Entry(*row)
        if not is_whole(entry):
            yield entry, True
            continue
        try:
            decode_body(entry.kind, entry.version, entry.body)
        except UnreadableFact:
            yield entry, False
        except UnknownFact:
            continue


def damaged_numbers(machine: Machine, device: bytes) -> int:
    """Receipts of a line whose entries cannot be read here, damaged or poisoned: nobody knows
    whether they had a number, so that each may have had one."""
    assert machine.counter is not None
    db = machine.counter.db
    alone = sum(entry.device == device and entry.kind in _NUMBERED for entry, _ in _spoilt(db))
    # A copy's number may lie in an entry that its disk damaged before it was carried.
    return alone + int(db.scalar(_CARRIED_DAMAGED, (device,)))


def _unexpected(db: Database, found: list[Difference]) -> list[Difference]:
    """Differences that do not come from entries that are spoilt here and still wait.

    What a damaged entry did before the disk changed it is still in the tables then.
    """
    spoilt = list(_spoilt(db))
    names = {f"{entry.device.hex()}:{entry.seq}" for entry, _ in spoilt} | _carrying_nothing(db)
    waits = any(damaged and _waits(db, entry) for entry, damaged in spoilt)
    return [
        one
        for one in found
        if not (one.table == "journal" and one.key in names)
        and not (waits and one.table not in _CHAINS)
    ]


def _carrying_nothing(db: Database) -> set[str]:
    """Entries that are whole, and carry whole what says nothing."""
    found: set[str] = set()
    for row in db.rows(f"{_ENTRIES} WHERE kind='{Carried.KIND}'"):
        entry = Entry(*row)
        try:
            fact = decode_body(entry.kind, entry.version, entry.body)[1]
            if isinstance(fact, Carried) and not is_damaged(fact):
                decode_body(fact.kind, fact.version, fact.body)
        except UnreadableFact:
            found.add(f"{entry.device.hex()}:{entry.seq}")
        except UnknownFact:
            continue
    return found


_CHAINS = ("journal", "own_line", "feed", "page", "waiting")


def _waits(db: Database, entry: Entry) -> bool:
    return (
        db.tuple_of(
            "SELECT 1 FROM waiting w JOIN journal j ON j.pos=w.pos WHERE j.hash=?", (entry.hash,)
        )
        is not None
    )


def chain_holds(machine: Machine) -> None:
    """9: the chain is whole after a start, save where the disk has damaged it, or the program ended
    over a snapshot that it gave up: without that nobody knows what the first entries follow. Where
    an entry counts need not be right while folding is due: an upgrade knows decisions that were
    only kept so far."""
    assert machine.counter is not None
    db = machine.counter.db
    with machine.here():
        found = _unexpected(db, list(chain_differences(db)))
        if is_folding_due(db):
            found = [one for one in found if one.column != "order_n"]
    insist(9, not found or is_given_up(db), f"{machine.name}: {found[:1]}")


def everybody_proves_itself(world: World) -> None:
    """15: verify passes on every counter and on the server; what is spoilt is named."""
    for machine in world.living():
        assert machine.counter is not None
        db = machine.counter.db
        if is_folding_due(db):
            continue
        with machine.here():
            proof = verify(db)
        found = _unexpected(db, list(proof.differences))
        insist(15, not found, f"{machine.name}: {found[:3]}")
        named = {one.key for one in proof.differences} | {
            text.partition(" ")[0] for text in proof.unchecked
        }
        for entry, _ in _spoilt(db):
            key = f"{entry.device.hex()}:{entry.seq}"
            insist(15, key in named or _is_apart(db, entry), f"{machine.name}: {key} is not named")
    for place, shop in enumerate(world.server.shops):
        told = verify_server(world.server.services, shop)
        insist(15, told.ok, f"server, shop {place + 1}: {told.differences[:3]}")


def _is_apart(db: Database, entry: Entry) -> bool:
    """Whether the feed holds it in quarantine, so that it counts for nobody."""
    return (
        db.tuple_of(
            "SELECT 1 FROM journal j JOIN feed f ON f.pos=j.pos OR f.pos IN"
            " (SELECT carrier_pos FROM carried c WHERE c.pos=j.pos)"
            " WHERE j.hash=? AND f.verdict LIKE 'quarantined%'",
            (entry.hash,),
        )
        is not None
    )


_MAY_WAIT = (
    "SELECT f.n, coalesce(c.pos, (SELECT min(t.pos) FROM carried t"
    " WHERE t.hash=j.hash AND t.carrier<>x''), j.pos)"
    " FROM journal j LEFT JOIN feed f ON f.pos=j.pos"
    " LEFT JOIN carried c ON c.carrier_pos=j.pos WHERE f.n IS NULL AND (c.carrier_pos IS NULL"
    " OR j.device NOT IN (SELECT device FROM own_line))"
    " OR f.order_n IS NULL AND f.verdict LIKE 'quarantined%'"
)


_OURS = (
    "SELECT j.pos FROM journal j JOIN own_line o ON o.device=j.device"
    " WHERE j.pos NOT IN (SELECT pos FROM feed)"
)
"""What a line of ours wrote, also behind where it was left, and the feed has not under its name."""


_ON_ITS_WAY = (
    "SELECT c.pos FROM carried c JOIN journal j ON j.pos=c.carrier_pos JOIN own_line o"
    " ON o.device=j.device WHERE c.carrier<>x'' AND j.pos NOT IN (SELECT pos FROM feed)"
)


def what_waits_is_right(machine: Machine) -> None:
    """9: what waits is what the feed has in no way, and what this counter wrote and the feed holds
    in quarantine, until somebody sets it aside; each fact at its one place."""
    assert machine.counter is not None
    db = machine.counter.db
    if not machine.is_enrolled:
        return
    with machine.here():
        machine.fuse.is_live = False  # somebody looks at the file
        aside = {_place_of(db, n) for n in decided(db).aside}
        written = {line.device: line.seq for line in own_lines(db)}
        # Whose a fact is says the entry at its place: a carrier of ours may hold another's.
        mine = {
            pos
            for pos, device, seq in db.rows("SELECT pos, device, seq FROM journal")
            if seq <= written.get(bytes(device), 0)
        }
        may = [(n, place) for n, place in db.rows(_MAY_WAIT)]
        # Another's that the feed holds, be it inside one that carries it, waits for nobody here.
        held = {place for n, place in may if n is not None} - {row[0] for row in db.rows(_OURS)}
        wanted = {
            place
            for n, place in may
            if (place in mine or (n is None and place not in held))
            and place not in aside
            and not counts_at(db, place)
        }
        waiting = {row[0] for row in db.rows("SELECT pos FROM waiting")}
        # What was set aside, since the server had it damaged, may be on its way there whole.
        again = {row[0] for row in db.rows(_ON_ITS_WAY)} & aside
    insist(9, wanted == waiting - again, f"{machine.name}: {waiting} wait, not {wanted}")


def _place_of(db: Database, n: int) -> int:
    return effect_pos(db, int(db.scalar("SELECT pos FROM feed WHERE n=?", (n,))))
