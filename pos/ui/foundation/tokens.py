"""The one token file: colours, spacing, radii, heights and type sizes. No Qt, no logic.

Sizes are device-independent units at the normal size setting. A test computes the WCAG 2.1
contrast of every pair that is used and fails below 4.5 for text, 3 for edges, 7 for money.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

ThemeName = Literal["light", "dark", "system"]
ScaleName = Literal["small", "normal", "large"]
Kind = Literal["primary", "secondary", "danger", "quiet"]
Tone = Literal["none", "ok", "warn", "bad", "info"]
TypeRole = Literal[
    "status", "label", "body", "strong", "figure", "field", "section", "title", "hint",
    "amount", "total", "total_large", "change",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme's colours by meaning, as #RRGGBB."""

    ground: str
    surface: str
    sunken: str
    line: str
    edge: str
    ink: str
    ink2: str
    ink3: str
    primary: str
    on_primary: str
    primary_hover: str
    primary_soft: str
    gold: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    on_bad: str
    info: str
    info_soft: str
    focus: str
    disabled: str
    bar: str
    on_bar: str


LIGHT: Final = Colours(
    ground="#F6F3EC", surface="#FFFFFF", sunken="#ECE7DC", line="#D8D1C2", edge="#857B68",
    ink="#1B1F1D", ink2="#4E554F", ink3="#666C66",
    primary="#0B5D52", on_primary="#FFFFFF", primary_hover="#084A41", primary_soft="#DCEEE9",
    gold="#B4690E",
    ok="#1B6E3C", ok_soft="#DDF1E3", warn="#8A5200", warn_soft="#FCEBCB",
    bad="#B3261E", bad_soft="#FBE3E0", on_bad="#FFFFFF",
    info="#1D5A96", info_soft="#DFECF8", focus="#C2500A", disabled="#8F948E",
    bar="#0B5D52", on_bar="#FFFFFF",
)  # fmt: skip
DARK: Final = Colours(
    ground="#101614", surface="#19211E", sunken="#0B100E", line="#2E3935", edge="#76847E",
    ink="#EEF2EE", ink2="#B9C3BD", ink3="#97A39C",
    primary="#5CC4B1", on_primary="#06231E", primary_hover="#7AD4C3", primary_soft="#173A34",
    gold="#F0B35A",
    ok="#6CCB8B", ok_soft="#15331F", warn="#F2B65C", warn_soft="#3B2A0C",
    bad="#FF8A80", bad_soft="#45191A", on_bad="#2B0606",
    info="#84B9EE", info_soft="#152D45", focus="#FFB266", disabled="#66716B",
    bar="#173A34", on_bar="#EEF2EE",
)  # fmt: skip


class Space:
    """Distances between things."""

    HAIR: Final = 4
    SMALL: Final = 8
    GUTTER: Final = 12
    MEDIUM: Final = 16
    LARGE: Final = 24
    WIDE: Final = 32
    HUGE: Final = 48


class Radius:
    """Corners; bars have none."""

    CHIP: Final = 6
    FIELD: Final = 8
    PAY: Final = 10
    CARD: Final = 12


class Height:
    """Heights of what is touched and read; nothing that is touched is below 48."""

    ROW_COMPACT: Final = 40
    ROW: Final = 48
    ROW_LARGE: Final = 56
    HEADER: Final = 36
    FIELD: Final = 48
    SCAN: Final = 52
    BUTTON: Final = 48
    ACTION: Final = 56
    CHIP: Final = 64
    PAY: Final = 64
    PAY_LARGE: Final = 80
    BAR: Final = 48
    BAR_LARGE: Final = 56
    STATUS: Final = 32
    NOTICE: Final = 72


class Size:
    """Other fixed measures."""

    EDGE: Final = 1
    FOCUS: Final = 2
    ICON: Final = 20
    ICON_LARGE: Final = 24
    DRAWING: Final = 96
    NOTICE_BAR: Final = 4
    TILE_WIDTH: Final = 148
    TILE_HEIGHT: Final = 88
    PAD_KEY_WIDTH: Final = 88
    PAD_KEY_HEIGHT: Final = 64
    PANEL: Final = 440
    PANEL_WIDE: Final = 720
    FORM: Final = 520
    READING: Final = 640
    SCROLLBAR: Final = 14
    PIN_DOT: Final = 14
    ICON_SMALL: Final = 16
    DRAWING_STROKE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Type:
    """A type size in units with its weight; `tabular` gives all digits one width."""

    size: int
    weight: int
    tabular: bool = False


TYPES: Final[dict[TypeRole, Type]] = {
    "status": Type(13, 500, True),
    "label": Type(13, 600),
    "hint": Type(14, 500),
    "body": Type(16, 500),
    "strong": Type(16, 700),
    "figure": Type(16, 700, True),
    "field": Type(18, 500, True),
    "section": Type(20, 600),
    "title": Type(24, 700),
    "amount": Type(32, 600, True),
    "total": Type(56, 700, True),
    "total_large": Type(80, 700, True),
    "change": Type(64, 700, True),
}
MONEY_STEPS: Final = (80, 72, 64, 56, 48, 44, 40, 36, 32, 28, 24, 20, 18, 16, 14, 13)
"""Sizes that an amount steps through until it fits; it is never cut."""

SMALLEST_TYPE: Final = 13
SCALES: Final[dict[ScaleName, float]] = {"small": 0.9, "normal": 1.0, "large": 1.15}
SCRIM_ALPHA: Final = 120
FLASH_MS: Final = 120
"""How long a scan field shows a tone; nothing in the window moves longer."""
