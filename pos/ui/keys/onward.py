"""Keys that still come to a window whose successor is shown but has no keyboard yet."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

_KEYS = {QEvent.Type.KeyPress, QEvent.Type.KeyRelease}


class KeysOnward(QObject):
    """Passes one window's keys to the next, until the desktop gives the next one the keyboard.

    The desktop decides when that is; on a busy machine it takes a second. Scans need no help: the
    scan filter takes them from either window.
    """

    def __init__(self, before: QWidget, after: QWidget) -> None:
        """Lives as long as `before` does."""
        super().__init__(before)
        self._after = after
        before.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's door; the keys are always taken."""
        if event.type() not in _KEYS or not isinstance(event, QKeyEvent):
            return False
        shortcut = self._shortcut(event)
        if shortcut is None:
            QCoreApplication.sendEvent(self._target(), event)
        elif event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            shortcut.activated.emit()
        return True

    def _target(self) -> QWidget:
        return self._after.focusWidget() or self._after

    def _shortcut(self, event: QKeyEvent) -> QShortcut | None:
        """Qt asks its map of shortcuts only for the window that has the keyboard."""
        pressed = QKeySequence(event.keyCombination())
        for one in self._after.findChildren(QShortcut):
            its: list[QKeySequence] = one.keys()
            if pressed in its and one.isEnabled() and self._reaches(one):
                return one
        return None

    def _reaches(self, shortcut: QShortcut) -> bool:
        place = shortcut.parent()
        if not isinstance(place, QWidget) or not place.isVisible():
            return False
        if shortcut.context() != Qt.ShortcutContext.WidgetWithChildrenShortcut:
            return True
        return place is self._target() or place.isAncestorOf(self._target())
