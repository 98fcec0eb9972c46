"""The queue's jobs: reading them, moving them on, and what a person may decide about them.

States: queued, checking, blocked, sending, confirming, stalled, broken, unsure, printed, sent,
cancelled. Nothing is ever sent again by itself once its first byte is out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core.errors import Refused
from pos.db.database import Database
from pos.printing.enqueue import JobRow, add_job, job_seal

WAITING = ("queued", "checking", "blocked")
ON_THE_WAY = ("sending", "confirming", "stalled")
ASKING = ("broken", "unsure")
FINAL = ("printed", "sent", "cancelled")
# The cause of a stalled job that a person does not want any more.
CANCEL_WISH = "cancel"
OLD_MS = 10 * 60_000

_QUERY = (
    "SELECT id, kind, ref, payload, copy, printer_id, state, cause, bytes, created_ms, updated_ms"
    " FROM print_job"
)


class UnknownJob(Refused):
    """There is no such job, or it is in no state for this."""

    code = "unknown_job"


class JobOvertaken(Exception):
    """A job was moved by somebody else between reading and writing it."""


def job(db: Database, job_id: int) -> JobRow:
    """A job by id.

    Raises:
        UnknownJob.
    """
    row = db.one(f"{_QUERY} WHERE id=?", (job_id,))
    if row is None:
        raise UnknownJob(job=job_id)
    return JobRow(*row)


def jobs(db: Database, states: Sequence[str] = (*WAITING, *ON_THE_WAY, *ASKING)) -> list[JobRow]:
    """Jobs in these states, oldest first."""
    marks = ",".join("?" * len(states))
    return [
        JobRow(*row) for row in db.rows(f"{_QUERY} WHERE state IN ({marks}) ORDER BY id", states)
    ]


def next_job(db: Database, printer_id: int, *, old: bool = False) -> JobRow | None:
    """What a printer does next: the drawer's pulse, then the oldest job that waits.

    `old`: those too that ask because they have waited long.
    """
    row = db.one(
        f"{_QUERY} WHERE printer_id=? AND state IN ('queued','blocked','checking')"
        " AND (cause<>'old' OR ?) ORDER BY kind<>'pulse', id LIMIT 1",
        (printer_id, old),
    )
    return None if row is None else JobRow(*row)


def last_attempt(db: Database, printer_id: int) -> JobRow | None:
    """The newest job of a printer of which bytes were sent, pulses aside."""
    row = db.one(
        f"{_QUERY} WHERE printer_id=? AND bytes>0 AND kind<>'pulse' ORDER BY id DESC LIMIT 1",
        (printer_id,),
    )
    return None if row is None else JobRow(*row)


def _write(db: Database, old: JobRow, new: JobRow) -> None:
    """Store a job's new state with its seal, only where it still stands as `old` says."""
    changed = db.run(
        "UPDATE print_job SET state=?, cause=?, bytes=?, printer_id=?, updated_ms=?, seal=?"
        " WHERE id=? AND state=? AND cause=?",
        (
            new.state,
            new.cause,
            new.bytes,
            new.printer_id,
            new.updated_ms,
            job_seal(new),
            old.id,
            old.state,
            old.cause,
        ),
    )
    if not changed:
        raise JobOvertaken(old.id)


def move(db: Database, row: JobRow, state: str, now_ms: int, *, cause: str = "") -> JobRow:
    """Move a job to a state, durably.

    Raises:
        JobOvertaken: somebody else moved it meanwhile; nothing was changed.
    """
    changed = row._replace(state=state, cause=cause, updated_ms=now_ms)
    with db.transaction():
        _write(db, row, changed)
    return changed


@contextmanager
def _deciding(db: Database, job_id: int, states: Sequence[str]) -> Iterator[JobRow]:
    """A person's decision: the job is read and written in one transaction."""
    with db.transaction():
        row = job(db, job_id)
        if row.state not in states or (row.kind == "pulse" and row.state in ASKING):
            raise UnknownJob(job=job_id, state=row.state)
        yield row


def print_again(db: Database, job_id: int, now_ms: int, printer_id: int | None = None) -> int:
    """A person decides: the paper is not whole. A new job, marked as a further copy.

    Raises:
        UnknownJob: the job asks no question.
    """
    with _deciding(db, job_id, ASKING) as old:
        _write(db, old, old._replace(state="cancelled", cause="again", updated_ms=now_ms))
        return add_job(
            db.raw,
            old.kind,
            old.ref,
            old.printer_id if printer_id is None else printer_id,
            now_ms,
            payload=old.payload,
            copy=old.copy + 1,
        )


def accept(db: Database, job_id: int, now_ms: int) -> None:
    """A person decides: the paper is whole.

    Raises:
        UnknownJob.
    """
    with _deciding(db, job_id, ASKING) as old:
        _write(db, old, old._replace(state="printed", cause="accepted", updated_ms=now_ms))


def cancel(db: Database, job_id: int, now_ms: int) -> None:
    """A person decides: do not print this any more.

    A job that stands still in the middle is only marked: its printer's thread breaks it off, and
    then it asks whether it is to be printed again.

    Raises:
        UnknownJob: it is on its way or done.
    """
    with _deciding(db, job_id, (*WAITING, *ASKING, "stalled")) as old:
        if old.state == "stalled":
            new = old._replace(cause=CANCEL_WISH, updated_ms=now_ms)
        else:
            new = old._replace(state="cancelled", cause="person", updated_ms=now_ms)
        _write(db, old, new)


def redirect(db: Database, job_id: int, printer_id: int, now_ms: int) -> None:
    """A person decides: on that printer instead.

    Raises:
        UnknownJob.
    """
    with _deciding(db, job_id, WAITING) as old:
        new = old._replace(printer_id=printer_id, state="queued", cause="", updated_ms=now_ms)
        _write(db, old, new)


def release(db: Database, job_id: int, now_ms: int) -> None:
    """A person decides: print it although it has waited long.

    Raises:
        UnknownJob.
    """
    with _deciding(db, job_id, ("queued", "blocked")) as old:
        _write(db, old, old._replace(state="queued", cause="", updated_ms=now_ms))


def hold_old(db: Database, printer_id: int, now_ms: int) -> int:
    """Jobs that nobody took up for ten minutes ask before they print; returns how many.

    Nobody waits at the counter for these receipts any more.
    """
    rows = db.rows(
        f"{_QUERY} WHERE printer_id=? AND state='queued' AND kind<>'pulse' AND updated_ms<?",
        (printer_id, now_ms - OLD_MS),
    )
    for row in rows:
        move(db, JobRow(*row), "blocked", now_ms, cause="old")
    return len(rows)


def recover_after_crash(db: Database, now_ms: int, printer_id: int | None = None) -> int:
    """Jobs found on their way at a start may have printed in part: they ask. Returns how many.

    A pulse is over and done: it is never repeated.
    """
    found = [row for row in jobs(db, ON_THE_WAY) if printer_id in (None, row.printer_id)]
    for row in found:
        state = "cancelled" if row.kind == "pulse" else "unsure"
        move(db, row, state, now_ms, cause="restarted")
    return len(found)
