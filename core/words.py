"""Numbers in words, for receipts and letters: Indonesian (terbilang) and English."""

from __future__ import annotations

from collections.abc import Callable, Iterator

_LIMIT = 10**15
_ONES_ID = [
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
]
_SCALES_ID = ("", "ribu", "juta", "miliar", "triliun")
_ONES_EN = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS_EN = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES_EN = ("", "thousand", "million", "billion", "trillion")


def terbilang(n: int) -> str:
    """A whole number in Indonesian words, without the word rupiah: 1100 is "seribu seratus".

    Raises:
        ValueError: a thousand trillion or more, either way.
    """
    return _in_words(n, _ONES_ID[0], _group_id)


def english_words(n: int) -> str:
    """A whole number in English words: 1121 is "one thousand one hundred twenty-one".

    Raises:
        ValueError: a thousand trillion or more, either way.
    """
    return _in_words(n, _ONES_EN[0], _group_en)


def _in_words(n: int, zero: str, group: Callable[[int, int], str]) -> str:
    if abs(n) >= _LIMIT:
        raise ValueError(f"no words for {n}")
    words = " ".join(group(value, scale) for value, scale in _groups(abs(n))) or zero
    return f"minus {words}" if n < 0 else words


def _groups(n: int) -> Iterator[tuple[int, int]]:
    for scale in range(len(_SCALES_ID) - 1, -1, -1):
        value = n // 1000**scale % 1000
        if value:
            yield value, scale


def _group_id(value: int, scale: int) -> str:
    if (value, scale) == (1, 1):
        return "seribu"
    return f"{_below_thousand_id(value)} {_SCALES_ID[scale]}".rstrip()


def _below_thousand_id(n: int) -> str:
    if n < 12:
        return _ONES_ID[n] if n else ""
    if n < 20:
        return f"{_ONES_ID[n - 10]} belas"
    if n < 100:
        return f"{_ONES_ID[n // 10]} puluh {_below_thousand_id(n % 10)}".rstrip()
    hundred = "seratus" if n < 200 else f"{_ONES_ID[n // 100]} ratus"
    return f"{hundred} {_below_thousand_id(n % 100)}".rstrip()


def _group_en(value: int, scale: int) -> str:
    return f"{_below_thousand_en(value)} {_SCALES_EN[scale]}".rstrip()


def _below_thousand_en(n: int) -> str:
    if n < 20:
        return _ONES_EN[n] if n else ""
    if n < 100:
        tens = _TENS_EN[n // 10]
        return f"{tens}-{_ONES_EN[n % 10]}" if n % 10 else tens
    return f"{_ONES_EN[n // 100]} hundred {_below_thousand_en(n % 100)}".rstrip()
