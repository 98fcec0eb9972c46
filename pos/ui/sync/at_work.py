"""Sync is told when the window is at work: from a key, a click or a touch until it waits again."""

from __future__ import annotations

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QObject

from pos.db.turns import Turns

_BEGIN = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchEnd,
    }
)


class AtWork(QObject):
    """Watches the program's events between `begin` and `stop`."""

    def __init__(self, turns: Turns) -> None:
        """Tell whoever waits for a turn at this file."""
        super().__init__()
        self._turns = turns

    def begin(self) -> None:
        """Watch from now on."""
        app, dispatcher = QCoreApplication.instance(), QAbstractEventDispatcher.instance()
        assert app is not None and dispatcher is not None
        app.installEventFilter(self)
        dispatcher.aboutToBlock.connect(self._turns.rest)

    def stop(self) -> None:
        """Watch no more."""
        app, dispatcher = QCoreApplication.instance(), QAbstractEventDispatcher.instance()
        if app is not None and dispatcher is not None:
            app.removeEventFilter(self)
            dispatcher.aboutToBlock.disconnect(self._turns.rest)
        self._turns.rest()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """What somebody does at the counter goes first; nothing is kept from anybody."""
        if event.type() in _BEGIN:
            self._turns.work()
        return False
