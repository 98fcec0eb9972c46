"""Rounds of a counter that is open here: forks are resolved, then the round goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from core.errors import Refused
from pos.counter import Counter
from pos.sync.enrolment import speaker
from pos.sync.lines import resolve
from pos.sync.memory import Server
from pos.sync.pictures import ARRIVED, Moved, Pictures
from pos.sync.refold import finish_refold
from pos.sync.rounds import Outcome, Round
from pos.sync.state import note_round
from pos.sync.whole import write_down
from pos.sync.wire import NoAnswer, Said, Send

MOST_FORKS = 4
MOST_STEPS = 40
"""Steps about pictures after one round; what is left then waits for the next one."""


def sync_once(
    counter: Counter,
    server: Server,
    send: Send,
    *,
    backup_ms: int = 0,
    breathe: Callable[[], None] = lambda: None,
) -> Outcome:
    """One whole round. A new line is opened where the server has gone on otherwise. `breathe` is
    called between slices of writing.

    Raises:
        NoAnswer, Said: it did not end well; what happened is kept for whoever looks.
        KeyMissing: this line's key is not here.
    """
    if counter.before_first_write is not None:
        counter.before_first_write()
        counter.before_first_write = None
    now = counter.clock.now_ms
    try:
        outcome = _rounds(counter, server, send, backup_ms, breathe)
    except Said as said:
        note_round(counter.db, now(), said.problem.error, "", None)
        raise
    except NoAnswer as refusal:
        note_round(counter.db, now(), refusal.code, "", None)
        raise
    note_round(counter.db, now(), "", outcome.state, outcome.digest_equal)
    if outcome.kinds:
        counter.heard(outcome.kinds)
    return outcome


def pictures_of(counter: Counter) -> Pictures:
    """The pictures of a counter that is open here."""
    clock = counter.clock
    return Pictures(counter.folder, mono_ms=clock.mono_ms, chance=lambda: clock.random(1)[0] / 256)


def pictures_once(
    counter: Counter, server: Server, send: Send, pictures: Pictures, most: int = MOST_STEPS
) -> Moved:
    """Send and fetch pictures after a round, where it is time: `most` steps, without a rest.

    What goes wrong there is no failure of the round: the next one goes on from where it was.
    """
    sent = received = 0
    moved = Moved()
    for _ in range(most if pictures.due_s(counter.db) <= 0 else 0):
        try:
            moved = pictures.step(counter.db, server, speaker(counter, send))
        except Said as said:
            pictures.failed(counter.db, said.problem.retry_s)
            break
        except (Refused, OSError, sqlite3.Error):
            pictures.failed(counter.db)
            break
        sent, received = sent + moved.sent, received + moved.received
        if not moved.is_more:
            break
    if received:
        counter.heard(ARRIVED)
    return Moved(sent, received, moved.is_more)


def _rounds(
    counter: Counter, server: Server, send: Send, backup_ms: int, breathe: Callable[[], None]
) -> Outcome:
    sent = received = 0
    for _ in range(MOST_FORKS):
        outcome = Round(
            counter.db,
            server,
            speaker(counter, send),
            counter.clock,
            counter.witness,
            breathe=breathe,
            backup_ms=backup_ms,
        ).run()
        sent, received = sent + outcome.sent, received + outcome.received
        answer(counter, outcome)
        if outcome.fork is None:
            break
    return outcome._replace(sent=sent, received=received)


def answer(counter: Counter, outcome: Outcome) -> None:
    """Write what a round asks for: that server and counter did not hold the same (folding again
    has cured what it could), whole bytes of what the server has damaged, a new line of history."""
    if outcome.fork is not None:
        resolve(counter, outcome.fork)
    if outcome.to_write:
        write_down(counter, outcome.to_write)
        finish_refold(counter.db)
