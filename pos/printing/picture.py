"""Rows of a layout as a picture: what the paper will look like, dot for dot in width."""

from __future__ import annotations

import io
from collections.abc import Sequence
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
    from PIL import Image, ImageDraw, ImageFont

    dots = DOTS[columns]
    cell = dots / columns
    fonts = {
        (bold, big): ImageFont.truetype(font_file(bold), _size(cell * (2 if big else 1)))
        for bold in (False, True)
        for big in (False, True)
    }
    height = sum(row_height(row, dots) for row in rows)
    image = Image.new("L", (dots + 2 * MARGIN, height + 2 * MARGIN), 255)
    draw = ImageDraw.Draw(image)
    y = MARGIN
    for row in rows:
        if isinstance(row, Line):
            step = cell * (2 if row.big else 1)
            font = fonts[(row.bold, row.big)]
            for place, letter in enumerate(row.text):
                if letter != " ":
                    draw.text((MARGIN + place * step, y), letter, font=font, fill=0)
        else:
            picture = bitmap(row, dots)
            part = Image.frombytes("1", (picture.width, len(picture.rows)), b"".join(picture.rows))
            image.paste(0, (MARGIN, y), part)
        y += row_height(row, dots)
    return image


def _size(cell: float) -> float:
    # IBM Plex Mono's letters are 0.6 em wide.
    return cell / 0.6


def row_height(row: Row, dots: int) -> int:
    """How many dots a row takes: as on paper, where spacing is 30 dots."""
    if isinstance(row, Line):
        return BIG_HEIGHT if row.big else LINE_HEIGHT
    return len(bitmap(row, dots).rows) + 8


def to_png(rows: Sequence[Row], columns: int) -> bytes:
    """The receipt as PNG bytes."""
    out = io.BytesIO()
    to_image(rows, columns).save(out, "PNG", optimize=True)
    return out.getvalue()
