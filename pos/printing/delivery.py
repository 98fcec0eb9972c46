"""One job over one open link, from the first question to the evidence that it is on paper.

What a printer can prove is its level: A names the finished job, B answers after printing, C says
before and after that nothing is wrong, D only takes bytes; "" is not known yet. Nothing is ever
sent again once the first byte is out.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import NamedTuple

from pos.db.database import Database
from pos.printing.enqueue import JobRow
from pos.printing.jobs import CANCEL_WISH, ON_THE_WAY, JobOvertaken, job, move
from pos.printing.status import ASK_AFTER, Talk, ask_job
from pos.printing.transports import NOTHING_SENT, PrinterTrouble, Transport, WriteStuck

PIECE = 512
CONFIRM_SECONDS = 3.0
ASK_SECONDS = 2.0
# An answer so soon after a long page only says that the bytes arrived.
AT_ONCE_SECONDS = 0.2
# After GS r's answer a test page waits so long for the one that names the job.
GRACE_SECONDS = 1.0
_PAPER_MM_A_SECOND = 50
_CLEAR_BUFFERS = b"\x10\x05\x02"
_CLEAR_BUFFERS_A = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"


class Circumstances(NamedTuple):
    """What a delivery needs besides job and link. `patience` is in seconds, None for ever."""

    now_ms: Callable[[], int]
    monotonic: Callable[[], float]
    stop: threading.Event
    changed: Callable[[], None]
    patience: float | None
    bytes_a_second: int


class _GivenUp(Exception):
    """A person, the program's end or the patience ended the waiting."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def paper_seconds(data: bytes) -> float:
    """How long printing takes on a slow printer: lines of 30 dots and raster rows, 50 mm/s."""
    return (data.count(b"\n") * 4 + len(data) / 384) / _PAPER_MM_A_SECOND


class Delivery:
    """The way of one job. `level` holds afterwards what the printer has proved."""

    def __init__(
        self, db: Database, row: JobRow, link: Transport, level: str, around: Circumstances
    ) -> None:
        """Deliver `row` over a link that is open."""
        self._db = db
        self.row = row
        self._link = link
        # A test page measures anew.
        self._probes = row.kind == "test"
        self.level = "" if self._probes else level
        self._around = around
        self._talk = Talk(link, around.monotonic)
        self._answered = False
        self._was_stalled = False
        self._stalled_at: float | None = None
        self._after_seconds: float | None = None
        self._doubt = False
        self._all_sent = False

    def run(self, data: bytes) -> JobRow:
        """Check, send, confirm; the row as it stands at the end."""
        try:
            cause = self._check()
            if cause:
                return self._move("blocked", cause)
            self.row = self.row._replace(bytes=len(data))
            self._move("sending")
            self._push(data)
            self._all_sent = True
            if self._link.two_way and self.level != "D":
                self._confirm(data)
            else:
                self._link.close()
                self._move("sent")
        except _GivenUp as given_up:
            self._give_up(given_up.cause)
        except PrinterTrouble as error:
            self._lost(str(error.details.get("cause", "link_lost")))
        return self.row

    def run_pulse(self, data: bytes, realtime: bytes) -> JobRow:
        """Kick the drawer once and never again, whatever becomes of it.

        A printer that stands still (paper, cover) hears only the real-time form.
        """
        try:
            if self._check():
                data = realtime
            self.row = self.row._replace(bytes=len(data))
            self._move("sending")
            self._link.write(data)
            self._link.close()
            self._move("sent")
        except PrinterTrouble as error:
            cause = str(error.details.get("cause", "link_lost"))
            self._move("cancelled" if self.row.state == "sending" else "blocked", cause)
        return self.row

    def _move(self, state: str, cause: str = "") -> JobRow:
        if (self.row.state, self.row.cause) != (state, cause):
            try:
                self.row = move(self._db, self.row, state, self._around.now_ms(), cause=cause)
            except JobOvertaken:
                # A wish to break off a job that is on its way: what happened outranks it.
                current = job(self._db, self.row.id)
                if current.state != self.row.state or current.state not in ON_THE_WAY:
                    raise
                self.row = move(self._db, current, state, self._around.now_ms(), cause=cause)
            self._around.changed()
        return self.row

    def _check(self) -> str:
        """What stops a job before its first byte; "" for nothing."""
        if not self._link.two_way or self.level == "D":
            return ""
        self._talk.forget()
        self._answered, cause = self._talk.trouble()
        if not self._answered and self.level in ("A", "B"):
            return "silent"
        return cause

    def _push(self, data: bytes) -> None:
        """Write all, and wait where the printer takes nothing: it goes on after new paper."""
        sent = 0
        while sent < len(data):
            try:
                sent += self._link.write(data[sent : sent + PIECE])
            except WriteStuck:
                self._stall("stuck")
                continue
            if self.row.state == "stalled":
                self._unstall("sending")

    def _stall(self, cause: str) -> None:
        now = self._around.monotonic()
        if self._stalled_at is None:
            self._stalled_at = now
        self._was_stalled = True
        current = job(self._db, self.row.id)
        if current.cause == CANCEL_WISH:
            self.row = current
            self._clear_buffers()
            raise _GivenUp("cancelled")
        self._move("stalled", cause)
        patience = self._around.patience
        if self._around.stop.is_set():
            raise _GivenUp("stopped")
        if patience is not None and now - self._stalled_at > patience:
            raise _GivenUp(cause)

    def _unstall(self, state: str) -> None:
        self._stalled_at = None
        self._move(state)

    def _clear_buffers(self) -> None:
        """Ask the printer to forget the rest; the next job begins with a clean slate anyhow."""
        with contextlib.suppress(PrinterTrouble):
            self._link.write(_CLEAR_BUFFERS_A if self.level == "A" else _CLEAR_BUFFERS)

    def _confirm(self, data: bytes) -> None:
        """Ask what only comes after printing, and wait for it."""
        self._talk.forget()
        self._push(self._tail())
        self._move("confirming")
        page = paper_seconds(data)
        wait = CONFIRM_SECONDS + len(data) / self._around.bytes_a_second + page
        if self.level == "C":
            wait = page / 3
        asked = self._around.monotonic()
        deadline = asked + wait
        while not self._proved(asked, page):
            if self._after_seconds is not None:
                deadline = min(deadline, asked + self._after_seconds + GRACE_SECONDS)
            left = deadline - self._around.monotonic()
            if self.row.state == "confirming" and left > 0 and self._link.two_way:
                self._talk.listen(min(left, ASK_SECONDS))
                continue
            answers, cause = self._talk.trouble()
            if self._talk.evidence:
                continue
            if cause or (self.row.state == "stalled" and not answers):
                self._stall(cause or "silent")
                self._talk.listen(ASK_SECONDS)
            elif self.row.state == "stalled" and not self._doubt and self.level != "C":
                self._unstall("confirming")
                deadline = self._around.monotonic() + wait
            else:
                self._unanswered(answers, page)
                return

    def _tail(self) -> bytes:
        if self.level == "C":
            return b""
        if self._probes and self._answered:
            return ask_job(self.row.id) + ASK_AFTER
        return ask_job(self.row.id) if self.level == "A" else ASK_AFTER

    def _proved(self, asked: float, page: float) -> bool:
        """Whether the evidence is here; then the job is printed."""
        heard, self._talk.evidence = self._talk.evidence, []
        for reply in heard:
            if reply.kind == "job" and reply.value == self.row.id % 10_000:
                self._printed("A")
                return True
            if reply.kind == "after" and reply.value & 0x0C == 0x0C:
                self._doubt = True
            elif reply.kind == "after" and self._after_seconds is None:
                self._after_seconds = self._around.monotonic() - asked
        if self._after_seconds is None or self.level == "A" or self._probes:
            return False
        self._printed("B")
        return True

    def _printed(self, level: str) -> None:
        self.level = level
        self._move("printed", "unconfirmed" if level == "C" else "")

    def _unanswered(self, answers: bool, page: float) -> None:
        """No answer in time, and nothing wrong to be seen: what is known then."""
        if self._after_seconds is not None and not self._doubt:
            # A test page: it answers, but does not name the job. Too soon is a lie.
            lies = self._after_seconds < AT_ONCE_SECONDS < page / 3
            self._printed("C" if lies else "B")
        elif self._doubt or self._was_stalled or self.level in ("A", "B"):
            self._move("unsure", "paper_out" if self._doubt else "silent")
        elif answers:
            self._printed("C")
        elif self._answered:
            self._move("unsure", "silent")
        else:
            self.level = "D"
            self._link.close()
            self._move("sent")

    def _give_up(self, cause: str) -> None:
        """In the middle something is missing for certain; at the end nobody knows."""
        unsure = self.row.state == "stalled" and self._all_sent and cause != "cancelled"
        self._move("unsure" if unsure else "broken", cause)

    def _lost(self, cause: str) -> None:
        """The link is gone."""
        begun = self.row.state in ON_THE_WAY
        if not begun or (cause in NOTHING_SENT and not self._link.two_way):
            self._move("blocked", cause)
        elif cause == "timeout" or self.row.state == "confirming":
            self._move("unsure", cause)
        else:
            self._move("broken", cause)
