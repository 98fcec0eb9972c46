"""The queue's jobs: reading them, moving them on, and what a person may decide about them.

States: queued, checking, blocked, sending, confirming, stalled, broken, unsure, printed, sent,
cancelled. Nothing is ever sent again by itself once its first byte is out.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import Refused
from pos.db.database import Database
from pos.printing.enqueue import JobRow, add_job, job_seal

WAITING = ("queued", "checking", "blocked")
ON_THE_WAY = ("sending", "confirming", "stalled")
ASKING = ("broken", "unsure")
FINAL = ("printed", "sent", "cancelled")

_QUERY = (
    "SELECT id, kind, ref, payload, copy, printer_id, state, cause, bytes, created_ms, updated_ms"
    " FROM print_job"
)


class UnknownJob(Refused):
    """There is no such job, or it is in no state for this."""

    code = "unknown_job"


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


def next_job(db: Database, printer_id: int) -> JobRow | None:
    """The oldest job that waits for a printer."""
    row = db.one(
        f"{_QUERY} WHERE printer_id=? AND state IN ('queued','blocked','checking')"
        " ORDER BY id LIMIT 1",
        (printer_id,),
    )
    return None if row is None else JobRow(*row)


def write_job(db: Database, row: JobRow) -> None:
    """Store a job's new state with its seal; inside the caller's transaction."""
    db.run(
        "UPDATE print_job SET state=?, cause=?, bytes=?, printer_id=?, updated_ms=?, seal=?"
        " WHERE id=?",
        (
            row.state,
            row.cause,
            row.bytes,
            row.printer_id,
            row.updated_ms,
            job_seal(row),
            row.id,
        ),
    )


def move(db: Database, row: JobRow, state: str, now_ms: int, *, cause: str = "") -> JobRow:
    """Move a job to a state, durably."""
    changed = row._replace(state=state, cause=cause, updated_ms=now_ms)
    with db.transaction():
        write_job(db, changed)
    return changed


def _in(db: Database, job_id: int, states: Sequence[str]) -> JobRow:
    row = job(db, job_id)
    if row.state not in states:
        raise UnknownJob(job=job_id, state=row.state)
    return row


def print_again(db: Database, job_id: int, now_ms: int) -> int:
    """A person decides: the paper is not whole. A new job, marked as a further copy.

    Raises:
        UnknownJob: the job asks no question.
    """
    old = _in(db, job_id, ASKING)
    with db.transaction():
        write_job(db, old._replace(state="cancelled", cause="again", updated_ms=now_ms))
        return add_job(
            db.raw,
            old.kind,
            old.ref,
            old.printer_id,
            now_ms,
            payload=old.payload,
            copy=old.copy + 1,
        )


def accept(db: Database, job_id: int, now_ms: int) -> None:
    """A person decides: the paper is whole.

    Raises:
        UnknownJob.
    """
    move(db, _in(db, job_id, ASKING), "printed", now_ms, cause="accepted")


def cancel(db: Database, job_id: int, now_ms: int) -> None:
    """A person decides: do not print this any more.

    Raises:
        UnknownJob: it is on its way or done.
    """
    move(db, _in(db, job_id, (*WAITING, *ASKING, "stalled")), "cancelled", now_ms, cause="person")


def redirect(db: Database, job_id: int, printer_id: int, now_ms: int) -> None:
    """A person decides: on that printer instead.

    Raises:
        UnknownJob.
    """
    row = _in(db, job_id, WAITING)
    move(db, row._replace(printer_id=printer_id), "queued", now_ms)


def recover_after_crash(db: Database, now_ms: int) -> int:
    """Jobs found on their way at a start may have printed in part: they ask. Returns how many.

    A pulse is over and done: it is never repeated.
    """
    found = jobs(db, ON_THE_WAY)
    for row in found:
        state = "cancelled" if row.kind == "pulse" else "unsure"
        move(db, row, state, now_ms, cause="restarted")
    return len(found)
