"""Opening a shift, cash in and out, opening the drawer without a sale."""

from __future__ import annotations

from typing import Literal

from core.errors import Refused
from core.facts.shifts import CashMoved, DrawerOpened, ShiftOpened
from core.text import clean_name
from pos.counter import Counter
from pos.printing.enqueue import queue_document, queue_pulse
from pos.shifts.open_shift import open_shift, open_shift_id
from pos.staff.people import require

MAX_RUPIAH = 999_999_999_999


class ShiftAlreadyOpen(Refused):
    """A shift is open already."""

    code = "shift_already_open"


class BadDrawerAmount(Refused):
    """An amount for the drawer must be rupiah between zero and the program's limit."""

    code = "bad_drawer_amount"


class ReasonNeeded(Refused):
    """This act needs a word of reason."""

    code = "reason_needed"


def start_shift(counter: Counter, float_amount: int) -> bytes:
    """Open a shift with a float in rupiah; returns its id.

    Raises:
        ShiftAlreadyOpen: one is open.
        BadDrawerAmount: the float is negative or absurd.
    """
    require(counter, "shift")
    if not 0 <= float_amount <= MAX_RUPIAH:
        raise BadDrawerAmount(amount=float_amount)
    if open_shift(counter.db) is not None:
        raise ShiftAlreadyOpen()
    shift_id = counter.new_id()
    with counter.transaction() as tx:
        tx.append(ShiftOpened(shift_id, float_amount))
    return shift_id


def move_cash(counter: Counter, direction: Literal["in", "out"], amount: int, reason: str) -> None:
    """Put cash into the drawer or take it out.

    Raises:
        NoShift, BadDrawerAmount, ReasonNeeded, NeedsManager.
    """
    if not 0 < amount <= MAX_RUPIAH:
        raise BadDrawerAmount(amount=amount)
    if not clean_name(reason):
        raise ReasonNeeded()
    require(counter, "cash_in" if direction == "in" else "cash_out", amount)
    shift_id = open_shift_id(counter.db)
    with counter.transaction() as tx:
        pos = tx.append(CashMoved(shift_id, direction, amount, clean_name(reason)))
        now = counter.clock.now_ms()
        queue_pulse(tx.db.raw, now_ms=now)
        queue_document(tx.db.raw, "cash", str(pos), now)


def open_drawer(counter: Counter, reason: str) -> None:
    """Open the drawer without a sale: a fact with a name on it.

    Raises:
        ReasonNeeded, NeedsManager.
    """
    require(counter, "drawer")
    if not clean_name(reason):
        raise ReasonNeeded()
    found = open_shift(counter.db)
    with counter.transaction() as tx:
        tx.append(DrawerOpened(found.id if found else b"", clean_name(reason)))
        queue_pulse(tx.db.raw, now_ms=counter.clock.now_ms())
