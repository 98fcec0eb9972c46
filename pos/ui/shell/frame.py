"""The first thing seen: the window's bar and ground, painted before the shop is open.

Only tokens and a stylesheet. A painter, a QColor argument or `Qt.` anything would make Python
build the hundred enums of that namespace first, which takes a fifth of the time that a bare
window needs to be painted; the first text costs as much as all the rest here.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame

from pos.ui.foundation.tokens import DARK, LIGHT, Colours, Height, Radius, Size, Space, ThemeName

_HALF_LIGHT = 128


class StartFrame(QFrame):
    """Shown until the counter's window is; `painted` once, after it could first be seen."""

    painted = Signal()

    def __init__(self, theme: ThemeName) -> None:
        """Take the theme's colours; "system" goes by the desktop's own palette."""
        super().__init__()
        self.setObjectName("start")
        self.setWindowTitle("Huyula")
        self.setStyleSheet(_stylesheet(_colours(theme)))
        self._bar = QFrame(self)
        self._bar.setObjectName("start_bar")
        self._card = QFrame(self)
        self._card.setObjectName("start_card")
        self._was_painted = False
        self._keys: list[QKeyEvent] = []

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The bar above; at the right the place of the total."""
        self._bar.setGeometry(0, 0, self.width(), Height.BAR)
        width, top = Size.PANEL, Height.BAR + Space.GUTTER
        self._card.setGeometry(self.width() - width - Space.GUTTER, top, width, 2 * Size.DRAWING)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep it for the scan filter, which does not exist yet."""
        self._keys.append(event.clone())

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The same."""
        self._keys.append(event.clone())

    def hand_over_keys(self) -> None:
        """Press again what was pressed so far: now somebody listens."""
        keys, self._keys = self._keys, []
        for key in keys:
            QCoreApplication.sendEvent(self, key)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As the stylesheet says; the first time is told."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()


def _stylesheet(colours: Colours) -> str:
    return (
        f"#start{{background:{colours.ground}}}"
        f"#start_bar{{background:{colours.bar}}}"
        f"#start_card{{background:{colours.surface};border-radius:{Radius.CARD}px;"
        f"border:{Size.EDGE}px solid {colours.line}}}"
    )


def _colours(theme: ThemeName) -> Colours:
    if theme == "system":
        dark = QApplication.palette().window().color().lightness() < _HALF_LIGHT
        return DARK if dark else LIGHT
    return DARK if theme == "dark" else LIGHT
