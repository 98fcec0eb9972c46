"""The print thread of one printer: takes jobs from the queue, one at a time, and moves them on.

It has its own connection and holds the writer only to store a state, so checkout never waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from core.errors import Refused
from pos.db.database import Database, open_database
from pos.printing.enqueue import JobRow
from pos.printing.escpos import pulse
from pos.printing.jobs import job, move, next_job
from pos.printing.printers import Printer, printer_by_id, save_printer
from pos.printing.status import ASK_AFTER, drain, is_after, trouble
from pos.printing.transports import PrinterTrouble, Transport, WriteStuck, open_transport

PIECE = 512
AGAIN_SECONDS = 2.0
PULSE_MS = 30_000
Render = Callable[[Database, JobRow, Printer], bytes]


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
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`render` makes a job's bytes; `changed` is told whenever a job moved (any thread)."""
        self._file = file
        self._printer_id = printer_id
        self._render = render
        self._opener = opener
        self._now_ms = now_ms
        self._changed = changed
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin working through the queue."""
        self._thread = threading.Thread(target=self._run, name="printing", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be a new job."""
        self._wake.set()

    def stop(self) -> None:
        """End after the job in hand (or at once where it only waits)."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        db = open_database(self._file)
        try:
            while not self._stop.is_set():
                self._wake.clear()
                if self.step(db) is None or self._blocked(db):
                    self._wake.wait(AGAIN_SECONDS)
        finally:
            db.close()

    def _blocked(self, db: Database) -> bool:
        row = next_job(db, self._printer_id)
        return row is not None and row.state == "blocked"

    def step(self, db: Database) -> JobRow | None:
        """Do the oldest waiting job as far as it goes; None when there is none."""
        row = next_job(db, self._printer_id)
        device = printer_by_id(db, self._printer_id)
        if row is None or device is None or not device.active:
            return None
        if row.kind == "pulse" and self._now_ms() - row.created_ms > PULSE_MS:
            # A drawer that springs open minutes later helps nobody but a thief.
            return self._move(db, row, "cancelled", "late")
        try:
            data = (
                pulse(device.settings()) if row.kind == "pulse" else self._render(db, row, device)
            )
        except Refused as error:
            return self._move(db, row, "cancelled", error.code)
        return self._print(db, row, device, data)

    def _move(self, db: Database, row: JobRow, state: str, cause: str = "") -> JobRow:
        if (row.state, row.cause) == (state, cause):
            return row
        row = move(db, row, state, self._now_ms(), cause=cause)
        self._changed()
        return row

    def _print(self, db: Database, row: JobRow, device: Printer, data: bytes) -> JobRow:
        try:
            link = self._opener(device.connection)
        except Refused as error:
            return self._move(db, row, "blocked", str(error.details.get("cause", error.code)))
        try:
            cause = self._check(link, device)
            if cause:
                return self._move(db, row, "blocked", cause)
            row = self._move(db, row._replace(bytes=len(data)), "sending")
            row = self._send(db, row, link, data)
            if row.state == "broken":
                return row
            row = self._move(db, row, "confirming")
            return self._confirm(db, row, device, link, data)
        except PrinterTrouble as error:
            state = "broken" if row.state in ("sending", "confirming", "stalled") else "blocked"
            return self._move(db, row, state, str(error.details.get("cause", "link_lost")))
        finally:
            self._close(db, row, link)

    def _close(self, db: Database, row: JobRow, link: Transport) -> None:
        try:
            link.close()
        except PrinterTrouble as error:
            # Ways that hand the whole job over at closing learn only now that it failed.
            current = job(db, row.id)
            if current.state == "sent":
                self._move(db, current, "broken", str(error.details.get("cause", "link_lost")))

    def _check(self, link: Transport, device: Printer) -> str:
        """What stops a job before its first byte; "" for nothing."""
        if not link.two_way:
            return ""
        drain(link)
        answers, cause = trouble(link)
        if not answers and device.level == "B":
            return "silent"
        return cause

    def _send(self, db: Database, row: JobRow, link: Transport, data: bytes) -> JobRow:
        sent = 0
        while sent < len(data):
            if self._stop.is_set():
                return self._move(db, row, "broken", "stopped")
            try:
                sent += link.write(data[sent : sent + PIECE])
                row = self._move(db, row, "sending") if row.state == "stalled" else row
            except WriteStuck:
                row = self._wait_stalled(db, row)
                if row.state == "cancelled":
                    raise PrinterTrouble(cause="cancelled") from None
        return row

    def _wait_stalled(self, db: Database, row: JobRow) -> JobRow:
        """The printer takes nothing: the link stays open, for it will go on after new paper."""
        current = job(db, row.id)
        if current.state == "cancelled":
            return current
        return self._move(db, row, "stalled", "stuck")

    def _confirm(
        self, db: Database, row: JobRow, device: Printer, link: Transport, data: bytes
    ) -> JobRow:
        if not link.two_way:
            return self._move(db, row, "sent")
        link.write(ASK_AFTER)
        deadline = time.monotonic() + 3 + len(data) / 4000
        while not self._stop.is_set():
            left = deadline - time.monotonic()
            answer = link.read(max(0.0, min(left, AGAIN_SECONDS)))
            if any(is_after(byte) for byte in answer):
                self._learn(db, device, "B")
                return self._move(db, row, "printed")
            if row.state == "stalled":
                if job(db, row.id).state == "cancelled":
                    return row
                continue
            if left <= 0:
                row = self._unanswered(db, row, device, link)
                if row.state != "stalled":
                    return row
        return self._move(db, row, "unsure", "stopped")

    def _unanswered(self, db: Database, row: JobRow, device: Printer, link: Transport) -> JobRow:
        """No answer after printing in time: paper out, a printer that never answers, or doubt."""
        answers, cause = trouble(link)
        if cause:
            return self._move(db, row, "stalled", cause)
        if device.level == "B":
            return self._move(db, row, "unsure", "silent")
        self._learn(db, device, "C" if answers else "D")
        return self._move(db, row, "printed" if answers else "sent", "unconfirmed")

    def _learn(self, db: Database, device: Printer, level: str) -> None:
        if device.level != level:
            with db.transaction():
                save_printer(db, device._replace(level=level))
