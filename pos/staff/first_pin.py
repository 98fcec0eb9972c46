"""A first PIN at this counter, without a window: somebody allows it, then it is typed twice."""

from __future__ import annotations

from typing import Literal

from core.errors import Refused
from pos.counter import Counter
from pos.staff.people import Person
from pos.staff.pins import identify, set_first_pin, who_may_allow

APPROVAL_MS = 120_000
"""So long an approval waits for the new PIN: nobody else may find it open later."""

Step = Literal["nobody", "approve", "open", "new", "again"]


class NobodyMayAllow(Refused):
    """This counter knows nobody who could allow the PIN."""

    code = "nobody_may_allow"


class PinsDiffer(Refused):
    """The new PIN was not typed alike twice."""

    code = "pins_differ"


class ApprovalOld(Refused):
    """The approval has waited too long for the new PIN."""

    code = "approval_old"


class FirstPin:
    """What is to be done next is `step`: "approve" (a PIN of `allowing`), "new" and "again".

    "open": who could allow it has no PIN anywhere, so there is nothing to show; `go_on` does.
    "nobody": it cannot be done here now, `nobody()` says why.
    """

    def __init__(self, counter: Counter, who: Person) -> None:
        """For somebody who has a PIN at another counter only."""
        self._counter = counter
        self.who = who
        self.allowing = who_may_allow(counter.db, who)
        self._approver = b""
        self._allowed_ms = 0
        self._first = ""
        self.step: Step = self._begin()

    def _begin(self) -> Step:
        self._approver, self._first = b"", ""
        if any(one.has_pin for one in self.allowing):
            return "approve"
        return "open" if self.allowing else "nobody"

    def nobody(self) -> NobodyMayAllow:
        """Why there is no way on."""
        return NobodyMayAllow(name=self.who.name)

    def go_on(self) -> None:
        """Where nobody has a PIN to show, the first who could allow it is taken to."""
        if self.step == "open":
            self._allow(self.allowing[0].id)

    def enter(self, pin: str) -> bool:
        """Take a PIN for the present step; True once the new one is set.

        Raises:
            WrongPin, PinLocked: it is of none who may allow it.
            PinsDiffer, ApprovalOld: the step before comes again.
            BadPin, NeedsManager: as `set_first_pin`.
        """
        if self.step == "approve":
            candidates = [one.id for one in self.allowing if one.has_pin]
            self._allow(identify(self._counter, candidates, pin))
        elif self.step in ("new", "again"):
            return self._typed(pin)
        return False

    def _allow(self, approver_id: bytes) -> None:
        self._approver = approver_id
        self._allowed_ms = self._counter.clock.mono_ms()
        self.step = "new"

    def _typed(self, pin: str) -> bool:
        if self._counter.clock.mono_ms() - self._allowed_ms > APPROVAL_MS:
            self.step = self._begin()
            raise ApprovalOld()
        if self.step == "new":
            self._first, self.step = pin, "again"
            return False
        first, self._first, self.step = self._first, "", "new"
        if first != pin:
            raise PinsDiffer()
        set_first_pin(self._counter, self.who.id, self._approver, pin)
        return True
