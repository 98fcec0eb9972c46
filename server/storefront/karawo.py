"""Patterns after karawo, Gorontalo's embroidery on counted threads: each shop has its own.

What karawo is made of and no designer's motif: a square counted grid, stepped diamonds in a
lattice, a border that repeats. A seed (the shop's id) says which rings of the diamonds are
embroidered and which are left open. A pattern is one path of stitches: some hundred bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from server.storefront.face import parse_colour

CELLS: Final = 20
"""Stitches along a side of the cloth's tile."""
BORDER_CELLS: Final = 8
"""Stitches across the border, its two threads among them."""
_CHAIN: Final = BORDER_CELLS - 2
_GAP: Final = "stroke-dasharray='.8 .2'"
_LEAST, _MOST = 30, 65
"""Percent of the grid that is embroidered: less is no pattern, more is no opening."""

Grid = tuple[tuple[bool, ...], ...]


def cloth(seed: bytes) -> Grid:
    """A tile of the cloth: a diamond in the middle, its like at the corners; it repeats seamlessly
    and is the same from left and right, from above and below."""
    for again in range(256):
        chance = hashlib.sha256(b"karawo cloth" + bytes([again]) + seed).digest()
        grid = tuple(
            tuple(_is_stitch(chance, x, y, CELLS) for x in range(CELLS)) for y in range(CELLS)
        )
        if _LEAST <= _percent(grid) <= _MOST:
            return grid
    return grid


def border(seed: bytes) -> Grid:
    """A tile of the border: a chain of half diamonds between two threads."""
    chance = hashlib.sha256(b"karawo border" + seed).digest()
    width = 8 + 4 * (chance[0] % 3)
    rows = [tuple(_is_in_chain(chance, x, y, width) for x in range(width)) for y in range(_CHAIN)]
    thread = (True,) * width
    return (thread, *rows, thread)


def svg(grid: Grid, thread: str, *, cell: int = 4) -> str:
    """A pattern as a picture that repeats, in a colour of six hex digits; `cell`: dots a stitch.

    Raises:
        ValueError: the colour is none.
    """
    colour = parse_colour(thread)
    if colour is None:
        raise ValueError("a colour has six hex digits")
    width, height = len(grid[0]), len(grid)
    # Single quotes: they need no escape where a style sheet carries a pattern.
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width * cell}' height='{height * cell}'"
        f" viewBox='0 0 {width} {height}'><path fill='none' stroke='{colour}' stroke-width='.8'"
        f" {_GAP} d='M.1 .5{''.join(_runs(grid))}'/></svg>"
    )


def _runs(grid: Grid) -> Iterable[str]:
    """Stitches that lie beside one another are one stroke, which the dashes part again. Each begins
    where the pen is, which is shorter than to say the place."""
    at_x, at_y = 0, 0
    for y, row in enumerate(grid):
        for x, length in _strokes(row):
            yield f"m{x - at_x} {y - at_y}h{length}"
            at_x, at_y = x + length, y


def _strokes(row: Sequence[bool]) -> Iterable[tuple[int, int]]:
    x = 0
    while x < len(row):
        start = x
        while x < len(row) and row[x]:
            x += 1
        if x > start:
            yield start, x - start
        x += 1


def _is_stitch(chance: bytes, x: int, y: int, side: int) -> bool:
    # Counted from the middle outwards, both halves alike.
    across, down = _from_middle(x, side), _from_middle(y, side)
    ring, corner = across + down, (side // 2 - 1 - across) + (side // 2 - 1 - down)
    if ring < corner:
        return _bit(chance, ring) or (across == down and _bit(chance, 24 + ring))
    if ring > corner:
        return _bit(chance, 48 + corner) or (across == down and _bit(chance, 72 + corner))
    return True


def _is_in_chain(chance: bytes, x: int, y: int, width: int) -> bool:
    across = _from_middle(x, width)
    down = y if chance[1] % 2 else _from_middle(y, _CHAIN)
    ring = across + down
    return ring < width // 2 and (ring == width // 2 - 1 or _bit(chance, 16 + ring))


def _from_middle(place: int, side: int) -> int:
    return place - side // 2 if place >= side // 2 else side // 2 - 1 - place


def _bit(chance: bytes, number: int) -> bool:
    return bool(chance[number // 8 % len(chance)] >> number % 8 & 1)


def _percent(grid: Sequence[Sequence[bool]]) -> int:
    return 100 * sum(map(sum, grid)) // sum(map(len, grid))
