"""The print thread of one printer: takes jobs from the queue, one at a time, and moves them on.

It has its own connection and holds the writer only to store a state, so checkout never waits.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from core.errors import Refused
from pos.db.database import Database, open_database
from pos.printing.delivery import Circumstances, Delivery
from pos.printing.enqueue import JobRow
from pos.printing.escpos import pulse, realtime_pulse, recover
from pos.printing.jobs import (
    JobOvertaken,
    hold_old,
    job,
    last_attempt,
    move,
    next_job,
    recover_after_crash,
)
from pos.printing.printers import Printer, learn_level, printer_by_id
from pos.printing.transports import Transport, bytes_a_second, open_transport

AGAIN_SECONDS = 2.0
PULSE_MS = 30_000
# A person who waits for the command's end does not wait for ever for new paper.
PATIENCE_SECONDS = 20.0
Render = Callable[[Database, JobRow, Printer], bytes]

_log = logging.getLogger(__name__)


class PrintWorker:
    """One printer's thread; `step()` does one job, `start()` keeps doing them."""

    def __init__(
        self,
        file: Path,
        printer_id: int,
        render: Render,
        *,
        opener: Callable[[str], Transport] = open_transport,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        monotonic: Callable[[], float] = time.monotonic,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`render` makes a job's bytes; `changed` is told whenever a job moved (any thread)."""
        self._file = file
        self._printer_id = printer_id
        self._render = render
        self._opener = opener
        self._now_ms = now_ms
        self._monotonic = monotonic
        self._changed = changed
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._recovered = False

    def start(self) -> None:
        """Begin working through the queue."""
        self._thread = threading.Thread(target=self._run, name="printing", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be a new job."""
        self._wake.set()

    def stop(self) -> None:
        """End after the job in hand; one that only waits for paper is left asking."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        db = open_database(self._file)
        try:
            while not self._stop.is_set():
                self._wake.clear()
                row = self._turn(db)
                if row is None or row.state == "blocked":
                    self._wake.wait(AGAIN_SECONDS)
        finally:
            db.close()

    def _turn(self, db: Database) -> JobRow | None:
        """One step that nothing ends but the program's end: a full disk passes, too.

        A thread that died would print nothing any more and say nothing.
        """
        try:
            self._recover(db)
            if hold_old(db, self._printer_id, self._now_ms()):
                self._changed()
            return self._step(db, None)
        except Exception:
            _log.exception("printer %s", self._printer_id)
            # What was on its way when the state could not be kept asks, later in this loop.
            self._recovered = False
            return None

    def _recover(self, db: Database) -> None:
        if not self._recovered:
            if recover_after_crash(db, self._now_ms(), self._printer_id):
                self._changed()
            self._recovered = True

    def step(self, db: Database) -> JobRow | None:
        """Do the next waiting job as far as it goes; None when there is none.

        For a person who waits: old jobs are printed without asking, and a printer that stands
        still in the middle is waited for twenty seconds only.
        """
        self._recover(db)
        return self._step(db, PATIENCE_SECONDS)

    def _step(self, db: Database, patience: float | None) -> JobRow | None:
        row = next_job(db, self._printer_id, old=patience is not None)
        device = printer_by_id(db, self._printer_id)
        if row is None or device is None or not device.active:
            return None
        try:
            if row.kind == "pulse":
                return self._kick(db, row, device)
            return self._print(db, row, device, patience)
        except JobOvertaken:
            # A person cancelled or moved it before its first byte went out.
            return job(db, row.id)

    def _print(self, db: Database, row: JobRow, device: Printer, patience: float | None) -> JobRow:
        if row.state == "queued":
            row = self._move(db, row, "checking")
        try:
            data = self._bytes(db, row, device)
        except Refused as error:
            return self._move(db, row, "cancelled", error.code)
        except Exception:
            _log.exception("job %s cannot be rendered", row.id)
            return self._move(db, row, "cancelled", "not_rendered")
        link = self._open(device)
        if isinstance(link, str):
            return self._move(db, row, "blocked", link)
        around = self._around(device, patience)
        delivery = Delivery(db, row, link, device.level, around)
        try:
            row = delivery.run(data)
        finally:
            _close(link)
        if delivery.level not in ("", device.level):
            learn_level(db, device.id, delivery.level)
        return row

    def _around(self, device: Printer, patience: float | None) -> Circumstances:
        return Circumstances(
            self._now_ms,
            self._monotonic,
            self._stop,
            self._changed,
            patience,
            bytes_a_second(device.connection),
        )

    def _bytes(self, db: Database, row: JobRow, device: Printer) -> bytes:
        """The job's bytes; after one that broke off, first what brings the printer round."""
        data = self._render(db, row, device)
        before = last_attempt(db, self._printer_id)
        if before is None or before.id == row.id or before.state in ("printed", "sent"):
            return data
        return recover(device.settings(), void=before.state != "unsure") + data

    def _kick(self, db: Database, row: JobRow, device: Printer) -> JobRow:
        if self._now_ms() - row.created_ms > PULSE_MS:
            # A drawer that springs open minutes later helps nobody but a thief.
            return self._move(db, row, "cancelled", "late")
        link = self._open(device)
        if isinstance(link, str):
            return self._move(db, row, "blocked", link)
        around = self._around(device, 0.0)
        settings = device.settings()
        try:
            delivery = Delivery(db, row, link, device.level, around)
            return delivery.run_pulse(pulse(settings), realtime_pulse(settings))
        finally:
            _close(link)

    def _open(self, device: Printer) -> Transport | str:
        """An open link, or what is in its way."""
        try:
            return self._opener(device.connection)
        except Refused as error:
            return str(error.details.get("cause", error.code))

    def _move(self, db: Database, row: JobRow, state: str, cause: str = "") -> JobRow:
        if (row.state, row.cause) != (state, cause):
            row = move(db, row, state, self._now_ms(), cause=cause)
            self._changed()
        return row


def _close(link: Transport) -> None:
    try:
        link.close()
    except Refused as error:
        _log.info("closing: %s", error)
