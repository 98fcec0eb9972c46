"""Trying a printer out before the print threads run: one test page, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.errors import Refused
from pos.db.database import Database, open_database
from pos.printing.enqueue import JobRow, add_job
from pos.printing.jobs import ASKING, FINAL, accept, cancel, job
from pos.printing.worker import PrintWorker, Render


class Trial:
    """One test page on one printer; `run` belongs into a thread of its own."""

    def __init__(
        self, file: Path, printer_id: int, name: str, render: Render, now_ms: Callable[[], int]
    ) -> None:
        """`file` is the shop's database; `render` makes the page's bytes."""
        self._file = file
        self._printer_id = printer_id
        self._name = name
        self._now_ms = now_ms
        self._worker = PrintWorker(file, printer_id, render, now_ms=now_ms)

    def stop(self) -> None:
        """Let a page that still waits for the printer be."""
        self._worker.stop()

    def run(self) -> JobRow:
        """Print the page; the job as it stood at its end. Takes some seconds.

        A page that did not come out is cancelled: it must not come out tomorrow.
        """
        db = open_database(self._file)
        try:
            with db.transaction():
                number = add_job(db.raw, "test", self._name, self._printer_id, self._now_ms())
            while (row := self._worker.step(db)) is not None:
                if row.id == number or row.state == "blocked":
                    break
            ended = job(db, number)
            self._tidy(db, ended)
            return ended
        finally:
            db.close()

    def _tidy(self, db: Database, row: JobRow) -> None:
        try:
            if row.state in ASKING:
                accept(db, row.id, self._now_ms())
            elif row.state not in FINAL:
                cancel(db, row.id, self._now_ms())
        except Refused:
            # It moved meanwhile: then it is at its end already.
            return
