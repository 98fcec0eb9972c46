"""From ESC/POS bytes to paper: a picture of the head's width, text lines, and events.

Glyphs are drawn from the program's own pinned font into 12 x 24 cells, so that a golden picture
does not depend on what fonts a machine has.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from pos.printing.picture import font_file
from tests.printing_tools.tokens import Token, UnknownCommand, tokens

CELL = (12, 24)
SPACING = 30
_PAGES = {0: "cp437", 2: "cp850", 16: "cp1252", 19: "cp858"}


class Style(NamedTuple):
    """How letters are set at the moment."""

    bold: bool = False
    wide: int = 1
    tall: int = 1


class Paper:
    """What came out of the printer."""

    def __init__(self, dots: int) -> None:
        self.dots = dots
        self.columns = dots // CELL[0]
        self.lines: list[str] = []
        self.events: list[str] = []
        self.wrapped: list[str] = []
        self._parts: list[Image.Image] = []

    def add(self, part: Image.Image) -> None:
        self._parts.append(part)

    def feed(self, dots: int) -> None:
        self.add(Image.new("1", (self.dots, dots), 1))

    def image(self) -> Image.Image:
        """The whole strip, black on white."""
        height = sum(part.height for part in self._parts)
        whole = Image.new("1", (self.dots, max(1, height)), 1)
        y = 0
        for part in self._parts:
            whole.paste(part, (0, y))
            y += part.height
        return whole

    def png(self) -> bytes:
        out = io.BytesIO()
        self.image().save(out, "PNG", optimize=True)
        return out.getvalue()

    def dump(self) -> str:
        """Lines with their style ("b" bold, "t" tall, "2" double), pictures and events in order."""
        return "\n".join(line.rstrip() for line in self.lines) + "\n"


class _Machine:
    def __init__(self, dots: int) -> None:
        self.paper = Paper(dots)
        self.reset()

    def reset(self) -> None:
        self.style = Style()
        self.page = 0
        self.align = 0
        self.chinese = True
        self.spacing = SPACING
        self.row: list[tuple[str, Style]] = []

    def run(self, data: bytes) -> Paper:
        seen = 0
        for token in tokens(data):
            seen = token.offset + len(token.data)
            self.obey(token)
        if seen != len(data):
            raise UnknownCommand(f"unfinished command at {seen}")
        return self.paper

    def obey(self, token: Token) -> None:
        name, data = token.name, token.data
        last = data[-1]
        if name == "text":
            self.text(data, token.offset)
        elif name == "LF":
            self.flush()
        elif name == "ESC @":
            self.reset()
        elif name == "ESC E":
            self.style = self.style._replace(bold=bool(last & 1))
        elif name == "GS !":
            self.style = self.style._replace(wide=(last >> 4) + 1, tall=(last & 7) + 1)
        elif name == "ESC a":
            self.align = last
        elif name == "ESC t":
            self.page = last
        elif name in ("FS .", "FS &"):
            self.chinese = name == "FS &"
        elif name == "ESC 2":
            self.spacing = SPACING
        elif name == "ESC 3":
            self.spacing = last
        elif name in ("ESC d", "ESC J"):
            self.flush(only_if_full=True)
            self.paper.feed(last * self.spacing if name == "ESC d" else last)
        elif name == "GS v":
            self.raster(data)
        elif name == "GS V":
            self.event("cut full" if data[2] in (0, 48, 65) else "cut partial")
        elif name == "ESC p":
            self.event(f"pulse pin {data[2]} {data[3] * 2}/{data[4] * 2} ms")
        elif name not in ("NUL", "ESC R"):
            self.event(f"{name} {data[2:].hex(' ')}".strip())

    def event(self, what: str) -> None:
        self.flush(only_if_full=True)
        self.paper.events.append(what)
        self.paper.lines.append(f"<{what}>")

    def text(self, data: bytes, offset: int) -> None:
        if max(data) >= 0x80 and (self.chinese or self.page not in _PAGES):
            raise UnknownCommand(f"letters of an unknown page at {offset}")
        for letter in data.decode(_PAGES.get(self.page, "ascii")):
            if sum(style.wide for _, style in self.row) + self.style.wide > self.paper.columns:
                self.paper.wrapped.append("".join(char for char, _ in self.row))
                self.flush()
            self.row.append((letter, self.style))

    def flush(self, only_if_full: bool = False) -> None:
        if only_if_full and not self.row:
            return
        tall = max((style.tall for _, style in self.row), default=1)
        height = max(self.spacing, tall * CELL[1])
        part = Image.new("1", (self.paper.dots, height), 1)
        width = sum(style.wide for _, style in self.row) * CELL[0]
        x = (0, (self.paper.dots - width) // 2, self.paper.dots - width)[self.align]
        for letter, style in self.row:
            glyph = _glyph(letter, style)
            part.paste(glyph, (x, (tall - style.tall) * CELL[1]))
            x += glyph.width
        self.paper.add(part)
        styles = [style for letter, style in self.row if letter != " "]
        mark = "b" if any(style.bold for style in styles) else " "
        mark += {1: " ", 2: "t"}[tall] if all(style.wide == 1 for style in styles) else "2"
        self.paper.lines.append(mark + "|" + "".join(char for char, _ in self.row))
        self.row = []

    def raster(self, data: bytes) -> None:
        if self.row:
            raise UnknownCommand("a raster needs an empty line buffer")
        across = int.from_bytes(data[4:6], "little")
        rows = int.from_bytes(data[6:8], "little")
        if across * 8 > (self.paper.dots + 7) // 8 * 8:
            raise UnknownCommand("raster wider than the head")
        picture = Image.frombytes("1", (across * 8, rows), data[8:])
        part = Image.new("1", (self.paper.dots, rows), 1)
        part.paste(picture.point(lambda value: 0 if value else 255), (0, 0))
        self.paper.add(part)
        what = f"  |[raster {across * 8}]"
        if self.paper.lines[-1:] != [what]:
            self.paper.lines.append(what)


@cache
def _font(bold: bool) -> Any:
    return ImageFont.truetype(font_file(bold), 20)


@cache
def _glyph(letter: str, style: Style) -> Image.Image:
    cell = Image.new("L", CELL, 255)
    ImageDraw.Draw(cell).text((0, -1), letter, font=_font(style.bold), fill=0)
    sharp = cell.point(lambda value: 255 if value > 140 else 0).convert("1")
    return sharp.resize((CELL[0] * style.wide, CELL[1] * style.tall), Image.Resampling.NEAREST)


def interpret(data: bytes, dots: int = 384) -> Paper:
    """What a printer with a head of so many dots makes of these bytes.

    Raises:
        UnknownCommand: it would print garbage.
    """
    return _Machine(dots).run(data)
