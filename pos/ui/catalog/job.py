"""Long work beside the window: one thread, progress as signals, and a way to stop it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
Work = Callable[[Progress, Cancelled], Any]


class Job(QThread):
    """Runs `work` once. `done` carries its answer, `failed` its exception; one of them comes.

    Both arrive on the thread that made the job. When the program ends the work is stopped and
    waited for, so that no transaction is left to chance.
    """

    progress = Signal(int, int)
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Work, parent: QObject) -> None:
        """`start` begins it."""
        super().__init__(parent)
        self._work = work
        self._cancelled = False
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.stop)

    def cancel(self) -> None:
        """Ask the work to stop; it ends with `failed` where it still could."""
        self._cancelled = True

    def stop(self) -> None:
        """Stop the work and wait for it."""
        self.cancel()
        self.wait()

    def run(self) -> None:
        """Runs in the thread.

        The collector rests meanwhile: one look through all that a long list makes would hold
        the window for longer than a person overlooks.
        """
        gc.disable()
        try:
            answer = self._work(self.progress.emit, lambda: self._cancelled)
        except Exception as error:
            self.failed.emit(error)
        else:
            self.done.emit(answer)
        finally:
            gc.enable()
