"""Contrast of every pair of colours that is used, and sizes that fingers and eyes need."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from pos.ui.foundation.tokens import (
    DARK,
    LIGHT,
    MONEY_STEPS,
    SCALES,
    SMALLEST_TYPE,
    TYPES,
    Colours,
    Height,
)

THEMES = {"light": LIGHT, "dark": DARK}
TONES = ("ok", "warn", "bad", "info")
GROUNDS = ("ground", "surface", "sunken")
TEXT = [
    *((ink, ground) for ink in ("ink2", "bad", "ok") for ground in GROUNDS),
    ("ink3", "ground"),
    ("ink3", "surface"),
    ("primary", "ground"),
    ("primary", "surface"),
    ("primary", "primary_soft"),
    ("on_primary", "primary_hover"),
    ("on_bad", "bad"),
    ("on_bar", "bar"),
    *((tone, "surface") for tone in TONES),
    *((tone, f"{tone}_soft") for tone in TONES),
    *(("ink2", f"{tone}_soft") for tone in TONES),
]
MONEY = [("ink", ground) for ground in (*GROUNDS, "primary_soft")] + [("on_primary", "primary")]
EDGES = [
    *((edge, ground) for edge in ("edge", "focus", "primary") for ground in ("ground", "surface")),
    ("edge", "sunken"),
    ("gold", "ground"),
    ("gold", "surface"),
    *(("edge", f"{tone}_soft") for tone in TONES),
]


# The ratios that the look was designed with, for (light, dark), to one decimal.
DESIGNED = {
    ("edge", "ground"): (3.8, 4.7),
    ("edge", "surface"): (4.2, 4.2),
    ("edge", "sunken"): (3.4, 4.9),
    ("ink", "ground"): (15.0, 16.2),
    ("ink", "surface"): (16.7, 14.5),
    ("ink", "sunken"): (13.5, 17.0),
    ("ink", "primary_soft"): (13.8, 11.0),
    ("ink2", "ground"): (6.9, 10.1),
    ("ink2", "surface"): (7.7, 9.1),
    ("ink2", "sunken"): (6.2, 10.6),
    ("ink3", "ground"): (4.9, 7.0),
    ("ink3", "surface"): (5.4, 6.3),
    ("primary", "ground"): (7.0, 8.7),
    ("primary", "surface"): (7.8, 7.8),
    ("primary", "primary_soft"): (6.5, 5.9),
    ("on_primary", "primary"): (7.8, 7.9),
    ("on_primary", "primary_hover"): (10.2, 9.5),
    ("gold", "ground"): (3.8, 9.9),
    ("gold", "surface"): (4.2, 8.8),
    ("ok", "ok_soft"): (5.3, 6.9),
    ("ok", "surface"): (6.3, 8.3),
    ("warn", "warn_soft"): (5.4, 7.6),
    ("warn", "surface"): (6.4, 9.1),
    ("bad", "bad_soft"): (5.3, 6.5),
    ("bad", "surface"): (6.5, 7.2),
    ("on_bad", "bad"): (6.5, 8.1),
    ("info", "info_soft"): (5.9, 6.8),
    ("info", "surface"): (7.1, 7.9),
    ("focus", "ground"): (4.3, 10.3),
    ("focus", "surface"): (4.7, 9.2),
}


def luminance(colour: str) -> float:
    """WCAG 2.1's relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.1's contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ratio(colours: Colours, pair: tuple[str, str]) -> float:
    return contrast(getattr(colours, pair[0]), getattr(colours, pair[1]))


def test_the_formula_knows_black_and_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", TEXT, ids="-on-".join)
def test_text_can_be_read(theme: str, pair: tuple[str, str]) -> None:
    assert ratio(THEMES[theme], pair) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", MONEY, ids="-on-".join)
def test_money_can_be_read_from_afar(theme: str, pair: tuple[str, str]) -> None:
    assert ratio(THEMES[theme], pair) >= 7


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", EDGES, ids="-on-".join)
def test_edges_can_be_seen(theme: str, pair: tuple[str, str]) -> None:
    assert ratio(THEMES[theme], pair) >= 3


@pytest.mark.parametrize("pair", DESIGNED, ids="-on-".join)
def test_no_pair_is_paler_than_it_was_designed(pair: tuple[str, str]) -> None:
    for colours, designed in zip((LIGHT, DARK), DESIGNED[pair], strict=True):
        assert round(ratio(colours, pair), 1) >= designed


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
def test_colours_are_written_in_one_way(colours: Colours) -> None:
    for one in fields(colours):
        assert re.fullmatch("#[0-9A-F]{6}", getattr(colours, one.name)), one.name


def test_what_is_touched_is_large_enough() -> None:
    assert min(Height.BUTTON, Height.ACTION, Height.PAY, Height.CHIP, Height.FIELD) >= 48


def test_no_type_is_below_what_can_be_read() -> None:
    assert all(one.size >= SMALLEST_TYPE for one in TYPES.values())
    assert list(MONEY_STEPS) == sorted(MONEY_STEPS, reverse=True)
    assert MONEY_STEPS[-1] == SMALLEST_TYPE
    assert SCALES["small"] < SCALES["normal"] < SCALES["large"]
