"""Kept pictures on the screen: read small, painted once a size."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap, QPixmapCache

from pos.ui.foundation.tokens import Size, Space

_MOST_SIDE = 2_000
"""No kept picture has such sides; what says so is not decoded."""


def fitted(data: bytes, room: QSize, screen_scale: float = 1.0) -> QPixmap:
    """A kept picture (JPEG) no larger than `room` units; null where it cannot be read."""
    if not data or room.isEmpty():
        return QPixmap()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"jpeg"))
    size = reader.size()
    if size.isEmpty() or max(size.width(), size.height()) > _MOST_SIDE:
        return QPixmap()
    most = (room * screen_scale).boundedTo(size)
    # The decoder itself makes it small: a tenth of the time of decoding it whole.
    reader.setScaledSize(
        size.scaled(most, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    )
    drawn = QPixmap.fromImage(reader.read())
    drawn.setDevicePixelRatio(screen_scale)
    return drawn


def remembered(name: bytes, read: Callable[[], bytes], room: QSize, screen_scale: float) -> QPixmap:
    """The same for a picture of this name; `read` gives its bytes where it was not shown lately."""
    key = f"{name.hex()} {room.width()} {room.height()} {screen_scale:g}"
    drawn = QPixmap()
    if not QPixmapCache.find(key, drawn):
        drawn = fitted(read(), room, screen_scale)
        if not drawn.isNull():
            QPixmapCache.insert(key, drawn)
    return drawn


def places(room: QRect, two_lines: int) -> tuple[QRect, QRect]:
    """Where a picture stands on a tile, and what is left for the name.

    At the left of a wide tile; under the two lines of the name (`two_lines` units high), beside
    the price, where the tile is narrow. Never at the name's cost.
    """
    side = room.height()
    if room.width() - side - Space.SMALL >= Size.TILE_WIDTH - 2 * Space.GUTTER:
        left = QRect(room.left(), room.top(), side, side)
        return left, room.adjusted(side + Space.SMALL, 0, 0, 0)
    below = room.adjusted(0, two_lines, 0, 0)
    return QRect(below.left(), below.top(), below.width() // 2, max(below.height(), 0)), room
