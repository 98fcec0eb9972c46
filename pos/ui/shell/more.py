"""What else can be done: one panel of named acts in groups, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos.ui.foundation.tokens import Height, Size, Space
from pos.ui.i18n import Text, _
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.press import press_by_key

WIDTH = Size.PANEL_WIDE + 4 * Space.HUGE


class Act(NamedTuple):
    """A button of the panel."""

    name: str
    icon: str
    key: str
    text: Callable[[], str]
    act: Callable[[], None]


class MorePanel(Overlay):
    """Choosing closes the panel, then does it."""

    def __init__(self, groups: Sequence[tuple[Text, Sequence[Act]]], window: QWidget) -> None:
        """Show each group as a column under its heading."""
        super().__init__("more_panel", lambda: _("Lainnya"), window, width=WIDTH)
        self._start: Button | None = None
        self.panel.setMinimumWidth(WIDTH)
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        for heading, acts in groups:
            column = QVBoxLayout()
            column.setSpacing(Space.SMALL)
            column.addWidget(Label(heading, "label"))
            for one in acts:
                column.addWidget(self._button(one))
            column.addStretch(1)
            row.addLayout(column, 1)
        self.body.addLayout(row)
        self.closed.connect(self.deleteLater)

    def _button(self, one: Act) -> Button:
        made = Button(one.name, one.text, icon=one.icon, key=one.key, height=Height.ACTION)
        if one.key:
            press_by_key(made, one.key)
        made.clicked.connect(self._doer(one.act))
        self._start = self._start or made
        return made

    def _doer(self, act: Callable[[], None]) -> Callable[[], None]:
        def done() -> None:
            self.close_panel()
            act()

        return done

    def ask(self) -> None:
        """Open it."""
        self.open(self._start)
