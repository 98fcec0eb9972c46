"""Rounds of a counter that is open here: forks are resolved, then the round goes on."""

from __future__ import annotations

from pos.counter import Counter
from pos.sync.enrolment import speaker
from pos.sync.lines import resolve
from pos.sync.memory import Server
from pos.sync.rounds import Outcome, Round
from pos.sync.state import note_round
from pos.sync.whole import write_down
from pos.sync.wire import NoAnswer, Said, Send

MOST_FORKS = 4


def sync_once(counter: Counter, server: Server, send: Send, *, backup_ms: int = 0) -> Outcome:
    """One whole round. A new line is opened where the server has gone on otherwise.

    Raises:
        NoAnswer, Said: it did not end well; what happened is kept for whoever looks.
        KeyMissing: this line's key is not here.
    """
    if counter.before_first_write is not None:
        counter.before_first_write()
        counter.before_first_write = None
    now = counter.clock.now_ms
    try:
        outcome = _rounds(counter, server, send, backup_ms)
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


def _rounds(counter: Counter, server: Server, send: Send, backup_ms: int) -> Outcome:
    sent = received = 0
    for _ in range(MOST_FORKS):
        outcome = Round(
            counter.db,
            server,
            speaker(counter, send),
            counter.clock,
            counter.witness,
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
