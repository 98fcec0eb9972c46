"""The bar at the top and the status bar at the foot."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from pos.ui.foundation.karawo import CELL, MOTIF, Karawo
from pos.ui.foundation.look import look, looks
from pos.ui.foundation.tokens import Height, Size, Space, Tone
from pos.ui.i18n import Text, _
from pos.ui.widgets.base import Label, name_widget
from pos.ui.widgets.notice import Sign

_CLOTH = 4 * MOTIF * CELL


class TopBar(QFrame):
    """Shop, who sells and the shift; the woven edge at its right end."""

    def __init__(self, name: str, shop: Text, parent: QWidget | None = None) -> None:
        """Show the shop's name."""
        super().__init__(parent)
        self.setProperty("surface", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        name_widget(self, name, lambda: _("Bilah atas"))
        self.shop = Label(shop, "section")
        self.shop.setObjectName(f"{name}_shop")
        self.who = Label("", "hint")
        self.who.setObjectName(f"{name}_who")
        self.cloth = Karawo(_CLOTH, Height.BAR, on_bar=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, 0, 0, 0)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(self.shop)
        row.addStretch(1)
        row.addWidget(self.who)
        row.addWidget(self.cloth)
        self.set_height(Height.BAR)

    def set_height(self, units: int) -> None:
        """Take the height that the layout says; the cloth fills it."""
        self.setFixedHeight(units)
        self.cloth.setFixedHeight(units)

    def add(self, widget: QWidget) -> None:
        """Put something before the woven edge: the bell, the menu."""
        row = self.layout()
        if isinstance(row, QHBoxLayout):
            row.insertWidget(row.count() - 1, widget)


class _Part(QWidget):
    """One fact of the status bar: icon and words."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._sign = Sign("none", Size.ICON_SMALL)
        self.label = Label("", "status")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.HAIR)
        row.addWidget(self._sign)
        row.addWidget(self.label)

    def show_fact(self, text: Text, icon: str, tone: Tone) -> None:
        self.label.say(text, tone)
        self._sign.setVisible(bool(icon))
        if icon:
            self._sign.show_tone(tone, icon)


class StatusBar(QFrame):
    """A quiet sentence at the left; facts by name at the right (printer, shift, clock).

    `fact_clicked` carries a fact's name when it was touched.
    """

    fact_clicked = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """An empty bar."""
        super().__init__(parent)
        self.setProperty("surface", "foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        name_widget(self, name, lambda: _("Bilah keadaan"))
        self._parts: dict[str, _Part] = {}
        self._said = _Part(f"{name}_said")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, 0)
        self._row.setSpacing(Space.LARGE)
        self._row.addWidget(self._said)
        self._row.addStretch(1)
        self._said.show_fact("", "", "none")
        looks().changed.connect(self._size)
        self._size()

    def say(self, text: Text, tone: Tone = "none", icon: str = "") -> None:
        """Say a quiet sentence; it stays until the next."""
        self._said.show_fact(text, icon, tone)

    def said(self) -> str:
        """The quiet sentence that is shown."""
        return self._said.label.text()

    def set_fact(self, key: str, text: Text, icon: str = "", tone: Tone = "none") -> None:
        """Show a fact, in the order in which facts were first shown."""
        if key not in self._parts:
            self._parts[key] = _Part(f"{self.objectName()}_{key}")
            self._row.addWidget(self._parts[key])
        self._parts[key].show_fact(text, icon, tone)

    def fact(self, key: str) -> str:
        """What is shown for a fact."""
        return self._parts[key].label.text()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Say which fact was touched; the whole height of the bar counts."""
        at = event.position().toPoint().x()
        for key, part in self._parts.items():
            if part.isVisible() and part.geometry().left() <= at <= part.geometry().right():
                self.fact_clicked.emit(key)
        super().mouseReleaseEvent(event)

    def _size(self) -> None:
        self.setFixedHeight(look().units(Height.STATUS))
