"""The first thing seen: the window's bar and ground, painted before the shop is open.

Only tokens and a painter. `Qt.` anything would make Python build the hundred enums of that
namespace first, which costs a sixth of the time that a bare window takes to be painted.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from pos.ui.foundation.tokens import DARK, LIGHT, Colours, Height, Radius, Size, Space, ThemeName

_HALF_LIGHT = 128


class StartFrame(QWidget):
    """Shown until the counter's window is; `painted` once, after it could first be seen."""

    painted = Signal()

    def __init__(self, theme: ThemeName) -> None:
        """Take the theme's colours; "system" goes by the desktop's own palette."""
        super().__init__()
        self.setObjectName("start")
        self.setWindowTitle("Huyula")
        self._colours = _colours(theme)
        self._was_painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar with the name, and where the total will stand."""
        colours, painter = self._colours, QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.ground))
        painter.fillRect(0, 0, self.width(), Height.BAR, QColor(colours.bar))
        painter.setPen(QColor(colours.on_bar))
        painter.drawText(Space.MEDIUM, Height.BAR // 2 + Space.HAIR, self.windowTitle())
        card = QRect(self.width() - Size.PANEL, Height.BAR + Space.GUTTER, 0, Size.DRAWING)
        card.setWidth(Size.PANEL - Space.GUTTER)
        painter.setPen(QColor(colours.line))
        painter.setBrush(QColor(colours.surface))
        painter.drawRoundedRect(card, Radius.CARD, Radius.CARD)
        painter.end()
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()


def _colours(theme: ThemeName) -> Colours:
    if theme == "system":
        dark = QApplication.palette().window().color().lightness() < _HALF_LIGHT
        return DARK if dark else LIGHT
    return DARK if theme == "dark" else LIGHT
