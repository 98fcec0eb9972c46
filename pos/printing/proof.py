"""The print queue's part of the counter's proof: a job or printer changed by hand is noticed."""

from __future__ import annotations

from pos.db.database import Database
from pos.db.sealed import broken_seals
from pos.journal.verify import Difference
from pos.printing.enqueue import JobRow, job_seal


def queue_differences(db: Database) -> list[Difference]:
    """Jobs and printers whose seal does not fit their row."""
    found: list[Difference] = []
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
