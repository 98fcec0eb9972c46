"""Short lists inside a form: barcodes, units, tiers; each line its fields and a cross."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from pos.ui.foundation.tokens import Space
from pos.ui.i18n import Text, _
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, icon_button


class Cell(NamedTuple):
    """A field of each line: its heading, its share of the width, and how to make it."""

    heading: Text
    stretch: int
    make: Callable[[str], QLineEdit]


class LinesEdit(QWidget):
    """Lines of fields, as many as are needed; Enter goes on, and at the end to a new line."""

    def __init__(
        self, name: str, title: Text, hint: Text, cells: Sequence[Cell], add: Text
    ) -> None:
        """No lines yet; `add` names the button that makes one."""
        super().__init__()
        self.setObjectName(name)
        self._name = name
        self._cells = tuple(cells)
        self._lines: list[tuple[QWidget, tuple[QLineEdit, ...]]] = []
        self._made = 0
        self._column = QVBoxLayout()
        self._column.setSpacing(Space.SMALL)
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(Space.SMALL)
        for cell in self._cells:
            label = Label(cell.heading, "hint")
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            head.addWidget(label, cell.stretch)
        self._gap = QWidget()
        head.addWidget(self._gap)
        self._add = Button(f"{name}_add", add, icon="add", kind="quiet")
        self._add.clicked.connect(lambda: self.add_line()[0].setFocus())
        title_row = QHBoxLayout()
        title_row.addWidget(Label(title, "strong"), 1)
        title_row.addWidget(self._add)
        self._below = Label(hint, "hint", wrap=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(Space.HAIR)
        whole.addLayout(title_row)
        whole.addWidget(self._below)
        whole.addWidget(self._head)
        whole.addLayout(self._column)
        self._renew()

    def clear(self) -> None:
        """Take all lines away."""
        for line, _fields in tuple(self._lines):
            self._remove(line)

    def add_line(self) -> tuple[QLineEdit, ...]:
        """A new line at the foot; gives its fields."""
        self._made += 1
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        fields = tuple(
            cell.make(f"{self._name}_{self._made}_{at}") for at, cell in enumerate(self._cells)
        )
        for cell, field in zip(self._cells, fields, strict=True):
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            row.addWidget(field, cell.stretch)
        for field, after in pairwise(fields):
            field.returnPressed.connect(after.setFocus)
        fields[-1].returnPressed.connect(lambda: self._after(line))
        cross = icon_button(
            f"{self._name}_{self._made}_remove", "close", lambda: _("Hapus baris ini")
        )
        cross.clicked.connect(lambda: self._remove(line))
        row.addWidget(cross)
        self._gap.setFixedWidth(cross.sizeHint().width())
        self._lines.append((line, fields))
        self._column.addWidget(line)
        self._renew()
        return fields

    def lines(self) -> list[tuple[QLineEdit, ...]]:
        """The fields of each line in which anything is written."""
        return [fields for _line, fields in self._lines if any(field.text() for field in fields)]

    def _after(self, line: QWidget) -> None:
        at = [one for one, _fields in self._lines].index(line)
        if at + 1 < len(self._lines):
            self._lines[at + 1][1][0].setFocus()
        elif any(field.text() for field in self._lines[at][1]):
            fields = self.add_line()
            # The line must be laid out before the form can scroll to it.
            QTimer.singleShot(0, fields[0].setFocus)

    def _remove(self, line: QWidget) -> None:
        self._lines = [one for one in self._lines if one[0] is not line]
        line.hide()
        self._column.removeWidget(line)
        line.deleteLater()
        self._renew()
        if self.isVisible():
            self._add.setFocus()

    def _renew(self) -> None:
        self._head.setVisible(bool(self._lines))
        self._below.setVisible(not self._lines)
