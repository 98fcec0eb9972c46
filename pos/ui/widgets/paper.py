"""A document on the screen as the printer would print it: one width for every letter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.receipt import Document
from core.receipt_layout import layout
from pos.printing.text import to_text
from pos.ui.foundation.fonts import put_font
from pos.ui.foundation.look import look, looks
from pos.ui.foundation.tokens import TYPES, Space
from pos.ui.i18n import Text
from pos.ui.widgets.base import Label, frame, name_widget

COLUMNS = 42
FAMILIES = ("IBM Plex Mono", "DejaVu Sans Mono", "monospace")


class Paper(QScrollArea):
    """Shows a document, or a sentence where there is none."""

    def __init__(self, name: str, spoken: Text, parent: QWidget | None = None) -> None:
        """Empty at first."""
        super().__init__(parent)
        self.sentence = Label("", "body", wrap=True)
        self.sentence.setObjectName(f"{name}_sentence")
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        name_widget(self.text, name, spoken)
        card: QFrame = frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(Space.GUTTER, Space.MEDIUM, Space.GUTTER, Space.MEDIUM)
        column.addWidget(self.sentence)
        column.addWidget(self.text, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setWidget(card)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        looks().changed.connect(self._look_changed)
        self._look_changed()
        self.say("")

    def show_document(self, document: Document) -> None:
        """Show a document at 42 columns; it keeps its language, as it was or will be printed."""
        self.sentence.hide()
        self.text.setText(to_text(layout(document, COLUMNS), COLUMNS))
        self.verticalScrollBar().setValue(0)

    def say(self, sentence: Text) -> None:
        """Show a sentence in place of a document."""
        self.text.clear()
        self.sentence.say(sentence)
        self.sentence.setVisible(bool(sentence))

    @property
    def shown(self) -> str:
        """What can be read on it."""
        return self.text.text() or self.sentence.text()

    def _look_changed(self) -> None:
        font = QFont()
        font.setFamilies(list(FAMILIES))
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(look().units(TYPES["status"].size))
        put_font(self.text, font)
        across = self.text.fontMetrics().horizontalAdvance("0") * COLUMNS
        self.setMinimumWidth(across + 4 * Space.MEDIUM)
