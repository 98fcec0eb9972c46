"""A till that joins a shop in mid-life: it begins with a snapshot of which most is in sums and gets
what is older afterwards; or it has only half of it when the server is brought back. The mutants
M30, a snapshot whose number is read after its rows, and M33, half a snapshot that is dropped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import msgspec

import pos.sync.rounds as rounds
import pos.sync.snapshot as beginning
import server.sync.past as past
import server.sync.snapshot_rows as snapshot_rows
import server.sync.snapshots as snapshots
from core.sync.snapshot import read_contents, signed_bytes, write_contents
from pos.db.base import base_of
from pos.db.database import Database
from pos.db.past import is_incomplete
from server.sync.snapshots import Snapshot
from tests.simulation import joining
from tests.simulation.broken import insist
from tests.simulation.nature import FusedConnection, Killed

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.world import World

MOST_TILLS: Final = 6
NAME: Final = "join_late"
HALF: Final = "half_laid"


@contextmanager
def short_histories(names: Collection[str], clock: Callable[[], float]) -> Iterator[None]:
    """In a run with late tills every feed is long, and two thirds of it are old."""
    with ExitStack() as stack:
        if not {NAME, HALF}.isdisjoint(names):
            for owner, name, value in (
                (rounds, "RECENT_FROM", 1),
                (rounds, "STRETCHES", 3),
                (rounds, "Beginning", _timed(rounds.Beginning, clock)),
                (rounds, "PastFetcher", _timed(rounds.PastFetcher, clock)),
                (past, "STRETCH", 7),
                (snapshot_rows, "_before", lambda tx, last, since_ms: last * 2 // 3),
            ):
                stack.enter_context(patch.object(owner, name, value))
        yield


def _timed(made: Callable[..., Any], clock: Callable[[], float]) -> Callable[..., Any]:
    """What lays down slices and looks at a clock: each takes what its statements take, and what the
    seed adds."""

    def make(db: Database, *given: Any, **more: Any) -> Any:
        assert isinstance(db.raw, FusedConnection)
        spent = db.raw.clock
        return made(db, *given, **{"clock": lambda: clock() + spent()} | more)

    return make


def join_late(world: World) -> None:
    """One more till, of a shop that there is."""
    if len(world.machines) >= MOST_TILLS:
        return
    number, was_calm, was_down = len(world.machines), world.calm, world.network.is_down
    world.calm, world.network.is_down = True, False  # the owner stands beside it
    joining.open_till(world, number, world.chance.randrange(len(world.server.shops)))
    world.calm, world.network.is_down = was_calm, was_down
    world.tell(world.machines[-1], "joined late")
    world.story.count("joined late")


def half_laid(world: World) -> None:
    """The program of a till that begins ends when part of its snapshot is laid down, and before it
    comes back the server's database is brought back: some of what it had is in no other place."""
    from tests.simulation.events import server_restore  # which has this one on its list

    before = len(world.machines)
    join_late(world)
    if len(world.machines) == before:
        return
    machine, left = world.machines[-1], [world.chance.randint(0, 40)]
    began = rounds.Beginning

    def breathe() -> None:
        left[0] -= 1
        if left[0] < 0:
            machine.fuse.is_dead = True
            raise Killed

    def beginning(*given: Any, **more: Any) -> Any:
        return began(*given, **{**more, "breathe": breathe})

    with patch.object(rounds, "Beginning", beginning):
        world.sync(machine)
    assert machine.counter is not None
    base = base_of(machine.counter.db)
    if base is None or base.is_done:
        return
    world.story.count("snapshot cut")
    held = machine.hashes()
    server_restore(world)
    _comes_back(world, machine, held)
    world.story.count("server restored under half a snapshot", base.laid > 0)


def _comes_back(world: World, machine: Machine, held: set[bytes]) -> None:
    """17: the server has what a till held that had only begun, once they have spoken."""
    was_calm, was_down = world.calm, world.network.is_down
    world.calm, world.network.is_down = True, False
    for _ in range(4):
        world.server.confirm_all(world.server.shops[machine.shop])
        world.truth.forward(6_000)
        world.sync(machine)
        if joining.is_forgotten(machine):
            joining.join_again(world, machine)
    world.calm, world.network.is_down = was_calm, was_down
    if world.may_pull(machine) and not machine.last_error:
        lost = held - world.server.hashes()
        insist(17, not lost, f"{len(lost)} facts of half a snapshot of {machine.name} are gone")


def has_all(world: World) -> bool:
    """Whether no till that may pull still lacks older entries."""
    return not any(
        machine.counter is not None and is_incomplete(machine.counter.db)
        for machine in world.living()
        if world.may_pull(machine)
    )


def count_beginnings(world: World) -> None:
    """How many tills began with a snapshot, and have all of what is older."""
    for machine in world.living():
        assert machine.counter is not None
        base = base_of(machine.counter.db)
        if base is not None and base.is_done:
            world.story.count("began with a snapshot")
            if base.after_n and not is_incomplete(machine.counter.db):
                world.story.count("older entries came")


def number_after_rows() -> AbstractContextManager[Any]:
    """M30: the number is read after the rows; and the counter believes what is signed."""
    made, kept = snapshots._make, {}

    def late(tx: Any, head: Any, key: Any, since_ms: int) -> Snapshot:
        found = made(tx, head, key, since_ms)
        earlier = kept.setdefault(tx.shop_id, found)
        if earlier.head.epoch != head.epoch:
            kept[tx.shop_id] = found
            return found
        rows = read_contents(earlier.contents)
        contents = msgspec.structs.replace(
            read_contents(found.contents),
            after=rows.after,
            after_hash=rows.after_hash,
            chunks=rows.chunks,
        )
        signed = write_contents(contents)
        return Snapshot(
            tx.shop_id, head, signed, key.sign(signed_bytes(signed)), {**earlier.chunks}
        )

    stack = ExitStack()
    stack.enter_context(patch.object(snapshots, "_make", late))
    stack.enter_context(patch.object(beginning, "check_snapshot", lambda db: None))
    return stack


def half_is_dropped() -> AbstractContextManager[Any]:
    """M33: what is not laid down yet is forgotten when the server has gone back."""
    return patch.object(beginning.Beginning, "lay_what_is_here", lambda self: None)


EVENTS: Final[dict[str, Callable[[World], None]]] = {NAME: join_late, HALF: half_laid}
"""Those of runs with late tills."""
