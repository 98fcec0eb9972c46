"""A gerai's signboard as pictures: an icon for a phone's first page, a card for previews of links.

Drawn here of the face's tokens, the shop's own karawo and its name; no file of anybody is read.
Pure: the same words and face give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from server.storefront.face import Face, mixed, tokens
from server.storefront.karawo import CELLS, Grid, border, cloth

ICON_SIDES: Final = (192, 512)
CARD: Final = (1200, 630)
_PACKAGE: Final = "fontpkg_plus_jakarta_sans"
_FILE: Final = "files/PlusJakartaSans[wght].ttf"
_EDGE: Final = 72
_CLOTH: Final = 220
_NAME_SIZES: Final = (92, 76, 62, 50)
_NAME_LINES: Final = 2
_SMALL: Final = 38
_COLOURS: Final = 32


class Board(NamedTuple):
    """What stands on it. `seed` draws the karawo."""

    face: Face
    seed: bytes
    name: str
    line: str = ""


def letters(name: str) -> str:
    """One or two letters for a name: "Warung Ibu Sri" is "WI"."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or name[:1].upper()


@lru_cache(maxsize=64)
def icon(board: Board, side: int) -> bytes:
    """A square PNG; what matters lies in its middle, since phones cut corners off."""
    from PIL import Image, ImageDraw

    made = tokens(board.face)
    image = Image.new("RGB", (side, side), made.bar)
    pen = ImageDraw.Draw(image)
    _stitch(pen, cloth(board.seed), (0, 0, side, side), side / CELLS, made.thread)
    near, far = side * 0.17, side * 0.83
    pen.rounded_rectangle((near, near, far, far), side * 0.1, fill=made.bar)
    said = letters(board.name)
    font = _font(round(side * (0.34 if len(said) > 1 else 0.44)))
    pen.text((side / 2, side / 2), said, made.on_bar, font, anchor="mm")
    return _written(image)


@lru_cache(maxsize=64)
def card(board: Board) -> bytes:
    """A PNG as messengers show it beside a link: cloth, name, a line, border."""
    from PIL import Image, ImageDraw

    made = tokens(board.face)
    width, height = CARD
    image = Image.new("RGB", CARD, made.bar)
    pen = ImageDraw.Draw(image)
    _stitch(pen, cloth(board.seed), (0, 0, width, _CLOTH), 10, made.thread)
    edge = border(board.seed)
    _stitch(pen, edge, (0, height - 10 * len(edge), width, height), 10, made.thread)
    room = width - 2 * _EDGE
    lines, font = _fitted(board.name, room)
    top = _CLOTH + 40
    for line in lines:
        pen.text((_EDGE, top), line, made.on_bar, font)
        top += round(font.size * 1.22)
    small = _font(_SMALL)
    line = _cut(board.line, small, room)
    pen.text((_EDGE, top + 16), line, mixed(made.on_bar, made.bar, 15), small)
    return _written(image)


def _stitch(pen: Any, grid: Grid, box: tuple[int, int, int, int], cell: float, ink: str) -> None:
    left, top, right, bottom = box
    gap = cell * 0.15
    for row in range(int((bottom - top) // cell) + 1):
        for column in range(int((right - left) // cell) + 1):
            if grid[row % len(grid)][column % len(grid[0])]:
                x, y = left + column * cell, top + row * cell
                if y + cell <= bottom + 1:
                    pen.rectangle((x + gap, y + gap, x + cell - gap, y + cell - gap), fill=ink)


def _fitted(name: str, room: int) -> tuple[list[str], Any]:
    """The name in the largest letters in which two lines hold it; then it is cut."""
    for size in _NAME_SIZES:
        font = _font(size)
        lines = list(_wrapped(name, font, room))
        if len(lines) <= _NAME_LINES and all(font.getlength(one) <= room for one in lines):
            return lines, font
    first = [one for one in lines[: _NAME_LINES - 1] if font.getlength(one) <= room]
    return [*first, _cut(" ".join(lines[len(first) :]), font, room)], font


def _wrapped(text: str, font: Any, room: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > room:
            yield line
            line = word
        else:
            line = longer
    yield line


def _cut(text: str, font: Any, room: int) -> str:
    text = " ".join(text.split())[:200]
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


@lru_cache(maxsize=16)
def _font(size: int) -> Any:
    from PIL import ImageFont

    found = find_spec(_PACKAGE)
    file = Path(found.origin).parent / _FILE if found and found.origin else None
    if file is None or not file.is_file():
        return ImageFont.load_default(size)
    font = ImageFont.truetype(str(file), size)
    font.set_variation_by_axes([700])
    return font


def _written(image: Any) -> bytes:
    out = io.BytesIO()
    # Few colours and hard edges: a tenth of what a JPEG of it weighs.
    image.quantize(_COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()
