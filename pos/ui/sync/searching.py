"""Looking for pairs beside the window, on a connection of its own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pos.db.database import open_database
from pos.merging.finding import Cancelled, Proposal, proposals
from pos.opening import database_file
from pos.ui.catalog.job import Job


class PairSearch(QObject):
    """One search at a time; `found` carries a list of proposals, `failed` an exception."""

    found = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        """Nothing is looked for before `begin`."""
        super().__init__(parent)
        self._job: Job | None = None

    @property
    def is_looking(self) -> bool:
        """Whether an answer is still to come."""
        return self._job is not None

    def begin(self, folder: Path) -> None:
        """Look through the shop in a data folder; an older search is given up."""
        self.stop()
        file = database_file(folder)
        self._job = job = Job(lambda _progress, cancelled: _look(file, cancelled), self)
        job.done.connect(lambda answer: self._ended(job, self.found, answer))
        job.failed.connect(lambda error: self._ended(job, self.failed, error))
        job.start()

    def stop(self) -> None:
        """Give it up; its answer is not heard."""
        job, self._job = self._job, None
        if job is not None:
            job.stop()
            job.deleteLater()

    def _ended(self, job: Job, signal: object, answer: object) -> None:
        # It may have been on its way when another search began.
        if job is self._job:
            self.stop()
            signal.emit(answer)  # type: ignore[attr-defined]


def _look(file: Path, cancelled: Cancelled) -> list[Proposal]:
    db = open_database(file, read_only=True)
    try:
        return proposals(db, cancelled)
    finally:
        db.close()
