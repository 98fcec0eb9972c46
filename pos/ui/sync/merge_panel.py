"""Merging while one looks on: step by step on the window's thread, which stays awake."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from pos.failures import as_refusal
from pos.merging.deciding import Progress, Two, merge_pairs
from pos.ui.i18n import _
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label, name_widget
from pos.ui.widgets.overlay import Overlay


class MergePanel(Overlay):
    """`ended` carries how many pairs were gone through and how many of them merged.

    Each step is one short transaction; keys, paints and sync come in between. Closing the panel
    stops after the step in hand; what was merged stays merged.
    """

    ended = Signal(int, int)

    def __init__(self, desk: Desk, pairs: Sequence[Two], approver: bytes, window: QWidget) -> None:
        """`approver` allows it, empty where who acts may."""
        super().__init__("merging_panel", lambda: _("Menyatukan"), window)
        self._desk = desk
        self._approver = approver
        self._steps = merge_pairs(desk.counter, pairs)
        self._last = Progress(0, 0)
        self._kinds: set[str] = set()
        self._listeners = desk.counter.listeners
        self.body.addWidget(
            Label(lambda: _("Esc berhenti; yang sudah disatukan tetap satu."), "body", wrap=True)
        )
        self.bar = QProgressBar()
        name_widget(self.bar, "merging_bar", lambda: _("Menyatukan"))
        self.bar.setRange(0, len(pairs))
        self.body.addWidget(self.bar)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        self.closed.connect(self._end)

    def begin(self) -> None:
        """Open it and go."""
        # Lists that hear of each step would read themselves anew hundreds of times.
        self._listeners, self._desk.counter.listeners = (
            self._desk.counter.listeners,
            [self._kinds.update],
        )
        self.open()
        self._timer.start(0)

    def _step(self) -> None:
        counter = self._desk.counter
        try:
            with counter.approved(self._approver):
                self._last = next(self._steps)
        except StopIteration:
            self.close_panel()
        except Exception as error:
            refusal = as_refusal(error)
            self.close_panel()
            self._desk.refuse(refusal)
        else:
            self.bar.setValue(self._last.done)

    def _end(self) -> None:
        self._timer.stop()
        counter = self._desk.counter
        counter.listeners = self._listeners
        counter.announce(frozenset(self._kinds))
        self.ended.emit(self._last.done, self._last.merged)
        self.deleteLater()
