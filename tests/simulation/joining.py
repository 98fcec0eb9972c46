"""Tills found their shops and join the server's; where it was restored from before, once more."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from core.errors import Refused
from pos.customers.people import add_customer
from pos.shifts.drawer import start_shift
from pos.staff.people import add_staff, everybody
from pos.sync.enrolment import enrol
from pos.sync.memory import is_forgotten as server_forgot
from pos.sync.wire import NoAnswer
from tests.helpers.counter import add_goods
from tests.simulation.actions import confirm_date
from tests.simulation.machine import Machine
from tests.simulation.nature import Killed

if TYPE_CHECKING:
    from tests.simulation.world import World

URL = "http://huyula"


def open_till(world: World, number: int, shop: int) -> None:
    """A new till with goods, a customer and a shift; it joins a shop of the server."""
    name = f"till{number + 1}"
    machine = Machine(world.place / name, name, shop, world.truth, world.chance)
    world.machines.append(machine)
    counter = machine.found(f"Toko {shop + 1}")
    for what, price, unit in ((f"Mi {name}", 2_500, "pcs"), (f"Gula {name}", 16_333, "kg")):
        add_goods(counter, what, price, 20_000, unit=unit, cost=price * 4 // 5)
    add_customer(counter, f"Udin {name}", credit_limit=world.chance.choice((60_000, 10_000_000)))
    start_shift(counter, 50_000)
    with machine.here():
        enrol(counter, URL, world.server.code(world.server.shops[shop]), world.sender(machine))
    world.note_home(machine)
    machine.due = world.truth.now


def is_forgotten(machine: Machine) -> bool:
    """Whether the server told this till that it does not know it."""
    return machine.counter is not None and server_forgot(machine.counter.db)


def _as_owner(machine: Machine) -> None:
    """Where the disk has damaged the entry by which who is in was added, another owner of the names
    at the lock says that it is them; where nobody is known, the owner is written down once more, as
    at the first start."""
    counter = machine.counter
    assert counter is not None
    if not everybody(counter.db, active_only=False):
        confirm_date(machine)
        machine.staff_id = counter.staff_id = add_staff(counter, "Ibu Sri", "owner")
        return
    known = everybody(counter.db)
    if all(one.id != counter.staff_id for one in known):
        owners = [one.id for one in known if one.role == "owner"]
        machine.staff_id = counter.staff_id = next(iter(owners), counter.staff_id)


def join_again(world: World, machine: Machine) -> None:
    """The owner gives a till that the server has forgotten a new code."""
    assert machine.counter is not None
    what = "joined again"
    try:
        with machine.here():
            _as_owner(machine)
            code = world.server.code(world.server.shops[machine.shop])
            enrol(machine.counter, URL, code, world.sender(machine))
        world.story.count(what)
    except Killed:
        world.crash(machine, "killed while joining")
        return
    except (Refused, NoAnswer, sqlite3.OperationalError) as refusal:
        what = f"not joined again: {refusal}"
    world.note_home(machine)
    machine.due = world.truth.now
    world.tell(machine, what)
