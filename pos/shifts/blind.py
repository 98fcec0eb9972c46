"""Who counts blind: which sums a person may not see before the drawer is counted."""

from __future__ import annotations

from pos.counter import Counter
from pos.shifts.open_shift import open_shift
from pos.staff.people import may


def unseen_shift(counter: Counter) -> bytes:
    """The open shift whose sums the acting person may not see yet; empty where they may.

    Only their own permission counts: a manager who lets somebody into the reports has not said
    what lies in the drawer.
    """
    shift = open_shift(counter.db)
    if shift is None or may(counter, "see_expected_cash"):
        return b""
    return shift.id
