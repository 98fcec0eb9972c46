"""Help for the screen one is on (F1) and the sheet of its keys (Ctrl+/)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from pos.ui.foundation.tokens import Size, Space
from pos.ui.i18n import Text, _
from pos.ui.widgets.base import Label
from pos.ui.widgets.overlay import Overlay


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as it is printed on the keyboard, and what it does."""

    key: str
    does: Text


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inside.setProperty("surface", "scrolled")
    area.setWidget(inside)
    area.setMinimumHeight(min(inside.sizeHint().height(), Size.PANEL))
    return area


class HelpSheet(Overlay):
    """What can be done on a screen, in short answers under their questions."""

    def __init__(self, name: str, answers: Mapping[Text, Text], window: QWidget) -> None:
        """`answers` holds question -> answer, in the order in which they are read."""
        super().__init__(name, lambda: _("Bantuan"), window, width=Size.PANEL_WIDE)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.GUTTER, 0)
        column.setSpacing(Space.SMALL)
        for question, answer in answers.items():
            column.addWidget(Label(question, "strong", wrap=True))
            said = Label(answer, "body", wrap=True)
            said.setContentsMargins(0, 0, 0, Space.SMALL)
            column.addWidget(said)
        column.addStretch(1)
        self.body.addWidget(_scrolled(inside))


class KeySheet(Overlay):
    """All keys of a screen in two columns, in groups."""

    def __init__(
        self, name: str, groups: Sequence[tuple[Text, Sequence[KeyLine]]], window: QWidget
    ) -> None:
        """`groups` are (heading, keys)."""
        super().__init__(name, lambda: _("Tombol"), window, width=Size.PANEL_WIDE)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, Space.GUTTER, 0)
        grid.setHorizontalSpacing(Space.WIDE)
        grid.setVerticalSpacing(Space.SMALL)
        for number, (heading, lines) in enumerate(groups):
            grid.addWidget(
                _group(heading, lines), number // 2, number % 2, Qt.AlignmentFlag.AlignTop
            )
        self.body.addWidget(_scrolled(inside))


def _group(heading: Text, lines: Sequence[KeyLine]) -> QFrame:
    made = QFrame()
    made.setProperty("surface", "plain")
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, Space.SMALL)
    grid.setVerticalSpacing(Space.HAIR)
    grid.setHorizontalSpacing(Space.MEDIUM)
    grid.addWidget(Label(heading, "section"), 0, 0, 1, 2)
    for row, one in enumerate(lines, start=1):
        grid.addWidget(Label(one.key, "strong"), row, 0)
        grid.addWidget(Label(one.does, "body"), row, 1)
    grid.setColumnStretch(1, 1)
    return made
