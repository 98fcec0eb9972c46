"""How much may wait, and when those are told to return for whom there is no room."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from server.failures import DatabaseBusy
from server.http.admission import FURTHEST_S, LATEST_S, Admission, Ticket
from server.http.running import ThreadRunner


class Clock:
    """Seconds that tests let pass."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _learned(clock: Clock, cost: float) -> Admission:
    """An admission that has seen a hundred visits of a hello and a push, the push of this cost."""
    made = Admission(1, 10_000, clock)
    for _ in range(100):
        for kind, length in (("hello", 0.001), ("push", cost)):
            ticket = made.enter(kind, opens=kind == "hello")
            made.begin(ticket)
            clock.now += length
            made.end(ticket)
    return made


def _fill(admission: Admission, kind: str, *, opens: bool = False) -> list[Ticket]:
    """Let in as many as it takes."""
    tickets: list[Ticket] = []
    while True:
        try:
            tickets.append(admission.enter(kind, opens=opens))
        except DatabaseBusy:
            return tickets
        if len(tickets) == 1:
            admission.begin(tickets[0])


def test_as_much_is_let_in_as_is_done_within_a_second(clock: Clock) -> None:
    dear, cheap = _fill(_learned(clock, 0.05), "push"), _fill(_learned(clock, 0.005), "push")
    assert 10 <= len(dear) <= 25
    assert 100 <= len(cheap) <= 250


def test_whoever_is_inside_goes_before_whoever_comes(clock: Clock) -> None:
    admission = _learned(clock, 0.05)
    tickets: list[Ticket] = []
    for _ in range(8):
        tickets.append(admission.enter("push"))
    admission.begin(tickets[0])
    with pytest.raises(DatabaseBusy):
        admission.enter("hello", opens=True)
    admission.enter("push")


def test_calls_that_run_side_by_side_share_what_they_cost(clock: Clock) -> None:
    admission = Admission(4, 10_000, clock)
    for _ in range(100):
        four = [admission.enter("push") for _ in range(4)]
        for one in four:
            admission.begin(one)
        clock.now += 0.2
        for one in four:
            admission.end(one)
    # 0.2 s for four: 0.05 s each, so some twenty are a second's work.
    assert 10 <= len(_fill(admission, "push")) <= 25


def test_the_refused_are_told_to_come_one_after_the_other(clock: Clock) -> None:
    admission = _learned(clock, 0.1)
    _fill(admission, "push")
    told = []
    for _ in range(100):
        with pytest.raises(DatabaseBusy) as refused:
            admission.enter("hello", opens=True)
        told.append(refused.value.details["retry_s"])
    assert told == sorted(told) and told[0] <= 2
    # A hundred visits of about 0.1 s are some ten seconds' work, and no second gets them all.
    assert 8 <= told[-1] <= 14
    assert max(told.count(second) for second in set(told)) <= 20


def test_no_appointment_is_too_far_away_and_time_takes_them_back(clock: Clock) -> None:
    admission = _learned(clock, 0.1)
    tickets = _fill(admission, "push")
    for _ in range(5_000):
        with pytest.raises(DatabaseBusy) as refused:
            admission.enter("hello", opens=True)
    assert refused.value.details["retry_s"] == FURTHEST_S
    for one in tickets:
        admission.end(one)
    admission.begin(admission.enter("hello", opens=True))
    clock.now += FURTHEST_S
    _fill(admission, "push")
    with pytest.raises(DatabaseBusy) as refused:
        admission.enter("hello", opens=True)
    assert refused.value.details["retry_s"] <= 2


def test_what_has_waited_too_long_is_not_begun(clock: Clock) -> None:
    admission = Admission(1, 10, clock)
    ticket = admission.enter("push")
    clock.now += LATEST_S + 0.1
    with pytest.raises(DatabaseBusy):
        admission.begin(ticket)
    admission.end(ticket)
    assert admission.inside == 0


def test_where_a_thread_is_free_nobody_is_refused_however_slow_the_machine(clock: Clock) -> None:
    admission = Admission(8, 256, clock)
    for _ in range(20):
        ticket = admission.enter("hello", opens=True)
        admission.begin(ticket)
        clock.now += 1.2
        admission.end(ticket)
    for _ in range(8):
        admission.begin(admission.enter("hello", opens=True))
    with pytest.raises(DatabaseBusy):
        admission.enter("hello", opens=True)


def test_a_thread_that_hangs_keeps_nobody_waiting_for_ever() -> None:
    """What waits behind it is answered when its turn comes at last, and not carried out."""

    async def run() -> None:
        runner, go = ThreadRunner(1, 10), threading.Event()
        first = asyncio.create_task(runner(go.wait, 20))
        await asyncio.sleep(0)
        second = asyncio.create_task(runner(time.monotonic))
        await asyncio.sleep(0)
        runner._admission._clock = lambda: time.monotonic() + 60
        go.set()
        assert await first
        with pytest.raises(DatabaseBusy):
            await second
        runner.close()

    asyncio.run(run())
