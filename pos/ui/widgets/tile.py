"""A touch tile: a product or a category, its name in two lines that keep the size."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter
from PySide6.QtWidgets import QWidget as _QWidget

from core.money import format_rupiah
from pos.ui.foundation.fonts import role_font, set_type
from pos.ui.foundation.icons import pixmap
from pos.ui.foundation.look import look
from pos.ui.foundation.tokens import Size, Space
from pos.ui.widgets.picture import places, remembered

_SIZE_PART = re.compile(
    r"\d+(?:[.,]\d+)?\s?(?:kg|gr?|mg|l|ltr|liter|ml|cc|cm|m|pcs|btr|lbr|sachet|s)\b.*$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"(\d) (kg|gr?|mg|l|ltr|liter|ml|cc|cm|m|pcs|btr|lbr)\b", re.IGNORECASE)
_DOTS = "…"


def two_lines(name: str, width: int, measure: Callable[[str], int]) -> tuple[str, str]:
    """A name in at most two lines of `width`; what is too long is shortened before its size.

    "Indomie Goreng Rendang Spesial Jumbo 85 g" must not lose "85 g": that is what tells it from
    its neighbour. `measure` gives a text's width.
    """
    words = _UNIT.sub("\\1\u00a0\\2", " ".join(name.split())).split(" ")
    first = _fill(words, width, measure)
    rest = " ".join(words[first:])
    top = " ".join(words[:first])
    if first == 0 and words:
        top, rest = _shorten(words[0], "", width, measure), " ".join(words[1:])
    if measure(rest) <= width:
        return top, rest
    found = _SIZE_PART.search(rest)
    size = found.group() if found else ""
    if measure(f"{_DOTS} {size}") > width:
        size = ""
    return top, _shorten(rest[: found.start()] if found and size else rest, size, width, measure)


def _fill(words: list[str], width: int, measure: Callable[[str], int]) -> int:
    count = 0
    while count < len(words) and measure(" ".join(words[: count + 1])) <= width:
        count += 1
    return count


def _shorten(text: str, tail: str, width: int, measure: Callable[[str], int]) -> str:
    end = f"{_DOTS} {tail}" if tail else _DOTS
    kept = text.strip()
    while kept and measure(kept + end) > width:
        kept = kept[:-1].rstrip()
    return kept + end


class Tile(QPushButton):
    """One thing to touch: name, price at the foot; never takes the focus from scanning."""

    def __init__(
        self, name: str, label: str, price: int | None = None, parent: _QWidget | None = None
    ) -> None:
        """Object name, the thing's own name, its price in whole rupiah if it has one."""
        super().__init__(parent)
        self._label = label
        self._price = price
        self._picture: tuple[bytes, Callable[[], bytes]] | None = None
        self.setObjectName(name)
        self.setAccessibleName(label if price is None else f"{label}, {format_rupiah(price)}")
        self.setToolTip(label)
        self.setProperty("kind", "secondary")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        set_type(self, "strong")

    def set_picture(self, name: bytes, read: Callable[[], bytes]) -> None:
        """Show a kept picture; it is read when the tile is painted, not before."""
        self._picture = (name, read)
        self.update()

    def sizeHint(self) -> QSize:
        """The tile of the token file, growing with the size setting."""
        return QSize(look().units(Size.TILE_WIDTH), look().units(Size.TILE_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Never smaller."""
        return QSize(Size.TILE_WIDTH, Size.TILE_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bevel, two lines of name, price."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        room = self.rect().adjusted(Space.GUTTER, Space.SMALL, -Space.GUTTER, -Space.SMALL)
        self._paint_name(painter, self._paint_picture(painter, room))
        if self._price is not None:
            painter.setFont(role_font("status"))
            painter.setPen(QColor(look().colours.ink2))
            amount = format_rupiah(self._price, symbol=False)
            painter.drawText(
                room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, amount
            )
        painter.end()

    def _paint_picture(self, painter: QPainter, room: QRect) -> QRect:
        """Paint the picture where there is one and room for it; gives the name's place."""
        if self._picture is None:
            return room
        place, left = places(room, 2 * self.fontMetrics().height())
        drawn = remembered(*self._picture, place.size(), self.devicePixelRatioF())
        if drawn.isNull() and not self._picture[1]():
            drawn = self._stand_in(place)
        if drawn.isNull():
            return room
        size = drawn.deviceIndependentSize().toSize()
        beside = left != room
        across = (place.width() - size.width()) // 2 if beside else 0
        down = (place.height() - size.height()) // 2 if beside else place.height() - size.height()
        painter.drawPixmap(place.left() + across, place.top() + down, drawn)
        return left

    def _stand_in(self, place: QRect) -> QPixmap:
        """What stands where a picture is still to come; nothing where there is no room for it."""
        if min(place.width(), place.height()) < Size.ICON_LARGE:
            return QPixmap()
        return pixmap("camera", look().colours.edge, Size.ICON_LARGE, self.devicePixelRatioF())

    def _paint_name(self, painter: QPainter, room: QRect) -> None:
        painter.setFont(self.font())
        colours = look().colours
        painter.setPen(QColor(colours.ink if self.isEnabled() else colours.disabled))
        metrics = painter.fontMetrics()
        for number, text in enumerate(
            two_lines(self._label, room.width(), metrics.horizontalAdvance)
        ):
            painter.drawText(
                room.left(), room.top() + metrics.ascent() + number * metrics.height(), text
            )
