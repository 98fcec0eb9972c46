"""Icons in a token's colour and any size, sharp at every screen scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QIcon, QPixmap

from pos.ui.foundation.icon_paths import PATHS

_SCREEN_SCALES = (1.0, 1.25, 1.5, 2.0)


def names() -> tuple[str, ...]:
    """Every icon there is."""
    return tuple(PATHS)


def svg(name: str, colour: str, pixels: int, stroke: float = 2) -> str:
    """An icon as SVG text of pixels x pixels; `stroke` in units of the 24-unit grid.

    Raises:
        KeyError: there is no such icon.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{pixels}" height="{pixels}" '
        f'viewBox="0 0 24 24" fill="none" stroke="{colour}" stroke-width="{stroke:g}" '
        'stroke-linecap="round" stroke-linejoin="round">'
        f"{PATHS[name].replace('currentColor', colour)}</svg>"
    )


@lru_cache(maxsize=512)
def pixmap(
    name: str, colour: str, size: int, screen_scale: float = 1.0, stroke: float = 2
) -> QPixmap:
    """An icon of `size` units, painted for a screen of the given device pixels a unit."""
    pixels = round(size * screen_scale)
    drawn = QPixmap()
    drawn.loadFromData(svg(name, colour, pixels, stroke).encode())
    drawn.setDevicePixelRatio(screen_scale)
    return drawn


@lru_cache(maxsize=256)
def icon(name: str, colour: str, size: int) -> QIcon:
    """The same as QIcon for Qt's own widgets."""
    made = QIcon()
    for scale in _SCREEN_SCALES:
        made.addPixmap(pixmap(name, colour, size, scale))
    return made
