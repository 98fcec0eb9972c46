"""Locking by itself: after so many minutes without a key or a touch nobody is in any more."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from pos.ui.shell.desk import Desk


class IdleLock(QObject):
    """Counts the shop's minutes; whoever has no PIN is never locked out."""

    def __init__(self, desk: Desk, lock: Callable[[], None], parent: QObject) -> None:
        """`lock` is called when the time is over."""
        super().__init__(parent)
        self._desk = desk
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lock)

    def watch(self, app: QApplication) -> None:
        """Begin to look at keys and touches."""
        app.installEventFilter(self)
        self.rest()

    def rest(self) -> None:
        """Begin to count anew."""
        minutes = self._desk.counter.settings.lock_after_minutes
        who = self._desk.who
        if minutes > 0 and who is not None and who.has_pin:
            self._timer.start(minutes * 60_000)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Any key or touch begins the rest anew."""
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress):
            self.rest()
        return False
