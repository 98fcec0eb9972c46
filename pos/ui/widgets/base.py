"""What the building blocks share: texts that follow the language, names, plain frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from pos.ui.foundation.fonts import set_tone, set_type
from pos.ui.foundation.tokens import Size, Tone, TypeRole
from pos.ui.i18n import Text, languages, say

Surface = Literal["card", "panel", "plain", "ground", "bar", "foot", "line", "notice"]


def follow_language(owner: QObject, retranslate: Callable[[], None]) -> None:
    """Say the texts now, and again at each change of language while `owner` lives."""
    _Follower(owner, retranslate)
    retranslate()


class _Follower(QObject):
    """Lives in its owner, so that a widget that is gone is not called."""

    def __init__(self, owner: QObject, retranslate: Callable[[], None]) -> None:
        super().__init__(owner)
        self._owner = owner
        self._retranslate = retranslate
        languages().changed.connect(self._changed)

    def _changed(self) -> None:
        if shiboken6.isValid(self._owner):
            self._retranslate()


def name_widget(widget: QWidget, name: str, spoken: Text) -> None:
    """Give a widget its object name and what a screen reader says, in the language in force."""
    widget.setObjectName(name)
    follow_language(widget, lambda: widget.setAccessibleName(say(spoken)))


def announce(widget: QWidget) -> None:
    """Let a screen reader say at once what a notice holds."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))


def frame(surface: Surface, parent: QWidget | None = None) -> QFrame:
    """A plain area of the given surface; the stylesheet paints it."""
    made = QFrame(parent)
    made.setProperty("surface", surface)
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return made


def line(parent: QWidget | None = None) -> QFrame:
    """A horizontal hair line."""
    made = frame("line", parent)
    made.setFixedHeight(Size.EDGE)
    return made


class Label(QLabel):
    """A text of one type role that follows the language; wraps where told, never elided."""

    def __init__(
        self, text: Text = "", role: TypeRole = "body", *, wrap: bool = False,
        tone: Tone = "none", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """Show `text` as `role`."""
        super().__init__(parent)
        self._text: Text = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        set_type(self, role)
        set_tone(self, tone)
        follow_language(self, self.retranslate)

    def say(self, text: Text, tone: Tone | None = None) -> None:
        """Show another text, in another tone if one is given."""
        self._text = text
        if tone is not None:
            set_tone(self, tone)
        self.retranslate()

    def retranslate(self) -> None:
        """Say the text in the language in force."""
        self.setText(say(self._text))
