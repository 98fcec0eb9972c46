"""What screens are made of: a page with title and foot, forms, and empty states."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pos.ui.foundation.fonts import set_tone
from pos.ui.foundation.karawo import rule
from pos.ui.foundation.tokens import Size, Space, Tone
from pos.ui.i18n import Text, _
from pos.ui.widgets.base import Label, follow_language, frame, line
from pos.ui.widgets.button import Button, icon_button
from pos.ui.widgets.notice import Sign


class Page(QFrame):
    """Title with the way back, the content, and the actions at the foot: always the same places.

    `back` is emitted by the arrow and by Escape; a page decides what it means and loses nothing.
    """

    back = Signal()

    def __init__(self, name: str, title: Text, *, has_back: bool = True) -> None:
        """`has_back` is False on a page that nothing lies behind."""
        super().__init__()
        self._has_back = has_back
        self.setObjectName(name)
        self.setProperty("surface", "ground")
        self.title = Label(title, "title")
        self.title.setObjectName(f"{name}_title")
        follow_language(self, lambda: self.setAccessibleName(self.title.text()))
        self._head = QHBoxLayout()
        self._head.setSpacing(Space.GUTTER)
        if has_back:
            arrow = icon_button(f"{name}_back", "back", lambda: _("Kembali"), key="Esc")
            arrow.clicked.connect(self.back)
            self._head.addWidget(arrow)
        self._head.addWidget(self.title)
        self._head.addStretch(1)
        self._content = QVBoxLayout()
        self._content.setSpacing(Space.GUTTER)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(Space.GUTTER)
        self._foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.GUTTER, Space.MEDIUM, Space.GUTTER)
        column.setSpacing(Space.GUTTER)
        column.addLayout(self._head)
        column.addLayout(self._content, 1)
        column.addLayout(self._foot)

    def set_content(self, content: QWidget | QLayout) -> None:
        """Put in what the page is about."""
        if isinstance(content, QWidget):
            self._content.addWidget(content, 1)
        else:
            self._content.addLayout(content, 1)

    def add_head(self, widget: QWidget) -> None:
        """Put something at the title's right: a search field, a filter."""
        self._head.addWidget(widget)

    def add_action(self, button: Button, *, left: bool = False) -> None:
        """Put a button at the foot: the main one last; `left` for what destroys."""
        if left:
            self._foot.insertWidget(0, button)
        else:
            self._foot.addWidget(button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape and self._has_back and not event.isAutoRepeat():
            self.back.emit()
        else:
            super().keyPressEvent(event)


class FormRow(QWidget):
    """A field with its label above and a hint or an error below; the error is a sentence."""

    def __init__(
        self, label: Text, field: QWidget, *, hint: Text = "", before: Text = "",
        unit: Text = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`before` stands at the field's left ("Rp"), `unit` at its right ("pcs")."""
        super().__init__(parent)
        self._hint: Text = hint
        self.field = field
        self._label = Label(label, "label")
        self._label.setBuddy(field)
        self._below = Label(hint, "hint", wrap=True, parent=self)
        if not hint:
            # Never shown before it has a parent: it would be a window of its own for a moment.
            self._below.hide()
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        if before:
            row.addWidget(Label(before, "hint"))
        row.addWidget(field, 1)
        if unit:
            row.addWidget(Label(unit, "hint"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HAIR)
        column.addWidget(self._label)
        column.addLayout(row)
        column.addWidget(self._below)

    def show_error(self, sentence: Text) -> None:
        """Say what is wrong, in words and in colour."""
        self._tell(sentence, "bad")

    def clear_error(self) -> None:
        """Show the hint again."""
        self._tell(self._hint, "none")

    def below(self) -> str:
        """What stands under the field."""
        return self._below.text()

    def _tell(self, text: Text, tone: Tone) -> None:
        self._below.say(text, tone)
        self._below.setVisible(bool(text))
        set_tone(self.field, tone)
        self.field.setAccessibleDescription(self._below.text())


class Form(QScrollArea):
    """Rows under headings, no wider than is read well; scrolls where the window is low."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """An empty form."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("surface", "scrolled")
        inside.setMaximumWidth(Size.FORM)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, Space.SMALL, 0)
        self._column.setSpacing(Space.MEDIUM)
        self._column.addStretch(1)
        self.setWidget(inside)

    def add(self, widget: QWidget) -> None:
        """Add a row, a card, a notice."""
        self._column.insertWidget(self._column.count() - 1, widget)

    def section(self, title: Text) -> None:
        """Begin a part with a heading."""
        if self._column.count() > 1:
            self.add(line())
        self.add(Label(title, "section"))


class EmptyState(QFrame):
    """A drawing, one sentence, one action: what to do where there is nothing yet."""

    def __init__(
        self, name: str, icon: str, sentence: Text, action: Button | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`icon` is drawn large in thin line."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("surface", "plain")
        self.sentence = Label(sentence, "body", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        column.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(Sign("none", Size.DRAWING, icon), 0, centre)
        column.addWidget(rule(Size.DRAWING * 2), 0, centre)
        column.addWidget(self.sentence)
        if action is not None:
            column.addWidget(action, 0, centre)
        column.addStretch(2)


class Facts(QFrame):
    """Names and values in two columns on a card: a summary of a sale, a shift, a file."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """An empty card."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("surface", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.MEDIUM, Space.GUTTER, Space.MEDIUM, Space.GUTTER)
        self._column.setSpacing(Space.SMALL)

    def set_rows(self, rows: Sequence[tuple[Text, Text]]) -> None:
        """Show these names and values in place of the former."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        for label, value in rows:
            self._column.addWidget(_fact(label, value))


def _fact(label: Text, value: Text) -> QFrame:
    made = frame("plain")
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    said: QLabel = Label(value, "figure", wrap=True)
    said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    row.addWidget(Label(label, "body"), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(said, 1)
    return made
