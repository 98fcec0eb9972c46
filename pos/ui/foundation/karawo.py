"""Karawo, Gorontalo's drawn-thread embroidery, as a pattern for edges and corners.

Threads are drawn out of the cloth and re-stitched on its grid: every stitch is an x of two
strokes in a cell. Painted once per size, colour and screen scale; never behind text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos.ui.foundation.look import look, looks
from pos.ui.foundation.tokens import Size

CELL: Final = 4
"""A stitch's cell in units."""

MOTIF: Final = 12
"""Cells of a motif in both directions."""

Rule = Callable[[int, int], bool]


def _diamonds(i: int, j: int) -> bool:
    return abs(i - 6) + abs(j - 6) in (2, 5, 6)


def _waves(i: int, j: int) -> bool:
    return (j + min(i % 6, 6 - i % 6)) % 4 == 0


def _blossom(i: int, j: int) -> bool:
    x, y = abs(i - 6), abs(j - 6)
    return (x == y and x < 4) or max(x, y) == 1 or x + y == 6


MOTIFS: Final[dict[str, Rule]] = {"intan": _diamonds, "ombak": _waves, "bunga": _blossom}
"""What a shop can choose from; the first is the default."""


def stitches(motif: str, columns: int, rows: int) -> tuple[tuple[int, int], ...]:
    """The cells of a tiled motif that hold a stitch, as (column, row).

    Raises:
        KeyError: there is no such motif.
    """
    rule = MOTIFS[motif]
    return tuple((i, j) for j in range(rows) for i in range(columns) if rule(i % MOTIF, j % MOTIF))


@lru_cache(maxsize=32)
def cloth(
    width: int, height: int, colour: str, percent: int, screen_scale: float, motif: str = "intan"
) -> QPixmap:
    """A piece of the pattern of width x height units, `percent` opaque, on nothing."""
    piece = QPixmap(round(width * screen_scale), round(height * screen_scale))
    piece.setDevicePixelRatio(screen_scale)
    piece.fill(Qt.GlobalColor.transparent)
    thread = QColor(colour)
    thread.setAlphaF(percent / 100)
    painter = QPainter(piece)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(thread, 1))
    for i, j in stitches(motif, width // CELL, height // CELL):
        left, top = i * CELL + 0.5, j * CELL + 0.5
        right, bottom = left + CELL - 1, top + CELL - 1
        painter.drawLine(QPointF(left, top), QPointF(right, bottom))
        painter.drawLine(QPointF(right, top), QPointF(left, bottom))
    painter.end()
    return piece


class Karawo(QWidget):
    """A woven edge: on a bar at its right end, in a card's corner, under an empty drawing."""

    def __init__(
        self, width: int, height: int, *, on_bar: bool = False, motif: str = "intan",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """A piece of width x height units; `on_bar` for white thread on the coloured bar."""
        super().__init__(parent)
        self._on_bar = on_bar
        self._motif = motif
        self.setFixedSize(width, height)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        looks().changed.connect(self.update)

    def choose(self, motif: str) -> None:
        """Show the shop's motif.

        Raises:
            KeyError: there is no such motif.
        """
        if motif not in MOTIFS:
            raise KeyError(motif)
        self._motif = motif
        self.update()

    def paintEvent(self, _event: object) -> None:
        """Lay the cloth."""
        colours = look().colours
        colour, percent = (colours.on_bar, 30) if self._on_bar else (colours.gold, 55)
        piece = cloth(
            self.width(), self.height(), colour, percent, self.devicePixelRatioF(), self._motif
        )
        painter = QPainter(self)
        painter.drawPixmap(0, 0, piece)
        painter.end()


def rule(width: int, parent: QWidget | None = None) -> Karawo:
    """A strip half a motif high for the head of empty states and sheets."""
    strip = Karawo(width - width % (MOTIF * CELL), Size.DRAWING // 4, parent=parent)
    strip.setObjectName("karawo")
    return strip
