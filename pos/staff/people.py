"""Staff members and what they may do."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from core.errors import Refused
from core.facts.base import FieldChange
from core.facts.shop import Role, StaffAdded, StaffChanged
from core.permissions import allowed
from core.text import clean_name
from pos.counter import Counter
from pos.db.database import Database


class Person(NamedTuple):
    """A staff member as stored."""

    id: bytes
    name: str
    role: str
    active: bool
    permissions: dict[str, Any]
    has_pin: bool


class NeedsManager(Refused):
    """This act needs somebody with the permission for it; the counter may ask for their PIN."""

    code = "needs_manager"


class UnknownStaff(Refused):
    """Nobody of that name works here."""

    code = "unknown_staff"


class StaffRule(Refused):
    """A staff member cannot be written like this: `why` says which rule."""

    code = "staff_rule"


# A PIN belongs to the counter at which it was set.
_QUERY = (
    "SELECT id, name, role, active, permissions, EXISTS (SELECT 1 FROM staff_pin p JOIN own_line o"
    " ON o.device=p.device WHERE p.staff_id=staff.id) FROM staff"
)


def _person(row: Any) -> Person:
    return Person(
        bytes(row[0]), row[1], row[2], bool(row[3]), msgspec.json.decode(row[4]), bool(row[5])
    )


def everybody(db: Database, *, active_only: bool = True) -> list[Person]:
    """All staff, owner first, then by name."""
    people = [_person(row) for row in db.rows(_QUERY)]
    order = {"owner": 0, "manager": 1, "cashier": 2}
    people.sort(key=lambda person: (order.get(person.role, 3), person.name.lower()))
    return [person for person in people if person.active or not active_only]


def person(db: Database, staff_id: bytes) -> Person | None:
    """A staff member by id."""
    row = db.tuple_of(f"{_QUERY} WHERE id=?", (staff_id,))
    return None if row is None else _person(row)


def by_name(db: Database, name: str) -> Person:
    """The active staff member of that name, whatever the case, or of that id (hexadecimal).

    Two counters may both have had somebody of one name before they met: who has a PIN at this one
    is meant then.

    Raises:
        UnknownStaff: there is none.
    """
    wanted = name.strip().casefold()
    found = [one for one in everybody(db) if wanted in (one.name.casefold(), one.id.hex())]
    if not found:
        raise UnknownStaff(name=name)
    return max(found, key=lambda one: one.has_pin)


def may(counter: Counter, act: str, amount: int = 0, *, staff_id: bytes | None = None) -> bool:
    """Whether the acting person (or `staff_id`) may do an act by themselves."""
    who = person(counter.db, staff_id if staff_id is not None else counter.staff_id)
    return who is not None and who.active and allowed(who.role, who.permissions, act, amount)


def require(counter: Counter, act: str, amount: int = 0) -> None:
    """Insist that the acting person, or the manager who approved, may do an act.

    Raises:
        NeedsManager: neither may.
    """
    if may(counter, act, amount):
        return
    if counter.approver_id and may(counter, act, amount, staff_id=counter.approver_id):
        return
    raise NeedsManager(act=act, amount=amount)


def add_staff(counter: Counter, name: str, role: Role) -> bytes:
    """Write down a new staff member; the PIN is set apart. Returns the id.

    Raises:
        NeedsManager: only an owner may.
        StaffRule: the name is empty or taken; nobody is known yet, and who comes is no owner:
            nobody could ever add one.
    """
    clean = clean_name(name)
    if not clean:
        raise StaffRule(why="name_empty")
    if everybody(counter.db, active_only=False):
        require(counter, "staff")
    elif role != "owner":
        raise StaffRule(why="first_is_owner")
    if any(who.name.casefold() == clean.casefold() for who in everybody(counter.db)):
        raise StaffRule(why="name_taken", name=clean)
    staff_id = counter.new_id()
    with counter.transaction() as tx:
        tx.append(StaffAdded(staff_id, clean, role))
    return staff_id


def change_staff(counter: Counter, staff_id: bytes, **fields: Any) -> None:
    """Change name, role, active or permissions of a staff member.

    Raises:
        NeedsManager: only an owner may.
        StaffRule: the last owner cannot be removed; a name is empty or taken.
    """
    require(counter, "staff")
    who = person(counter.db, staff_id)
    if who is None:
        raise UnknownStaff(name="")
    _check_change(counter, who, fields)
    changes = tuple(
        FieldChange(
            name,
            msgspec.json.encode(getattr(who, name)).decode(),
            msgspec.json.encode(value).decode(),
        )
        for name, value in fields.items()
        if getattr(who, name) != value
    )
    if changes:
        with counter.transaction() as tx:
            tx.append(StaffChanged(staff_id, changes))


def _check_change(counter: Counter, who: Person, fields: dict[str, Any]) -> None:
    others = [other for other in everybody(counter.db) if other.id != who.id]
    stays_owner = fields.get("role", who.role) == "owner" and fields.get("active", who.active)
    other_owner = any(other.role == "owner" for other in others)
    if who.role == "owner" and not stays_owner and not other_owner:
        raise StaffRule(why="last_owner")
    if "name" in fields:
        fields["name"] = clean_name(fields["name"])
        if not fields["name"]:
            raise StaffRule(why="name_empty")
        if any(other.name.casefold() == fields["name"].casefold() for other in others):
            raise StaffRule(why="name_taken", name=fields["name"])
