"""Two records beside each other: the one that stays, and the one that goes up in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from pos.ui.foundation.tokens import Space
from pos.ui.i18n import Text, _, pgettext
from pos.ui.sync.pairs import Side
from pos.ui.widgets.base import Label, frame, line, name_widget

MOST_LINES = 8


class Compare(QScrollArea):
    """A card of lines in columns, with what differs in another colour, and what comes of it."""

    def __init__(self) -> None:
        """Empty until a pair is shown."""
        super().__init__()
        name_widget(self, "merge_compare", lambda: _("Perbandingan"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reason = Label("", "body", wrap=True)
        self.reason.setObjectName("merge_reason")
        self.becomes = Label("", "strong", wrap=True)
        self.becomes.setObjectName("merge_becomes")
        card = frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(Space.MEDIUM, Space.GUTTER, Space.MEDIUM, Space.GUTTER)
        column.setSpacing(Space.GUTTER)
        column.addWidget(self.reason)
        column.addWidget(self.becomes)
        column.addWidget(line())
        column.addLayout(self._grid())
        column.addStretch(1)
        inside = QWidget()
        inside.setProperty("surface", "scrolled")
        around = QVBoxLayout(inside)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(card)
        around.addStretch(1)
        self.setWidget(inside)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.GUTTER)
        grid.setVerticalSpacing(Space.SMALL)
        headings: tuple[Text, ...] = ("", lambda: pgettext("gabung", "Tetap"), lambda: _("Dilebur"))
        for at, heading in enumerate(headings):
            grid.addWidget(Label(heading, "label"), 0, at)
            grid.setColumnStretch(at, 3 if at == 0 else 5)
        self._lines: list[tuple[Label, Label, Label]] = []
        for row in range(1, MOST_LINES + 1):
            made = tuple(self._cell(at) for at in range(3))
            for at, cell in enumerate(made):
                grid.addWidget(cell, row, at, Qt.AlignmentFlag.AlignTop)
            self._lines.append(made)  # type: ignore[arg-type]
        return grid

    @staticmethod
    def _cell(at: int) -> Label:
        return Label("", "hint" if at == 0 else "body", wrap=True)

    def show_pair(self, reason: Text, lines: Sequence[Side], becomes: Text, tone: str) -> None:
        """Show a pair's lines; the words are in the language in force."""
        self.reason.say(reason, tone)  # type: ignore[arg-type]
        self.becomes.say(becomes)
        for at, cells in enumerate(self._lines):
            one = lines[at] if at < len(lines) else Side("", "", "")
            texts = (one.label, one.stays, one.goes)
            for number, (cell, text) in enumerate(zip(cells, texts, strict=True)):
                cell.say(text, "warn" if number == 2 and one.differs else "none")
                cell.setVisible(at < len(lines))
