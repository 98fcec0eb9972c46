"""How much may wait: so much as is done within a second. Who comes later is told when to return.

What a call costs is measured while serving, as its share of what this process gets done: while
four calls run, a second that passes costs each of them a quarter. So the cost of what waits is
also how long the last of it will wait, whatever the machine, its threads and its load.

Nobody is told to come back at the same moment as everybody else: each refusal takes the next
free place of a line that is as long as the work which the refused will bring.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Hashable
from typing import Final

from server.failures import DatabaseBusy

LONGEST_WAIT_S: Final = 0.75
"""What would wait longer for its turn is refused when it comes."""

OPENING_WAIT_S: Final = 0.25
"""The same for what opens a visit: whoever is inside already goes before."""

LATEST_S: Final = 1.25
"""What has waited so long after all is refused when its turn comes."""

FURTHEST_S: Final = 120
"""No appointment is later."""

_FIRST_GUESS_S: Final = 0.02
_WEIGHT: Final = 0.1
_FADING: Final = 0.98
_MOST_KINDS: Final = 1_000


class Ticket:
    """One call's place, from `enter` to `end`."""

    __slots__ = ("at", "cost", "entered", "kind", "opens")

    def __init__(self, kind: Hashable, cost: float, entered: float, opens: bool) -> None:
        """`cost` in seconds as it is expected; `at` is the work's clock when it began to run."""
        self.kind, self.cost, self.entered, self.opens = kind, cost, entered, opens
        self.at: float | None = None


class Admission:
    """Lets calls in, in the order in which they come; used by many threads."""

    def __init__(
        self, threads: int, most_waiting: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """For so many threads; so many calls may wait for one, however cheap they are."""
        self._threads = threads
        self._room = threads + most_waiting
        self._clock = clock
        self._lock = threading.Lock()
        self._costs: dict[Hashable, float] = {}
        self._load = 0.0
        self._running = 0
        self._work = 0.0
        self._noted = clock()
        self._spent, self._visits = 0.1, 1.0
        self._promised = 0.0
        self.inside = 0

    def enter(self, kind: Hashable, *, opens: bool = False) -> Ticket:
        """A place for a call of this kind. `opens`: others of the same visitor will follow it.

        Raises:
            DatabaseBusy: too much waits already; `retry_s` says when to come again.
        """
        with self._lock:
            now = self._clock()
            most = OPENING_WAIT_S if opens else LONGEST_WAIT_S
            waits = self.inside >= self._threads  # else a thread is free, however slow all are
            if self.inside >= self._room or (waits and self._load > most):
                raise self._later(now)
            ticket = Ticket(kind, self._costs.get(kind, _FIRST_GUESS_S), now, opens)
            self.inside += 1
            self._load += ticket.cost
            return ticket

    def begin(self, ticket: Ticket) -> None:
        """Its turn has come.

        Raises:
            DatabaseBusy: it came so late that the caller had better ask again.
        """
        with self._lock:
            now = self._clock()
            if now - ticket.entered > LATEST_S:
                raise self._later(now)
            self._pass(now)
            self._running += 1
            ticket.at = self._work

    def end(self, ticket: Ticket) -> None:
        """It is done, or was not begun."""
        with self._lock:
            self.inside -= 1
            self._load = max(0.0, self._load - ticket.cost) if self.inside else 0.0
            if ticket.at is None:
                return
            self._pass(self._clock())
            self._running -= 1
            self._learn(ticket, self._work - ticket.at)

    def _pass(self, now: float) -> None:
        """Deal the time since the last change out to those who ran in it."""
        if self._running:
            self._work += (now - self._noted) / self._running
        self._noted = now

    def _learn(self, ticket: Ticket, cost: float) -> None:
        if len(self._costs) >= _MOST_KINDS:
            self._costs.clear()
        before = self._costs.get(ticket.kind, cost)
        self._costs[ticket.kind] = before + _WEIGHT * (cost - before)
        self._spent += cost
        if ticket.opens:
            self._spent *= _FADING
            self._visits = self._visits * _FADING + 1

    def _later(self, now: float) -> DatabaseBusy:
        visit = self._spent / self._visits
        self._promised = max(self._promised, now + self._load) + visit
        self._promised = min(self._promised, now + FURTHEST_S)
        return DatabaseBusy(retry_s=max(1, math.ceil(self._promised - now)))
