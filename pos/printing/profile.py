"""What the program must know of a printer: width, dots, cutter, drawer, code page."""

from __future__ import annotations

from typing import Literal

import msgspec

from core.errors import Refused
from core.receipt_layout import COLUMNS

Cutter = Literal["none", "partial", "full"]
DOTS = {32: 384, 42: 546, 48: 576}


class BadPrinter(Refused):
    """A printer's settings make no sense; `why` says which."""

    code = "bad_printer"


class PrinterProfile(msgspec.Struct, frozen=True):
    """Columns of font A, dots across the head, and what the printer can do.

    `cancel_chinese` sends FS . after each reset: clones start in a two-byte mode.
    """

    columns: int = 32
    dots: int = 384
    cutter: Cutter = "none"
    drawer: bool = False
    cancel_chinese: bool = True
    drawer_pin: Literal[0, 1] = 0

    def __post_init__(self) -> None:
        """Refuse widths that no layout has."""
        if self.columns not in COLUMNS:
            raise BadPrinter(why="columns")


def profile_for(columns: int, cutter: Cutter = "none", *, drawer: bool = False) -> PrinterProfile:
    """The usual profile of a paper width.

    Raises:
        BadPrinter: no such width.
    """
    if columns not in DOTS:
        raise BadPrinter(why="columns")
    return PrinterProfile(columns, DOTS[columns], cutter, drawer)
