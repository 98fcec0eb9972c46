"""The print queue's part of the counter's proof: a job or printer changed by hand is noticed.

Jobs are numbered 1, 2, 3 and never deleted, so one that is gone leaves a hole; only the newest
can go unnoticed, for no fact says that it was there. A printer is missed by the jobs that name it.
"""

from __future__ import annotations

from pos.db.database import Database
from pos.db.sealed import broken_seals
from pos.journal.verify import Difference
from pos.printing.enqueue import JobRow, job_seal


def queue_differences(db: Database) -> list[Difference]:
    """Jobs and printers whose seal does not fit their row, or that are gone."""
    found = [*_missing_jobs(db), *_missing_printers(db)]
    for row in db.rows(
        "SELECT id, kind, ref, payload, copy, printer_id, state, cause, bytes, created_ms,"
        " updated_ms, seal FROM print_job"
    ):
        if job_seal(JobRow(*row[:11])) != row[11]:
            found.append(Difference("print_job", str(row[0]), "seal", "broken", "whole"))
    found += [
        Difference("printer", str(rowid), "seal", "broken", "whole")
        for rowid in broken_seals(db, "printer")
    ]
    return found


def _missing_jobs(db: Database) -> list[Difference]:
    """The holes in the numbers: the first number that is missing before each job."""
    rows = db.rows(
        "SELECT id, before FROM (SELECT id, lag(id, 1, 0) OVER (ORDER BY id) AS before"
        " FROM print_job) WHERE id<>before+1"
    )
    return [Difference("print_job", str(row[1] + 1), "row", "absent", "present") for row in rows]


def _missing_printers(db: Database) -> list[Difference]:
    rows = db.rows(
        "SELECT DISTINCT printer_id FROM print_job WHERE printer_id NOT IN (SELECT id FROM printer)"
        " ORDER BY printer_id"
    )
    return [Difference("printer", str(row[0]), "row", "absent", "present") for row in rows]
