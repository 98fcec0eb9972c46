"""The shop's own face: tokens that somebody chooses, never a style that somebody writes.

Colours come as six hex digits and leave as variables of our own style sheet. Whatever is chosen can
be read: text and its ground differ by 4.5 to 1 (WCAG 2.2 AA), in light and dark, or the colour is
changed until they do, and that is told.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

CONTRAST: Final = 4.5
Layout = Literal["list", "grid"]
LAYOUTS: Final[tuple[Layout, ...]] = ("grid", "list")
OWN: Final = "sendiri"
"""The set of colours that the shop chose itself."""

# After the colours of Gorontalo's adat; each with the thread of its karawo.
SETS: Final[dict[str, tuple[str, str]]] = {
    "hijau": ("#0b5d52", "#e0b458"),
    "emas": ("#8a5a00", "#f2cf6b"),
    "merah": ("#9c1c1c", "#f0b35a"),
    "ungu": ("#5b2a86", "#e3b94f"),
    "coklat": ("#6b4226", "#e6c48a"),
    "hitam": ("#2b2b2b", "#d8b25c"),
}
# What phones have by themselves; nothing is fetched.
FONTS: Final[dict[str, str]] = {
    "jelas": 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif',
    "bundar": 'ui-rounded, "SF Pro Rounded", "Nunito", "Segoe UI", Roboto, sans-serif',
    "anggun": 'ui-serif, "Noto Serif", Georgia, Cambria, "Times New Roman", serif',
}
_HEX: Final = re.compile(r"#[0-9a-f]{6}")
# The grounds on which text of the shop's colour stands (the sheet's own tokens).
_LIGHT: Final = ("#ffffff", "#f6f3ec", "#ece7dc")
_DARK: Final = ("#19211e", "#101614", "#0b100e")
_STEPS: Final = 100


class Face(NamedTuple):
    """What a shop chose. `main` and `thread` count where `colours` is `OWN`."""

    colours: str = "hijau"
    main: str = ""
    thread: str = ""
    layout: str = "grid"
    font: str = "jelas"


class Colour(NamedTuple):
    """A colour as it is used; `changed` where the one asked for could not be read."""

    asked: str
    used: str
    changed: bool


class Tokens(NamedTuple):
    """The variables that a face sets. All six-digit hex, but for the font of `FONTS`."""

    bar: str
    on_bar: str
    thread: str
    light: str
    on_light: str
    light_soft: str
    dark: str
    on_dark: str
    dark_soft: str
    font: str


def parse_colour(typed: str) -> str | None:
    """Six hex digits as they are kept ("#0b5d52"), None for anything else."""
    text = typed.strip().lower()
    text = text if text.startswith("#") else f"#{text}"
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        text = "#" + "".join(2 * one for one in text[1:])
    return text if _HEX.fullmatch(text) else None


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 reckons it, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(asked: str) -> Colour:
    """The colour as light pages and white text need it: darkened as far as is needed."""
    used = _until(asked, "#000000", _LIGHT)
    return Colour(asked, used, used != asked)


def settled(face: Face) -> Face:
    """The face with known tokens in place of whatever else stands there."""
    main, thread = parse_colour(face.main), parse_colour(face.thread)
    known = face.colours in SETS or (face.colours == OWN and main is not None)
    return Face(
        face.colours if known else "hijau",
        main or "",
        thread or "",
        face.layout if face.layout in LAYOUTS else "grid",
        face.font if face.font in FONTS else "jelas",
    )


def tokens(face: Face) -> Tokens:
    """What a face sets in our style sheet."""
    face = settled(face)
    main, thread = SETS["hijau"]
    if face.colours == OWN:
        main, thread = face.main, face.thread or thread
    else:
        main, thread = SETS[face.colours]
    used = readable(main).used
    pale = _until(main, "#ffffff", _DARK)
    return Tokens(
        bar=used,
        on_bar="#ffffff",
        thread=thread,
        light=used,
        on_light="#ffffff",
        light_soft=mixed(used, "#ffffff", 87),
        dark=pale,
        on_dark=_ink_on(pale),
        dark_soft=mixed(used, "#0b100e", 55),
        font=FONTS[face.font],
    )


def mixed(one: str, other: str, percent: int) -> str:
    """`one` with so many percent of `other`."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{(a * (100 - percent) + b * percent) // 100:02x}" for a, b in pairs)


def _ink_on(ground: str) -> str:
    return max(("#0b100e", "#ffffff"), key=lambda ink: contrast(ink, ground))


def _until(asked: str, towards: str, grounds: tuple[str, ...]) -> str:
    """The first mixture of a colour with black or white that can be read on every ground."""
    for percent in range(_STEPS + 1):
        tried = mixed(asked, towards, percent)
        if all(contrast(tried, ground) >= CONTRAST for ground in grounds):
            return tried
    return towards


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
