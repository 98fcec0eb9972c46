"""Buttons: one face for all of them, with an icon and the key that does the same."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from pos.ui.foundation.fonts import restyle, role_font, set_type
from pos.ui.foundation.icons import pixmap
from pos.ui.foundation.look import look, looks
from pos.ui.foundation.tokens import Height, Kind, Radius, Size, Space, TypeRole
from pos.ui.i18n import Text, say
from pos.ui.widgets.base import follow_language

_WRAP = Qt.TextFlag.TextWordWrap


class Button(QPushButton):
    """A button that shows its icon, its words and its key; never below 48 units high.

    `kind` primary (one a screen), secondary, danger or quiet. With `scanning` it never takes
    the focus, so that keys go on to the scan field.
    """

    def __init__(
        self, name: str, text: Text, *, kind: Kind = "secondary", icon: str = "", key: str = "",
        spoken: Text = "", scanning: bool = False, height: int = Height.BUTTON,
        role: TypeRole = "strong", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """Object name, words (may be empty for an icon: then `spoken` says them), key shown."""
        super().__init__(parent)
        self._words: Text = text
        self._spoken: Text = spoken or text
        self._icon = icon
        self._key = key
        self._height = height
        self._kind: Kind = kind
        self.setObjectName(name)
        self.setProperty("kind", kind)
        if height >= Height.PAY:
            self.setProperty("shape", "pay")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if scanning else Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        set_type(self, role)
        looks().changed.connect(self._look_changed)
        follow_language(self, self.retranslate)

    def retranslate(self) -> None:
        """Say the words in the language in force."""
        self.setText(say(self._words).replace("&", "&&"))
        spoken = say(self._spoken)
        self.setAccessibleName(f"{spoken}, {self._key}" if self._key else spoken)
        if not say(self._words):
            self.setToolTip(f"{spoken} ({self._key})" if self._key else spoken)
        self.updateGeometry()

    def say(self, text: Text) -> None:
        """Show other words."""
        self._spoken = self._words = text
        self.retranslate()

    def set_kind(self, kind: Kind) -> None:
        """Become another kind of button."""
        self._kind = kind
        self.setProperty("kind", kind)
        restyle(self)

    def set_key(self, key: str) -> None:
        """Show another key; whoever hears it is the caller's."""
        self._key = key
        self.retranslate()
        self.update()

    def key_hint(self) -> str:
        """The key that is shown on it."""
        return self._key

    def sizeHint(self) -> QSize:
        """Room for icon, words and key side by side."""
        width = 2 * Space.MEDIUM + self._icon_width() + self._key_width()
        width += self.fontMetrics().horizontalAdvance(say(self._words))
        height = self._units_high()
        return QSize(max(width, height), height)

    def minimumSizeHint(self) -> QSize:
        """Room for the longest word and what stands beside it; words wrap into two lines."""
        metrics = self.fontMetrics()
        longest = max(
            (metrics.horizontalAdvance(one) for one in say(self._words).split()), default=0
        )
        width = 2 * Space.SMALL + self._icon_width() + self._key_width() + longest
        height = self._units_high()
        return QSize(max(width, height), height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bevel by the stylesheet, then icon, words and key."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        painter.setPen(self._ink())
        room = self._paint_key(painter, self.rect().adjusted(Space.SMALL, 0, -Space.SMALL, 0))
        self._paint_words(painter, room)
        painter.end()

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()

    def _units_high(self) -> int:
        return max(look().units(self._height), Height.BUTTON)

    def _ink(self) -> QColor:
        colours = look().colours
        if not self.isEnabled():
            return QColor(colours.disabled)
        if self.isChecked():
            return QColor(colours.ink)
        return QColor(
            {"primary": colours.on_primary, "danger": colours.bad, "quiet": colours.primary}.get(
                self._kind, colours.ink
            )
        )

    def _icon_size(self) -> int:
        return look().units(Size.ICON_LARGE if self._height > Height.BUTTON else Size.ICON)

    def _icon_width(self) -> int:
        if not self._icon:
            return 0
        return self._icon_size() + (Space.SMALL if say(self._words) else 0)

    def _key_width(self) -> int:
        if not self._key or not say(self._words):
            return 0
        metrics = QFontMetrics(role_font("label"))
        return metrics.horizontalAdvance(self._key) + 2 * Space.HAIR + Space.SMALL

    def _paint_key(self, painter: QPainter, room: QRect) -> QRect:
        width = self._key_width()
        if not width:
            return room
        painter.save()
        painter.setFont(role_font("label"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high = painter.fontMetrics().height() + Space.HAIR
        box = QRect(0, 0, width - Space.SMALL, high)
        box.moveCenter(room.center())
        box.moveRight(room.right() - Space.HAIR)
        ink = painter.pen().color()
        edge = QColor(ink)
        edge.setAlphaF(0.45)
        painter.setPen(edge)
        painter.drawRoundedRect(box, Radius.CHIP / 2, Radius.CHIP / 2)
        painter.setPen(ink)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)
        painter.restore()
        return room.adjusted(0, 0, -width, 0)

    def _paint_words(self, painter: QPainter, room: QRect) -> None:
        words = say(self._words)
        icon, size = self._icon_width(), self._icon_size()
        inner = room.adjusted(Space.SMALL if words else 0, 0, 0, 0)
        most = max(inner.width() - icon, 1)
        bounds = painter.boundingRect(
            QRect(0, 0, most, room.height()), int(Qt.AlignmentFlag.AlignLeft | _WRAP), words
        )
        content = icon + bounds.width()
        left = inner.left()
        if not (self._key and words):
            left = room.left() + max((room.width() - content) // 2, 0)
        if self._icon:
            drawn = pixmap(self._icon, painter.pen().color().name(), size, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - size) // 2, drawn)
        place = QRect(left + icon, room.top(), most, room.height())
        painter.drawText(
            place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | _WRAP), words
        )


def icon_button(
    name: str, icon: str, spoken: Text, *, key: str = "", scanning: bool = False,
    kind: Kind = "quiet", parent: QWidget | None = None,
) -> Button:  # fmt: skip
    """A button that is only an icon; `spoken` is its tip and its accessible name."""
    return Button(
        name, "", kind=kind, icon=icon, key=key, spoken=spoken, scanning=scanning, parent=parent
    )


def chip(
    name: str, text: Text, *, key: str = "", checkable: bool = False, scanning: bool = False,
    height: int = Height.CHIP, parent: QWidget | None = None,
) -> Button:  # fmt: skip
    """A choice among many: a suggested amount, a filter, a method of payment."""
    made = Button(name, text, key=key, scanning=scanning, height=height, parent=parent)
    made.setProperty("shape", "chip")
    made.setCheckable(checkable)
    return made
