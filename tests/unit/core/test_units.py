"""Names of units."""

from __future__ import annotations

import pytest

from core.units import is_measured, normal_unit, usual_factor


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Btl.", "botol"),
        (" KILO ", "kg"),
        ("kg", "kg"),
        ("g", "gram"),
        ("ltr", "liter"),
        ("cc", "ml"),
        ("m", "meter"),
        ("PCS.", "pcs"),
        ("buah", "pcs"),
        ("bji", "pcs"),
        ("bks", "bungkus"),
        ("karton", "dus"),
        ("Pack", "pak"),
        ("saset", "sachet"),
        ("renceng", "renteng"),
        ("dozen", "lusin"),
        ("m²", "m2"),
    ],
)
def test_short_forms_have_one_name(text: str, unit: str) -> None:
    assert normal_unit(text) == unit


@pytest.mark.parametrize("text", ["gr", "kr", "doz", "tb", "gls", "kl", "ball", "cupak"])
def test_short_forms_with_two_meanings_are_not_guessed(text: str) -> None:
    assert normal_unit(text) == text
    assert usual_factor(text) is None


def test_an_unknown_unit_stays_as_typed() -> None:
    assert normal_unit("  Bakul   Besar ") == "bakul besar"
    assert usual_factor("bakul besar") is None
    assert normal_unit("") == ""


@pytest.mark.parametrize("text", ["kg", "Kilo", "g", "ons", "liter", "ml", "m", "yard", "m2"])
def test_weighed_and_measured_goods(text: str) -> None:
    assert is_measured(text)


@pytest.mark.parametrize("text", ["pcs", "dus", "lusin", "botol", "galon", "karung", "gr", ""])
def test_counted_goods(text: str) -> None:
    assert not is_measured(text)


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("pcs", 1),
        ("botol", 1),
        ("kg", 1),
        ("ons", 1),
        ("LSN", 12),
        ("kodi", 20),
        ("gross", 144),
        ("rim", 500),
        ("slof", 10),
        ("rtg", 10),
        ("tray", 30),
        ("krg", 50),
        ("kw", 100),
        ("ton", 1000),
        ("dus", None),
        ("pak", None),
        ("box", None),
        ("set", None),
        ("jrg", None),
    ],
)
def test_what_a_pack_usually_holds(text: str, factor: int | None) -> None:
    assert usual_factor(text) == factor
