"""What befalls the machine of a till beside the network and sudden death: a disk that fails, sleep,
a clock that is set in mid-sale, a key that is gone, the program started twice, a program so old
that the server does not speak with it any more; a cashier who sells in mid-round."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from core.errors import Refused
from pos.device.lock import FolderInUse
from pos.device.witness import Witness
from pos.opening import ensure_line, open_counter
from pos.sync.wire import NoAnswer, Received
from tests.simulation.actions import act
from tests.simulation.broken import insist
from tests.simulation.nature import HOUR_MS, YEAR_MS, FusedConnection, Killed

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.world import World

MOST_MS: Final = 14 * HOUR_MS


# -- between two steps of a day


def disk_fails(world: World) -> None:
    """One of the next statements cannot be read or written; SQLite may take back what was begun."""
    machine = world.chance.choice(world.living())
    assert machine.counter is not None
    raw = machine.counter.db.raw
    if machine.is_sound and isinstance(raw, FusedConnection):
        raw.fail_after(
            [world.chance.randint(0, 60) for _ in range(world.chance.randint(1, 3))],
            takes_back=world.chance.random() < 0.5,
        )
        world.tell(machine, "disk fails")


def fall_asleep(world: World) -> None:
    """The machine is suspended; what counts since it was switched on may stand still, or not."""
    _suspend(world, world.chance.choice(world.living()))


def _suspend(world: World, machine: Machine) -> None:
    asleep_ms = world.chance.randint(1_000, MOST_MS)
    world.truth.forward(asleep_ms)
    if world.chance.random() < 0.5:
        machine.clock.stood_still(asleep_ms)
    world.tell(machine, f"asleep {asleep_ms}")
    world.story.count("asleep")


def clock_jumps(world: World) -> None:
    """Somebody, or a time server, sets the wall clock while something is being written."""
    machine = world.chance.choice(world.living())
    far = world.chance.choice((-YEAR_MS, -HOUR_MS, -90_000, 0, 7_200_000, 2 * YEAR_MS))
    machine.clock.jump(world.chance.randint(0, 6), far)
    world.tell(machine, f"clock will jump to {far:+d}")
    world.story.count("clock jumped in mid-sale")


def key_lost(world: World) -> None:
    """The keys of a till are gone: of the line in use, or of all; the program runs, or not."""
    machine = world.chance.choice(world.living())
    assert machine.counter is not None
    if not machine.is_sound:
        return
    runs, is_one = world.chance.random() < 0.5, world.chance.random() < 0.5
    with machine.here():
        head = machine.counter.line.device
        own = machine.counter.db.rows("SELECT device FROM own_line ORDER BY place")
        for device in [head] if is_one else [bytes(row[0]) for row in own]:
            machine.counter.witness.forget(device)
    world.tell(machine, "key lost")
    world.story.count("key lost")
    if not runs:
        machine.stop()
        machine.start()


def begin_anew(world: World, machine: Machine) -> None:
    """A round found no key: the program opens a new line with a new one, as the window does."""
    assert machine.counter is not None
    what = "new line for a lost key"
    try:
        with machine.here():
            ensure_line(machine.counter)
    except Killed:
        world.crash(machine, "killed")
        return
    except sqlite3.OperationalError as error:
        if not machine.expects(error):
            raise
        what = f"no new line: {error}"
    world.tell(machine, what)


def second_program(world: World) -> None:
    """The program is started once more on the same folder: it says so and changes nothing."""
    machine = world.chance.choice(world.living())
    before = machine.row(0, "")
    with machine.here():
        try:
            open_counter(machine.folder, clock=machine.clock, witness=Witness(machine.state))
        except FolderInUse:
            world.story.count("started twice")
        else:
            insist(5, False, f"{machine.name}: two programs write in one folder")
    insist(5, before == machine.row(0, ""), f"{machine.name}: the second program wrote something")


def aged(world: World) -> None:
    """The server gives up the protocol that a till speaks, until its program is brought up to date.
    It sells on meanwhile."""
    machine = world.chance.choice(world.living())
    machine.is_aged = not machine.is_aged
    world.tell(machine, "too old for the server" if machine.is_aged else "new enough again")
    world.story.count("too old for the server", machine.is_aged)


EVENTS: Final[dict[str, Callable[[World], None]]] = {
    "disk_fails": disk_fails, "sleep": fall_asleep, "clock_jumps": clock_jumps,
    "key_lost": key_lost, "second_program": second_program, "aged": aged,
}  # fmt: skip
"""Those between two steps."""

# -- while a request is under way


def on_the_way(
    world: World, machine: Machine, fault: str, deliver: Callable[[], Received]
) -> Received:
    """One exchange during which something else goes on.

    Raises:
        NoAnswer: the connection did not outlive the sleep.
        Killed: the program ended of what the cashier did.
    """
    before = world.chance.random() < 0.5
    answer = None if before else deliver()
    if fault == "asleep":
        _suspend(world, machine)
        if world.chance.random() < 0.5:
            raise NoAnswer(why="timeout")
    else:
        _sell(world, machine)
    return answer if answer is not None else deliver()


def between_slices(world: World, machine: Machine) -> None:
    """The cashier goes on while a round writes, where it breathes.

    Raises:
        Killed: the program ended of what the cashier did.
    """
    if world.chance.random() < 0.02:
        _sell(world, machine)
        world.story.count("sold between slices")


def _sell(world: World, machine: Machine) -> None:
    for _ in range(world.chance.randint(1, 3)):
        try:
            what = act(world, machine)
        except sqlite3.OperationalError as error:
            if not machine.expects(error):
                raise
            what = f"{error}"
        except Refused as refusal:
            what = refusal.code
        world.tell(machine, f"meanwhile {what}")
    world.story.count("sold in mid-round")
