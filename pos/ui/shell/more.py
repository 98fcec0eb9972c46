"""What else can be done: one panel of named acts, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtWidgets import QGridLayout, QWidget

from pos.ui.foundation.tokens import Height, Size, Space
from pos.ui.i18n import _
from pos.ui.widgets.button import Button
from pos.ui.widgets.overlay import Overlay


class Act(NamedTuple):
    """A button of the panel."""

    name: str
    icon: str
    key: str
    text: Callable[[], str]
    act: Callable[[], None]


class MorePanel(Overlay):
    """Choosing closes the panel, then does it."""

    def __init__(self, acts: Sequence[Act], window: QWidget) -> None:
        """Show these acts in two columns."""
        super().__init__("more_panel", lambda: _("Lainnya"), window, width=Size.PANEL_WIDE)
        grid = QGridLayout()
        grid.setSpacing(Space.GUTTER)
        self._start: Button | None = None
        for number, one in enumerate(acts):
            made = Button(one.name, one.text, icon=one.icon, key=one.key, height=Height.ACTION)
            if one.key:
                made.setShortcut(one.key)
            made.clicked.connect(self._doer(one.act))
            grid.addWidget(made, number // 2, number % 2)
            self._start = self._start or made
        self.body.addLayout(grid)
        self.closed.connect(self.deleteLater)

    def _doer(self, act: Callable[[], None]) -> Callable[[], None]:
        def done() -> None:
            self.close_panel()
            act()

        return done

    def ask(self) -> None:
        """Open it."""
        self.open(self._start)
