"""A finger that drags what scrolls, and lets it run on."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractScrollArea, QScroller, QWidget

from pos.ui.foundation.look import look, looks


def drag(viewport: QWidget, *, on: bool) -> None:
    """Let a finger (or a pressed mouse) drag a viewport, or no longer."""
    if on:
        QScroller.grabGesture(viewport, QScroller.ScrollerGestureType.LeftMouseButtonGesture)
    else:
        QScroller.ungrabGesture(viewport)


def drag_with_touch(area: QAbstractScrollArea) -> None:
    """Let a finger drag an area while the touch setting is on."""
    _Follower(area)


class _Follower(QObject):
    """Lives in its area, so that one that is gone is not touched."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self._on = False
        looks().changed.connect(self._look_changed)
        self._look_changed()

    def _look_changed(self) -> None:
        if look().touch != self._on:
            self._on = look().touch
            drag(self._area.viewport(), on=self._on)
