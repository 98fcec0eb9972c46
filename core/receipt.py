"""A document to be printed: blocks in order, without any idea of paper or device.

Receipts, reports and slips are all made of these few blocks, so that one layout serves printer,
picture, PDF and screen.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Align = Literal["left", "centre", "right"]


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A paragraph; `big` is double height and width on paper."""

    text: str
    align: Align = "left"
    bold: bool = False
    big: bool = False


class Pair(msgspec.Struct, frozen=True, tag="pair"):
    """A label at the left, a figure at the right. `big` stands for the one total."""

    left: str
    right: str
    bold: bool = False
    big: bool = False


class Item(msgspec.Struct, frozen=True, tag="item"):
    """A sold line: name, "2 pcs x 2.500", amount, and further notes under it."""

    name: str
    detail: str
    amount: str
    notes: tuple[tuple[str, str], ...] = ()


class Rule(msgspec.Struct, frozen=True, tag="rule"):
    """A line across."""

    double: bool = False


class Feed(msgspec.Struct, frozen=True, tag="feed"):
    """Empty lines."""

    lines: int = 1


class Qr(msgspec.Struct, frozen=True, tag="qr"):
    """A QR code, drawn as a picture so that every printer can."""

    data: str
    caption: str = ""


class Logo(msgspec.Struct, frozen=True, tag="logo"):
    """The shop's logo: a one-bit PNG."""

    png: bytes


class Weave(msgspec.Struct, frozen=True, tag="weave"):
    """A narrow band of the karawo pattern."""


Block = Text | Pair | Item | Rule | Feed | Qr | Logo | Weave


class Document(msgspec.Struct, frozen=True):
    """All blocks of one piece of paper, and what it is called in lists."""

    title: str
    blocks: tuple[Block, ...]
