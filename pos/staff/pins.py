"""PINs: argon2id, growing delays after failures that survive a restart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.errors import Refused
from core.facts.shop import PinChanged
from pos.counter import Counter
from pos.db.database import Database
from pos.db.sealed import put_sealed
from pos.staff.people import (
    NeedsManager,
    Person,
    UnknownStaff,
    everybody,
    person,
    require,
)

if TYPE_CHECKING:
    from argon2 import PasswordHasher

# 19 MiB, two passes: 21 ms on a slow core, by OWASP's password storage advice.
_MEMORY_KIB, _PASSES, _LANES = 19_456, 2, 1
FREE_TRIES = 5
DELAYS_MS = (60_000, 300_000, 900_000)
_RANKS = {"owner": 2, "manager": 1}


class WrongPin(Refused):
    """The PIN is not right; `left` tries remain before a pause."""

    code = "wrong_pin"


class PinLocked(Refused):
    """Too many wrong PINs; `seconds` remain of the pause."""

    code = "pin_locked"


class BadPin(Refused):
    """A PIN has four to six digits."""

    code = "bad_pin"


class PinMissing(Refused):
    """This person has a PIN and none was given."""

    code = "pin_missing"


class PinNotHere(Refused):
    """This person's PIN is another counter's; here an owner or manager lets them set one."""

    code = "pin_not_here"


def demand_pin(pin: str) -> None:
    """Pass what can be a PIN.

    Raises:
        BadPin: not four to six digits.
    """
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 6):
        raise BadPin()


def set_pin(counter: Counter, staff_id: bytes, pin: str) -> None:
    """Set or replace a PIN. The person or an owner may.

    Raises:
        BadPin: not four to six digits.
        NeedsManager: neither the person themselves nor an owner is acting; for somebody whose PIN
            is another counter's, nobody of `who_may_allow` acts or has approved.
    """
    demand_pin(pin)
    who = person(counter.db, staff_id)
    if who is None:
        raise UnknownStaff(name="")
    elsewhere = pin_elsewhere(counter.db, who)
    first_owner = who.role == "owner" and not who.has_pin and not elsewhere
    if elsewhere:
        _require_somebody_known(counter, who)
    elif counter.staff_id != staff_id and not first_owner:
        require(counter, "staff")
    stored = _hasher().hash(pin)
    with counter.transaction() as tx:
        tx.append(PinChanged(staff_id, pin_digest(stored)))
        _store(counter.db, staff_id, stored, 0, 0)


def pin_elsewhere(db: Database, who: Person) -> bool:
    """Whether somebody has a PIN at another counter of the shop and none at this one."""
    if who.has_pin:
        return False
    return db.tuple_of("SELECT 1 FROM staff_pin WHERE staff_id=?", (who.id,)) is not None


def _require_somebody_known(counter: Counter, who: Person) -> None:
    """Somebody whom this counter knows must stand by: the person proves nothing yet."""
    standing_by = {counter.staff_id, counter.approver_id}
    if not any(other.id in standing_by for other in who_may_allow(counter.db, who)):
        raise NeedsManager(act="staff", amount=0)


def who_may_allow(db: Database, who: Person) -> list[Person]:
    """Who may allow somebody a first PIN at this counter, owners first.

    Owners and managers whom this counter knows: their PIN is this counter's, or they never had
    one anywhere. Nobody lets in a person above themselves, else a manager could become the owner
    by setting the owner's PIN. The owner who founded this counter is among them until another
    counter takes them off the staff; then nobody is, and they must be taken on again there.
    """
    return [
        other
        for other in everybody(db)
        if other.id != who.id
        and _RANKS.get(other.role, 0) >= max(1, _RANKS.get(who.role, 0))
        and not pin_elsewhere(db, other)
    ]


def set_first_pin(counter: Counter, staff_id: bytes, approver_id: bytes, pin: str) -> None:
    """Somebody whose PIN is another counter's sets one here; `approver_id` has shown their own.

    The fact says that the person did it and who allowed it.

    Raises:
        BadPin, UnknownStaff, NeedsManager: as `set_pin`.
    """
    before, counter.staff_id = counter.staff_id, staff_id
    try:
        with counter.approved(approver_id):
            set_pin(counter, staff_id, pin)
    finally:
        counter.staff_id = before


def pin_digest(stored: str) -> bytes:
    """By what a stored PIN text is recognised in the journal; the text itself stays out of it."""
    return hashlib.sha256(stored.encode("ascii")).digest()


def check_pin(counter: Counter, staff_id: bytes, pin: str) -> None:
    """Check a PIN; a right one clears the failures.

    Raises:
        PinLocked: too many failures, wait.
        WrongPin: wrong; counted durably before this is raised.
        PinMissing: this person has a PIN and `pin` is empty.
        PinNotHere: this person has a PIN, but none at this counter.
    """
    row = counter.db.one(
        "SELECT pin_hash, failures, locked_until_ms FROM staff_secret WHERE staff_id=?",
        (staff_id,),
    )
    if row is None:
        who = person(counter.db, staff_id)
        if who is not None and pin_elsewhere(counter.db, who):
            raise PinNotHere(name=who.name)
        return
    stored, failures, locked_until = row
    now = counter.clock.now_ms()
    # A clock set back must not lengthen the pause for ever.
    if now < locked_until <= now + DELAYS_MS[-1]:
        raise PinLocked(seconds=(locked_until - now + 999) // 1000)
    if not pin:
        raise PinMissing()
    if _matches(stored, pin):
        if failures:
            with counter.db.transaction():
                _store(counter.db, staff_id, stored, 0, 0)
        return
    failures += 1
    until = 0
    if failures >= FREE_TRIES:
        until = now + DELAYS_MS[min(failures - FREE_TRIES, len(DELAYS_MS) - 1)]
    with counter.db.transaction():
        _store(counter.db, staff_id, stored, failures, until)
    raise WrongPin(left=max(0, FREE_TRIES - failures))


def identify(counter: Counter, candidates: Sequence[bytes], pin: str) -> bytes:
    """Whose PIN this is, among people who may do an act.

    A wrong PIN counts as one failure of each candidate; a right one only clears its owner's.

    Raises:
        WrongPin, PinLocked, PinMissing: as `check_pin`; PinMissing also without candidates.
    """
    now = counter.clock.now_ms()
    for staff_id in candidates:
        row = counter.db.one(
            "SELECT pin_hash, locked_until_ms FROM staff_secret WHERE staff_id=?", (staff_id,)
        )
        if row is not None and not now < row[1] <= now + DELAYS_MS[-1] and _matches(row[0], pin):
            check_pin(counter, staff_id, pin)
            return staff_id
    last: Refused = PinMissing()
    for staff_id in candidates:
        try:
            check_pin(counter, staff_id, pin)
        except Refused as refusal:
            last = refusal
    raise last


def _store(db: Database, staff_id: bytes, stored: str, failures: int, until: int) -> None:
    put_sealed(
        db,
        "staff_secret",
        {
            "staff_id": staff_id,
            "pin_hash": stored,
            "failures": failures,
            "locked_until_ms": until,
        },
    )


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)


def _matches(stored: str, pin: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return bool(_hasher().verify(stored, pin))
    except (VerificationError, InvalidHashError):
        return False
