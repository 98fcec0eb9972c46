"""Notices in three grades: quiet (status bar), a card in its fixed place, and the stop page.

A sentence says what happened, what became of the work, and what to do. Nothing with
information vanishes by itself, and no notice comes in the way of scanning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos.ui.foundation.icons import pixmap
from pos.ui.foundation.look import look, looks
from pos.ui.foundation.tokens import Size, Space, Tone
from pos.ui.i18n import Text
from pos.ui.widgets.base import Label, announce, frame
from pos.ui.widgets.button import Button

Grade = Literal["quiet", "notice", "stop"]
_SIGNS: Final[dict[Tone, str]] = {
    "none": "info", "info": "info", "ok": "check", "warn": "alert", "bad": "stop",
}  # fmt: skip
_WEIGHT: Final[dict[Tone, int]] = {"none": 0, "ok": 1, "info": 1, "warn": 2, "bad": 3}


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell; `key` names what it is about, so that the next word on it replaces it."""

    key: str
    text: Text
    tone: Tone = "info"
    grade: Grade = "notice"
    action: Text = ""
    act: Callable[[], None] | None = None
    shortcut: str = ""


class Sign(QLabel):
    """An icon in the colour of its tone; never the only thing that says it."""

    def __init__(self, tone: Tone, size: int = Size.ICON_LARGE, icon: str = "") -> None:
        """The tone's own icon unless another is named."""
        super().__init__()
        self._tone: Tone = tone
        self._size = size
        self._icon = icon or _SIGNS[tone]
        looks().changed.connect(self._draw)
        self._draw()

    def show_tone(self, tone: Tone, icon: str = "") -> None:
        """Become another tone."""
        self._tone, self._icon = tone, icon or _SIGNS[tone]
        self._draw()

    def drawn(self) -> QPixmap:
        """What is shown, for tests of colour."""
        return self.pixmap()

    def _draw(self) -> None:
        colours = look().colours
        colour = colours.ink2 if self._tone == "none" else getattr(colours, self._tone)
        size = look().units(self._size)
        stroke = Size.DRAWING_STROKE if self._size >= Size.DRAWING else 2
        self.setPixmap(pixmap(self._icon, colour, size, self.devicePixelRatioF(), stroke))
        self.setFixedSize(size, size)


class NoticeCard(QFrame):
    """One notice: soft tone, bar, icon, sentence and at most one action."""

    acted = Signal(str)

    def __init__(self, notice: Notice, parent: QWidget | None = None) -> None:
        """Show a notice; `acted` carries its key when its action was taken."""
        super().__init__(parent)
        self.notice = notice
        self.setObjectName(f"notice_{notice.key}")
        self.setProperty("surface", "notice")
        self.setProperty("tone", "info" if notice.tone == "none" else notice.tone)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.GUTTER, Space.SMALL, Space.SMALL, Space.SMALL)
        row.setSpacing(Space.GUTTER)
        row.addWidget(Sign(notice.tone), 0, Qt.AlignmentFlag.AlignVCenter)
        self.sentence = Label(notice.text, "hint", wrap=True)
        row.addWidget(self.sentence, 1)
        if notice.action:
            row.addWidget(self._action(notice))

    def _action(self, notice: Notice) -> Button:
        made = Button(
            f"notice_{notice.key}_action", notice.action, scanning=True, key=notice.shortcut
        )
        made.clicked.connect(self._act)
        return made

    def _act(self) -> None:
        if self.notice.act is not None:
            self.notice.act()
        self.acted.emit(self.notice.key)


class NoticePlace(QWidget):
    """The one fixed place of notices: the weightiest is shown, the newest of equals.

    The others wait; `count_changed` tells the bell how many there are.
    """

    count_changed = Signal(int)
    acted = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """An empty place."""
        super().__init__(parent)
        self.setObjectName(name)
        self._notices: dict[str, Notice] = {}
        self._card: NoticeCard | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def tell(self, notice: Notice) -> None:
        """Show or renew a notice; it stays until `solved`."""
        self._notices.pop(notice.key, None)
        self._notices[notice.key] = notice
        self._renew()

    def solved(self, key: str) -> None:
        """Take a notice away; unknown keys are fine."""
        if self._notices.pop(key, None) is not None:
            self._renew()

    def waiting(self) -> list[Notice]:
        """All notices, the shown one first."""
        order = list(self._notices.values())[::-1]
        return sorted(order, key=lambda one: -_WEIGHT[one.tone])

    def _renew(self) -> None:
        first = next(iter(self.waiting()), None)
        if self._card is None or self._card.notice is not first:
            self._show(first)
        self.count_changed.emit(len(self._notices))

    def _show(self, notice: Notice | None) -> None:
        if self._card is not None:
            self._column.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
            self._card = None
        if notice is not None:
            self._card = NoticeCard(notice)
            self._card.acted.connect(self.acted)
            self._column.addWidget(self._card)
            announce(self._card)


class StopPage(QFrame):
    """The third grade: nothing may go on, because data is at stake."""

    def __init__(self, name: str, title: Text, sentence: Text, actions: list[Button]) -> None:
        """What happened, what became of the work, and the ways on."""
        super().__init__()
        self.setObjectName(name)
        self.setProperty("surface", "ground")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.HUGE)
        column.setSpacing(Space.MEDIUM)
        column.addStretch(1)
        column.addWidget(Sign("bad", Size.DRAWING), 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (Label(title, "title", wrap=True), Label(sentence, "body", wrap=True)):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(Space.GUTTER)
        row.addStretch(1)
        for action in actions:
            row.addWidget(action)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(2)
        announce(self)


def card(parent: QWidget | None = None) -> QFrame:
    """A plain card to put things on."""
    return frame("card", parent)
