"""A shop's own colours: tokens, and readable ones."""

from __future__ import annotations

import pytest

from server.storefront.face import (
    CONTRAST,
    FONTS,
    OWN,
    SETS,
    Colour,
    Face,
    contrast,
    parse_colour,
    readable,
    settled,
    tokens,
)


def test_contrast_is_that_of_the_standard() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    assert contrast("#abcdef", "#abcdef") == 1


@pytest.mark.parametrize(
    ("typed", "colour"),
    [("#0B5D52", "#0b5d52"), ("0b5d52 ", "#0b5d52"), ("#fc0", "#ffcc00"), ("red", None),
     ("#12345", None), ("#1234567", None), ("url(x)", None), ("#0b5d52;}", None), ("", None)],
)  # fmt: skip
def test_only_hex_digits_are_a_colour(typed: str, colour: str | None) -> None:
    assert parse_colour(typed) == colour


def test_a_pale_colour_is_darkened_and_a_dark_one_stays() -> None:
    assert readable("#0b5d52") == Colour("#0b5d52", "#0b5d52", False)
    pale = readable("#ffd400")
    assert pale.changed and contrast(pale.used, "#ffffff") >= CONTRAST


@pytest.mark.parametrize("name", SETS)
def test_every_set_can_be_read_as_it_is(name: str) -> None:
    assert not readable(SETS[name][0]).changed
    assert contrast(SETS[name][1], SETS[name][0]) >= 3, "the thread is seen on the cloth"
    assert tokens(Face(name)).font == FONTS["jelas"]


def test_what_is_no_token_becomes_the_first_one() -> None:
    hostile = Face("</style>", "javascript:1", "expression(1)", "x;}", "'\"")
    assert settled(hostile) == Face("hijau", "", "", "grid", "jelas")
    assert tokens(hostile) == tokens(Face())
    assert settled(Face(OWN, "", "#fff")).colours == "hijau"
