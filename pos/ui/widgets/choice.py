"""Choosing one of a few, and switching one thing on or off; both follow the language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QWidget

from pos.ui.foundation.fonts import set_type
from pos.ui.i18n import Text, say
from pos.ui.widgets.base import follow_language, name_widget

V = TypeVar("V")
LEAST_LETTERS = 8


class Choice(QComboBox, Generic[V]):
    """A list that opens; each entry is a value and its words."""

    def __init__(
        self, name: str, spoken: Text, options: Sequence[tuple[V, Text]],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """The first option is chosen."""
        super().__init__(parent)
        self._options = list(options)
        name_widget(self, name, spoken)
        set_type(self, "field")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # Long words of an option must not make a column wider than its place.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(LEAST_LETTERS)
        for _value, words in options:
            self.addItem(say(words))
        follow_language(self, self._retranslate)

    def value(self) -> V:
        """The chosen value."""
        return self._options[max(self.currentIndex(), 0)][0]

    def set_value(self, value: V) -> None:
        """Choose a value; one that is not among them changes nothing."""
        for at, (one, _words) in enumerate(self._options):
            if one == value:
                self.setCurrentIndex(at)

    def set_options(self, options: Sequence[tuple[V, Text]]) -> None:
        """Offer other values; the first is chosen."""
        self._options = list(options)
        self.clear()
        for _value, words in options:
            self.addItem(say(words))

    def _retranslate(self) -> None:
        for at, (_value, words) in enumerate(self._options):
            self.setItemText(at, say(words))


class Switch(QCheckBox):
    """One thing that is on or off, with its words beside it."""

    def __init__(self, name: str, text: Text, parent: QWidget | None = None) -> None:
        """Off at first."""
        super().__init__(parent)
        name_widget(self, name, text)
        set_type(self, "body")
        follow_language(self, lambda: self.setText(say(text).replace("&", "&&")))
