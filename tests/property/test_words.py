"""Words are a number and nothing else: reading them gives it back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.words import terbilang

_DIGITS = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
_SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}


def _read(words: str) -> int:
    total = group = digit = 0
    for word in words.replace("se", "satu ").replace("satu mbilan", "sembilan").split():
        if word in _SCALES:
            total, group, digit = total + (group + digit) * _SCALES[word], 0, 0
        elif word == "ratus":
            group, digit = group + digit * 100, 0
        elif word == "puluh":
            group, digit = group + digit * 10, 0
        elif word in ("belas", "las"):
            group, digit = group + 10 + digit, 0
        else:
            digit = _DIGITS.index(word)
    return total + group + digit


@given(st.integers(0, 10**15 - 1))
def test_words_read_back(n: int) -> None:
    words = terbilang(n)
    assert _read(words) == n
    assert "  " not in words
