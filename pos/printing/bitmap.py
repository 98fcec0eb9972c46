"""One-bit pictures for paper: QR codes, logos, the karawo band. Rows of bytes, 1 is black."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any, NamedTuple

from core.receipt_layout import Picture

QUIET = 4
QR_SHARE = (3, 5)


class Bitmap(NamedTuple):
    """Width in dots (a multiple of eight), and the rows."""

    width: int
    rows: tuple[bytes, ...]


def bitmap(picture: Picture, dots: int) -> Bitmap:
    """A picture across the whole head, its subject centred."""
    if picture.kind == "qr":
        return _qr(picture.data, dots)
    if picture.kind == "logo":
        return _logo(picture.data, dots)
    return _weave(dots)


def _pack(rows: list[list[bool]], dots: int) -> Bitmap:
    width = (dots + 7) // 8 * 8
    packed = []
    for row in rows:
        left = (width - len(row)) // 2
        bits = [False] * left + row + [False] * (width - left - len(row))
        value = 0
        for bit in bits:
            value = value << 1 | bit
        packed.append(value.to_bytes(width // 8, "big"))
    return Bitmap(width, tuple(packed))


@lru_cache(maxsize=16)
def _qr(data: bytes, dots: int) -> Bitmap:
    """Correction M; modules of five to eight whole dots, about 60 % of the paper.

    Under 0.6 mm (five dots) a module scans in good light only; smaller ones are used only where
    the code would not fit otherwise.
    """
    import segno

    code = segno.make(data.decode(), error="m", boost_error=False, micro=False)
    matrix = [[bool(cell) for cell in row] for row in code.matrix]
    size = len(matrix) + 2 * QUIET
    scale = min(8, max(5, dots * QR_SHARE[0] // QR_SHARE[1] // size))
    scale = max(1, min(scale, dots // size))
    rows: list[list[bool]] = []
    blank = [False] * (size * scale)
    rows += [blank] * (QUIET * scale)
    for cells in matrix:
        line = [False] * (QUIET * scale)
        for cell in cells:
            line += [cell] * scale
        line += [False] * (QUIET * scale)
        rows += [line] * scale
    rows += [blank] * (QUIET * scale)
    return _pack(rows, dots)


@lru_cache(maxsize=4)
def _weave(dots: int) -> Bitmap:
    """Two rows of nested diamonds: a stitch where |x-6| + |y-6| is 2, 5 or 6, two dots each."""
    cells = dots // 2
    start = (cells % 12) // 2
    rows: list[list[bool]] = []
    for y in range(12):
        line: list[bool] = []
        for x in range(cells):
            distance = abs((x - start) % 12 - 6) + abs(y - 6)
            line += [distance in (2, 5, 6)] * 2
        rows += [line, line]
    return _pack(rows, dots)


def prepare_logo(data: bytes, width: int = 230) -> bytes:
    """Make a shop's picture fit for paper: white ground, cropped, scaled, one bit, as PNG.

    Raises:
        ValueError: the bytes are no picture, or one of absurd size.
    """
    from PIL import Image, ImageChops, ImageOps

    try:
        image: Any = Image.open(io.BytesIO(data))
        if image.width * image.height > 40_000_000:
            raise ValueError("too large")
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image)
        grey = ground.convert("L")
    except (OSError, Image.DecompressionBombError) as error:
        raise ValueError(str(error)) from error
    box = ImageChops.invert(grey).point(lambda value: 255 if value > 16 else 0).getbbox()
    if box is not None:
        grey = grey.crop(box)
    drawn = _is_line_art(grey)
    height = max(1, grey.height * width // grey.width)
    if height > width:
        width, height = max(1, width * width // height), width
    grey = ImageOps.autocontrast(grey.resize((width, height)))
    one_bit = grey.point(lambda value: 255 if value > 127 else 0) if drawn else grey
    out = io.BytesIO()
    one_bit.convert("1").save(out, "PNG")
    return out.getvalue()


def _is_line_art(grey: Any) -> bool:
    """Whether a few shades make up nearly all of a picture; photos are dithered instead."""
    shades: list[int] = sorted(grey.histogram(), reverse=True)
    return sum(shades[:8]) * 10 >= sum(shades) * 9


@lru_cache(maxsize=4)
def _logo(png: bytes, dots: int) -> Bitmap:
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("L")
    if image.width > dots:
        image = image.resize((dots, max(1, image.height * dots // image.width)))
    pixels = image.tobytes()
    rows = [
        [value < 128 for value in pixels[start : start + image.width]]
        for start in range(0, len(pixels), image.width)
    ]
    return _pack(rows, dots)
