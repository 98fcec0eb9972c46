"""Numbers in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.words import english_words, terbilang


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (200, "dua ratus"),
        (1_000, "seribu"),
        (1_100, "seribu seratus"),
        (2_001, "dua ribu satu"),
        (11_000, "sebelas ribu"),
        (21_000, "dua puluh satu ribu"),
        (100_000, "seratus ribu"),
        (101_000, "seratus satu ribu"),
        (1_000_000, "satu juta"),
        (1_001_000, "satu juta seribu"),
        (1_250_000, "satu juta dua ratus lima puluh ribu"),
        (1_000_000_000, "satu miliar"),
        (3_000_000_000_015, "tiga triliun lima belas"),
        (-12_500, "minus dua belas ribu lima ratus"),
    ],
)
def test_indonesian(n: int, words: str) -> None:
    assert terbilang(n) == words


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (20, "twenty"),
        (21, "twenty-one"),
        (100, "one hundred"),
        (119, "one hundred nineteen"),
        (1_121, "one thousand one hundred twenty-one"),
        (1_250_000, "one million two hundred fifty thousand"),
        (2_000_000_000_003, "two trillion three"),
        (-40, "minus forty"),
    ],
)
def test_english(n: int, words: str) -> None:
    assert english_words(n) == words


@pytest.mark.parametrize("in_words", [terbilang, english_words])
def test_numbers_beyond_a_thousand_trillion_have_no_words(in_words: Callable[[int], str]) -> None:
    assert in_words(10**15 - 1)
    for n in (10**15, -(10**15)):
        with pytest.raises(ValueError, match="no words"):
            in_words(n)
