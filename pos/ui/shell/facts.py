"""What the status bar says all the time: the clock, the shift, the printer, the server."""

from __future__ import annotations

from core.dates import format_clock
from pos.printing.jobs import ASKING, WAITING, jobs
from pos.shifts.open_shift import open_shift
from pos.ui.i18n import _, language, ngettext
from pos.ui.shell.desk import Desk
from pos.ui.widgets.bars import StatusBar


class StatusFacts:
    """Reads them and shows them."""

    def __init__(self, desk: Desk, status: StatusBar) -> None:
        """Nothing is shown before the first `show` and `tick`."""
        self._desk = desk
        self._status = status

    def show(self) -> None:
        """Shift and printer as they are."""
        shift = open_shift(self._desk.counter.db)
        if shift is None:
            self._status.set_fact("shift", lambda: _("Shift belum dibuka"), "shift", "warn")
        else:
            opened_ms, zone = shift.opened_ms, self._desk.counter.settings.zone
            self._status.set_fact("shift", lambda: _since(opened_ms, zone), "shift")
        self.queue()
        self.sync()

    def queue(self) -> None:
        """What waits for the printer, and what asks a question."""
        db = self._desk.counter.db
        if db.in_transaction:
            return
        asking = len(jobs(db, ASKING))
        waiting = len(jobs(db, WAITING))
        if asking:
            self._status.set_fact("printer", lambda: _asking(asking), "printer", "warn")
        elif waiting:
            self._status.set_fact("printer", lambda: _waiting(waiting), "printer", "info")
        else:
            self._status.set_fact("printer", lambda: _("Printer siap"), "printer")

    def sync(self) -> None:
        """How it stands with the shop's server; nothing where the counter stands alone."""
        from pos.sync.memory import server

        db = self._desk.counter.db
        if db.in_transaction or server(db) is None:
            return
        from pos.sync.state import sync_state
        from pos.ui.sync.words import standing

        now = standing(sync_state(db), self._desk.counter.clock.now_ms())
        self._status.set_fact("sync", now.bar, now.icon, now.tone)

    def tick(self) -> None:
        """The time."""
        zone = self._desk.counter.settings.zone
        now = format_clock(self._desk.counter.clock.now_ms(), zone, language())
        self._status.set_fact("clock", now, "clock")


def _asking(count: int) -> str:
    text = ngettext("{count} struk perlu dilihat", "{count} struk perlu dilihat", count)
    return text.format(count=count)


def _waiting(count: int) -> str:
    text = ngettext("{count} struk menunggu printer", "{count} struk menunggu printer", count)
    return text.format(count=count)


def _since(opened_ms: int, zone: str) -> str:
    clock = format_clock(opened_ms, zone, language())
    return _("Shift sejak {clock}").format(clock=clock)
