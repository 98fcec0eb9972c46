"""The step of an import in which something runs: what it is, how far, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout

from pos.counter import Counter
from pos.staff.people import require
from pos.ui.catalog.job import Cancelled, Job, Progress, Work
from pos.ui.foundation.tokens import Size, Space
from pos.ui.i18n import _
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button

Then = Callable[[Any], None]


class WorkStep(QFrame):
    """Runs one job at a time and shows its progress."""

    def __init__(self) -> None:
        """Nothing runs."""
        super().__init__()
        self.setProperty("surface", "plain")
        self.job: Job | None = None
        self.doing = Label("", "section", wrap=True)
        self.doing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.bar = QProgressBar()
        self.bar.setObjectName("import_bar")
        self.bar.setFixedWidth(Size.FORM)
        self.stop = Button("import_stop", lambda: _("Hentikan"), icon="close", key="Esc")
        self.stop.clicked.connect(self.cancel)
        column = QVBoxLayout(self)
        column.setSpacing(Space.MEDIUM)
        column.addStretch(1)
        column.addWidget(self.doing)
        column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def cancel(self) -> None:
        """Stop what runs; nothing was changed then."""
        if self.job is not None:
            self.job.cancel()
            self.doing.say(lambda: _("Menghentikan..."))

    def run(
        self, doing: str, work: Work, done: Then, failed: Then, ended: Callable[[], None]
    ) -> None:
        """Start a job; `ended` comes first, then `done` with its answer or `failed`."""
        self.doing.say(doing)
        self.bar.setRange(0, 0)
        self.stop.setFocus()
        self.job = job = Job(work, self)
        job.progress.connect(self._progress)

        def finish(then: Then) -> Then:
            def finished(answer: Any) -> None:
                job.wait()
                self.job = None
                ended()
                then(answer)
                job.deleteLater()

            return finished

        job.done.connect(finish(done))
        job.failed.connect(finish(failed))
        job.start()

    def _progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)


def command_beside(counter: Counter, work: Work) -> tuple[Work, Callable[[], None]]:
    """A command as work for a thread, and what to call on this one when it has ended.

    Permission and date are asked here, where a manager's PIN can still be given; listeners
    hear of the facts on this thread, after the end. The counter must be asked for no other
    command meanwhile.

    Raises:
        NeedsManager, ClockInDoubt.
    """
    require(counter, "import")
    counter.today()
    approver = counter.approver_id
    kinds: set[str] = set()
    listeners, counter.listeners = counter.listeners, [kinds.update]

    def approved(progress: Progress, cancelled: Cancelled) -> Any:
        with counter.approved(approver):
            return work(progress, cancelled)

    def ended() -> None:
        counter.listeners = listeners
        counter.announce(frozenset(kinds))

    return approved, ended
