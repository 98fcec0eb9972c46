"""A PIN belongs to one counter: who may allow one at another, and how it is set there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.contract import decode_body
from core.facts.shop import PinChanged, Role
from pos.counter import Counter
from pos.staff.first_pin import APPROVAL_MS, ApprovalOld, FirstPin, PinsDiffer
from pos.staff.people import (
    NeedsManager,
    Person,
    UnknownStaff,
    add_staff,
    by_name,
    change_staff,
    person,
)
from pos.staff.pins import (
    PinLocked,
    PinNotHere,
    WrongPin,
    check_pin,
    pin_elsewhere,
    set_first_pin,
    set_pin,
    who_may_allow,
)
from tests.helpers.counter import StillClock
from tests.helpers.many_counters import World

HERE, THERE, NEW = "1111", "2222", "909090"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The founder of each counter is an "Ibu"; the second's has a PIN at the second."""
    made = World(tmp_path, random.Random(5), 2)
    set_pin(made.counters[1], made.counters[1].staff_id, HERE)
    yield made
    made.close()


def known(counter: Counter, staff_id: bytes) -> Person:
    found = person(counter.db, staff_id)
    assert found is not None
    return found


def comes(world: World, name: str, role: Role) -> Person:
    """Somebody who has a PIN at the first counter comes to the second."""
    first, second = world.counters
    staff_id = add_staff(first, name, role)
    set_pin(first, staff_id, THERE)
    world.settle()
    return known(second, staff_id)


def the_owner_comes(world: World) -> Person:
    """The first counter's founder, with a PIN there."""
    first, second = world.counters
    set_pin(first, first.staff_id, THERE)
    world.settle()
    return known(second, first.staff_id)


def last_fact(counter: Counter) -> tuple[bytes, bytes, object]:
    row = counter.db.one("SELECT kind, version, body FROM journal ORDER BY pos DESC LIMIT 1")
    assert row is not None
    header, fact = decode_body(row.kind, row.version, row.body)
    return header.by, header.approved_by, fact


def test_the_owner_of_this_counter_lets_a_cashier_set_a_pin(world: World) -> None:
    second = world.counters[1]
    owner = second.staff_id
    budi = comes(world, "Budi", "cashier")
    second.staff_id = b""
    first_pin = FirstPin(second, budi)
    entries = second.db.scalar("SELECT count(*) FROM journal")
    assert first_pin.step == "approve"
    assert not first_pin.enter(HERE) and first_pin.step == "new"
    assert not first_pin.enter(NEW) and first_pin.step == "again"
    assert first_pin.enter(NEW)
    check_pin(second, budi.id, NEW)
    assert second.db.scalar("SELECT count(*) FROM journal") == entries + 1
    who, approver, fact = last_fact(second)
    assert (who, approver) == (budi.id, owner) and isinstance(fact, PinChanged)
    assert (second.staff_id, second.approver_id) == (b"", b"")
    world.settle()
    check_pin(world.counters[0], budi.id, THERE)
    world.check(1)


def test_the_owner_from_elsewhere_is_let_in_by_who_founded_this_counter(world: World) -> None:
    second = world.counters[1]
    founder = second.staff_id
    owner = the_owner_comes(world)
    assert [one.id for one in who_may_allow(second.db, owner)] == [founder]
    first_pin = FirstPin(second, owner)
    assert [first_pin.enter(pin) for pin in (HERE, NEW, NEW)] == [False, False, True]
    check_pin(second, owner.id, NEW)


def test_a_manager_cannot_become_the_owner(world: World) -> None:
    second = world.counters[1]
    rina = add_staff(second, "Rina", "manager")
    set_pin(second, rina, "3333")
    owner = the_owner_comes(world)
    first_pin = FirstPin(second, owner)
    with pytest.raises(WrongPin):
        first_pin.enter("3333")
    with pytest.raises(NeedsManager):
        set_first_pin(second, owner.id, rina, NEW)
    with pytest.raises(PinNotHere):
        check_pin(second, owner.id, NEW)
    budi = comes(world, "Budi", "cashier")
    set_first_pin(second, budi.id, rina, NEW)
    check_pin(second, budi.id, NEW)


@pytest.mark.parametrize("what", ["cashier", "himself", "elsewhere", "nobody"])
def test_who_may_not_allow_it(world: World, what: str) -> None:
    second = world.counters[1]
    sari = add_staff(second, "Sari", "cashier")
    budi = comes(world, "Budi", "manager")
    tono = comes(world, "Tono", "manager")
    approver = {"cashier": sari, "himself": budi.id, "elsewhere": tono.id, "nobody": b""}[what]
    with pytest.raises(NeedsManager):
        set_first_pin(second, budi.id, approver, NEW)
    assert pin_elsewhere(second.db, budi)


def test_wrong_pins_of_who_should_allow_it_end_in_a_pause(world: World) -> None:
    second = world.counters[1]
    first_pin = FirstPin(second, comes(world, "Budi", "cashier"))
    for _ in range(5):
        with pytest.raises(WrongPin):
            first_pin.enter("9999")
    with pytest.raises(PinLocked):
        first_pin.enter(HERE)
    assert first_pin.step == "approve"


def test_two_that_differ_are_typed_again_without_asking_for_permission(world: World) -> None:
    first_pin = FirstPin(world.counters[1], comes(world, "Budi", "cashier"))
    first_pin.enter(HERE)
    first_pin.enter(NEW)
    with pytest.raises(PinsDiffer):
        first_pin.enter("808080")
    assert first_pin.step == "new"
    assert [first_pin.enter(NEW), first_pin.enter(NEW)] == [False, True]


def test_an_approval_does_not_wait_for_whoever_passes_by(world: World) -> None:
    second = world.counters[1]
    assert isinstance(second.clock, StillClock)
    first_pin = FirstPin(second, comes(world, "Budi", "cashier"))
    first_pin.enter(HERE)
    second.clock.forward(APPROVAL_MS // 1000 + 1)
    with pytest.raises(ApprovalOld):
        first_pin.enter(NEW)
    assert first_pin.step == "approve"


def test_an_owner_who_never_had_a_pin_has_none_to_show(tmp_path: Path) -> None:
    world = World(tmp_path, random.Random(5), 2)
    budi = comes(world, "Budi", "cashier")
    first_pin = FirstPin(world.counters[1], budi)
    assert first_pin.step == "open"
    first_pin.go_on()
    assert [first_pin.enter(NEW), first_pin.enter(NEW)] == [False, True]
    world.close()


def test_a_counter_whose_owner_was_taken_off_says_so_and_recovers(world: World) -> None:
    first, second = world.counters
    owner = the_owner_comes(world)
    change_staff(first, second.staff_id, active=False)
    world.settle()
    first_pin = FirstPin(second, owner)
    assert first_pin.step == "nobody"
    assert not first_pin.enter(HERE)
    assert first_pin.nobody().details == {"name": owner.name}
    change_staff(first, second.staff_id, active=True)
    world.settle()
    assert FirstPin(second, owner).step == "approve"


def test_of_two_with_one_name_who_has_a_pin_here_is_meant(world: World) -> None:
    second = world.counters[1]
    owner = the_owner_comes(world)
    assert by_name(second.db, "ibu").id == second.staff_id != owner.id
    assert by_name(second.db, owner.id.hex()).id == owner.id
    with pytest.raises(UnknownStaff):
        by_name(second.db, "Ibuk")
