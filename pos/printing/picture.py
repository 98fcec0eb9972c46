"""Rows of a layout as a picture: what the paper will look like, dot for dot in width."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from core.receipt_layout import Line, Row
from pos.printing.bitmap import bitmap
from pos.printing.profile import DOTS

MARGIN = 24
LINE_HEIGHT = 30
BIG_HEIGHT = 52


def font_file(bold: bool) -> str:
    """Where the receipt's monospaced font lies (IBM Plex Mono, an installed package)."""
    name = "IBMPlexMono-Bold.ttf" if bold else "IBMPlexMono-Regular.ttf"
    return str(resources.files("fontpkg_ibm_plex_mono") / "files" / name)


def to_image(rows: Sequence[Row], columns: int) -> Any:
    """The receipt as a Pillow image of one grey channel."""
    from PIL import Image

    dots = DOTS[columns]
    height = sum(row_height(row, dots) for row in rows)
    image = Image.new("L", (dots + 2 * MARGIN, height + 2 * MARGIN), 255)
    y = MARGIN
    for row in rows:
        if isinstance(row, Line):
            image.paste(_letters(row, dots, dots / columns), (MARGIN, y))
        else:
            picture = bitmap(row, dots)
            part = Image.frombytes("1", (picture.width, len(picture.rows)), b"".join(picture.rows))
            image.paste(0, (MARGIN, y), part)
        y += row_height(row, dots)
    return image


def _letters(row: Line, dots: int, cell: float) -> Any:
    """One line across the paper, each letter in its cell."""
    from PIL import Image, ImageDraw

    wide = 2 if row.tall else 1
    step = cell * (2 if row.big or row.tall else 1)
    strip = Image.new("L", (dots * wide, row_height(row, dots)), 255)
    draw = ImageDraw.Draw(strip)
    for place, letter in enumerate(row.text):
        if letter != " ":
            draw.text((place * step, 0), letter, font=_font(row.bold, step), fill=0)
    return strip.resize((dots, strip.height)) if row.tall else strip


@lru_cache(maxsize=8)
def _font(bold: bool, cell: float) -> Any:
    from PIL import ImageFont

    # IBM Plex Mono's letters are 0.6 em wide.
    return ImageFont.truetype(font_file(bold), cell / 0.6)


def row_height(row: Row, dots: int) -> int:
    """How many dots a row takes: as on paper, where spacing is 30 dots."""
    if isinstance(row, Line):
        return BIG_HEIGHT if row.big or row.tall else LINE_HEIGHT
    return len(bitmap(row, dots).rows) + 8


def to_png(rows: Sequence[Row], columns: int) -> bytes:
    """The receipt as PNG bytes."""
    out = io.BytesIO()
    to_image(rows, columns).save(out, "PNG", optimize=True)
    return out.getvalue()
