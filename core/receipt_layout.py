"""Laying a document out in columns: the one layout that every output shows.

Widths of 32, 42 and 48 columns; a big line counts double. Text is spelled in the printer's safe
letters here, so that paper, picture, PDF and screen say the same.
"""

from __future__ import annotations

from typing import NamedTuple

from core.receipt import (
    Align,
    Document,
    Feed,
    Item,
    Logo,
    Pair,
    Qr,
    Rule,
    Text,
    Weave,
)
from core.receipt_letters import printable

COLUMNS = (32, 42, 48)


class Line(NamedTuple):
    """One printed line. `text` is padded for its alignment already; `align` says which it is.

    `big` is double height and width, `tall` double height only.
    """

    text: str
    bold: bool = False
    big: bool = False
    align: Align = "left"
    tall: bool = False


class Picture(NamedTuple):
    """A QR code, logo or band of pattern in the place of a line; centred."""

    kind: str
    data: bytes


Row = Line | Picture


def layout(document: Document, columns: int) -> tuple[Row, ...]:
    """The rows of a document for a paper of so many columns."""
    rows: list[Row] = []
    for block in document.blocks:
        match block:
            case Text():
                rows += _text(block, columns)
            case Pair():
                rows += _pair(block, columns)
            case Item():
                rows += _item(block, columns)
            case Rule():
                rows.append(Line(("=" if block.double else "-") * columns))
            case Feed():
                rows += [Line("")] * block.lines
            case Qr():
                rows.append(Picture("qr", block.data.encode()))
                if block.caption:
                    rows += _text(Text(block.caption, "centre"), columns)
            case Logo():
                rows.append(Picture("logo", block.png))
            case Weave():
                rows.append(Picture("weave", b""))
    return tuple(rows)


def wrap(text: str, width: int) -> list[str]:
    """Break a text at blanks into lines of at most `width`; a longer word is cut."""
    lines: list[str] = []
    line = ""
    for word in printable(text).split():
        while len(word) > width:
            if line:
                lines.append(line)
                line = ""
            lines.append(word[:width])
            word = word[width:]
        if not line:
            line = word
        elif len(line) + 1 + len(word) <= width:
            line = f"{line} {word}"
        else:
            lines.append(line)
            line = word
    return [*lines, line] if line else lines or [""]


def _aligned(text: str, width: int, align: Align) -> str:
    if align == "centre":
        return (" " * ((width - len(text)) // 2) + text).rstrip()
    return text.rjust(width) if align == "right" else text


def _text(block: Text, columns: int) -> list[Row]:
    width = columns // 2 if block.big else columns
    return [
        Line(_aligned(part, width, block.align), block.bold, block.big, block.align)
        for paragraph in block.text.split("\n")
        for part in wrap(paragraph, width)
    ]


def _pair(block: Pair, columns: int) -> list[Row]:
    indent = block.left[: len(block.left) - len(block.left.lstrip(" "))]
    left, right = printable(block.left), printable(block.right)
    # A total that does not fit in double width is double in height only.
    big = block.big and len(indent) + len(left) + 2 + len(right) <= columns // 2
    tall = block.big and not big
    width = columns // 2 if big else columns
    bold = block.bold or block.big
    *before, last = [indent + part for part in wrap(left, width - len(indent))]
    if len(last) + 1 + len(right) <= width:
        before.append(last + right.rjust(width - len(last)))
    else:
        before += [last, *(part.rjust(width) for part in wrap(right, width))]
    return [Line(part.rstrip(), bold, big, tall=tall) for part in before]


def _item(block: Item, columns: int) -> list[Row]:
    wide = columns >= 42
    name, detail = printable(block.name), printable(block.detail)
    amount = printable(block.amount)
    rows: list[Row]
    if wide and len(name) + len(detail) + len(amount) + 4 <= columns:
        gap = columns - len(name) - len(detail) - len(amount)
        rows = [Line(name + " " * (gap - 2) + detail + "  " + amount)]
    else:
        rows = [Line(part) for part in wrap(name, columns)]
        rows += _pair(Pair(f"  {detail}", amount), columns)
    for left, right in block.notes:
        rows += _pair(Pair(f"  {left}", right), columns)
    return rows
