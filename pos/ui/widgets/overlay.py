"""Panels over the window: never a modal box of the system, never a nested event loop."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos.ui.foundation.tokens import SCRIM_ALPHA, Size, Space
from pos.ui.i18n import Text, _
from pos.ui.keys.scan_filter import OVERLAYS
from pos.ui.widgets.base import Label, announce, follow_language
from pos.ui.widgets.button import Button, icon_button
from pos.ui.widgets.pads import PinPad


class Overlay(QWidget):
    """A panel in the middle of a dimmed window. Escape closes it; the focus goes back.

    While it is open, scans are refused by the key catcher (the window counts its overlays).
    `closed` is emitted once, however it was closed.
    """

    closed = Signal()

    def __init__(self, name: str, title: Text, window: QWidget, *, width: int = Size.PANEL) -> None:
        """Made hidden over `window`'s whole area; `open` shows it."""
        super().__init__(window)
        self._window = window
        self._before: QWidget | None = None
        self.setObjectName(name)
        self.hide()
        self.panel = QFrame(self)
        self.panel.setProperty("surface", "panel")
        self.panel.setMinimumWidth(min(width, Size.PANEL_WIDE))
        self.panel.setMaximumWidth(width)
        self.panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.title = Label(title, "title", wrap=True)
        follow_language(self, lambda: self.setAccessibleName(self.title.text()))
        close = icon_button(f"{name}_close", "close", lambda: _("Tutup"), key="Esc")
        close.clicked.connect(self.close_panel)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.GUTTER)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(Space.GUTTER)
        self._foot.addStretch(1)
        inside = QVBoxLayout(self.panel)
        inside.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.MEDIUM, Space.LARGE)
        inside.setSpacing(Space.GUTTER)
        inside.addLayout(head)
        inside.addLayout(self.body)
        inside.addLayout(self._foot)
        around = QVBoxLayout(self)
        around.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        around.addWidget(self.panel, 0, Qt.AlignmentFlag.AlignCenter)
        window.installEventFilter(self)

    def add_action(self, button: Button) -> None:
        """Put a button at the foot, the main one last."""
        self._foot.addWidget(button)

    def open(self, focus: QWidget | None = None) -> None:
        """Show it and give `focus` (or its first field) the keys."""
        if self.isVisible():
            return
        self._before = QApplication.focusWidget()
        self._count(1)
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        (focus or self._first()).setFocus(Qt.FocusReason.PopupFocusReason)
        announce(self)

    def close_panel(self) -> None:
        """Hide it and give the keys back to whoever had them."""
        if self.isHidden():
            return
        self.hide()
        self._count(-1)
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window at every size."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside the panel."""
        inside = [
            one
            for one in self.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and one.isEnabled()
        ]
        if not inside:
            return True
        now = QApplication.focusWidget()
        at = inside.index(now) if now in inside else -1
        inside[(at + (1 if forward else -1)) % len(inside)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; no other key reaches what lies below."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        event.accept()

    def mousePressEvent(self, event: QEvent) -> None:
        """Touching beside the panel does nothing."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dim what lies below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, SCRIM_ALPHA))
        painter.end()

    def _first(self) -> QWidget:
        for one in self.panel.findChildren(QWidget):
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(one, Button):
                return one
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return self

    def _count(self, by: int) -> None:
        top = self._window.window()
        top.setProperty(OVERLAYS, int(top.property(OVERLAYS) or 0) + by)


class PinPanel(Overlay):
    """Asks for a PIN over the window: an override without logging anybody out."""

    entered = Signal(str)

    def __init__(self, name: str, title: Text, prompt: Text, window: QWidget) -> None:
        """`prompt` names the action that is to be allowed."""
        super().__init__(name, title, window)
        self.pad = PinPad(f"{name}_pad", prompt)
        self.pad.entered.connect(self.entered)
        self.body.addWidget(self.pad)

    def ask(self) -> None:
        """Open it empty."""
        self.pad.clear()
        self.open(self.pad)

    def refuse(self, sentence: Text) -> None:
        """Say why the PIN does not serve; it can be typed again."""
        self.pad.clear(sentence)


class QuestionPanel(Overlay):
    """A question where money or data is at stake; the safe answer has the focus."""

    confirmed = Signal()

    def __init__(
        self, name: str, title: Text, sentence: Text, yes: Button, no: Text, window: QWidget
    ) -> None:
        """`yes` does it and closes; `no` only closes."""
        super().__init__(name, title, window)
        self.sentence = Label(sentence, "body", wrap=True)
        self.body.addWidget(self.sentence)
        self._no = Button(f"{name}_no", no, key="Esc")
        self._no.clicked.connect(self.close_panel)
        yes.clicked.connect(self._confirm)
        self.add_action(self._no)
        self.add_action(yes)

    def ask(self) -> None:
        """Open it."""
        self.open(self._no)

    def _confirm(self) -> None:
        self.close_panel()
        self.confirmed.emit()
