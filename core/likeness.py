"""How alike two names are: of goods as two shops type them, of people, of telephone numbers.

What a shop writes of one article differs in case, blanks, signs, the order of words and how the
content is put: "Indomie Goreng 85g", "INDOMIE  GORENG 85 GR.". Numbers never differ by accident: a
pack of 12 is not one of 16.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from core.text import fold

SAME: Final = 100
"""The score of names that say the same."""
ALIKE: Final = 88
"""From here on two names may mean one thing; below, nobody is asked."""

_AMOUNT: Final = re.compile(
    r"(?<![\w.,])(\d{1,6})(?:[.,](\d{1,3}))?\s*"
    r"(kilogram|kilo|kgs|kg|gram|grm|gr|gm|g|mililiter|mili|ml|cc|liter|litre|ltr|lt|l)\b\.?",
    re.IGNORECASE,
)
_KILO: Final = frozenset({"kilogram", "kilo", "kgs", "kg"})
_LITRE: Final = frozenset({"liter", "litre", "ltr", "lt", "l"})
_MILLI: Final = frozenset({"mililiter", "mili", "ml", "cc"})
_TITLES: Final = frozenset(
    {"bpk", "bapak", "pak", "ibu", "bu", "ka", "kak", "kakak", "mas", "mba", "mbak", "om", "tante"}
    | {"haji", "hajah", "hj", "h", "sdr", "sdri"}
)
_COUNTRY: Final = "62"


class NameKey(NamedTuple):
    """A name in the form in which it is compared: its words in order of the alphabet, and its
    numbers (contents in gram and millilitre)."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it as one text: equal texts mean equal names."""
        return " ".join((*self.words, *self.numbers))


def goods_key(name: str) -> NameKey:
    """The key of an article's name."""
    amounts: list[str] = []

    def note(found: re.Match[str]) -> str:
        amounts.append(_amount(found[1], found[2] or "", found[3].lower()))
        return " "

    rest = fold(_AMOUNT.sub(note, name)).split()
    words = sorted(word for word in rest if not word.isdigit())
    numbers = [word.lstrip("0") or "0" for word in rest if word.isdigit()]
    return NameKey(tuple(words), tuple(sorted(numbers + amounts)))


def _amount(whole: str, part: str, unit: str) -> str:
    """A content in gram or millilitre: "1,5 L" is "1500ml"."""
    if unit not in _KILO and unit not in _LITRE:
        # Nobody weighs thousandths of a gram: "1.500 ml" is one and a half litres.
        whole, part = (whole + part, "") if len(part) == 3 else (whole, part.rstrip("0"))
        text = f"{int(whole)}.{part}".rstrip(".")
        return f"{text}{'ml' if unit in _MILLI else 'g'}"
    thousandths = int(whole) * 1000 + int(part.ljust(3, "0") or "0")
    return f"{thousandths}{'g' if unit in _KILO else 'ml'}"


def goods_score(one: NameKey, other: NameKey) -> int:
    """How alike two articles are called, 0 to 100; other numbers are another article.

    Where one of the shops leaves its content out the words must be the same.
    """
    if not one.words or not other.words:
        return 0
    if one.numbers == other.numbers:
        return _words_score(one.words, other.words)
    left_out = not one.numbers or not other.numbers
    return ALIKE if left_out and one.words == other.words else 0


def person_key(name: str) -> NameKey:
    """The key of a person's name; how they are addressed is no part of it."""
    parts = fold(name).split()
    words = [word for word in parts if word not in _TITLES] or parts
    return NameKey(tuple(sorted(words)), ())


def person_score(one: NameKey, other: NameKey) -> int:
    """How alike two people are called, 0 to 100."""
    return _words_score(one.words, other.words) if one.words and other.words else 0


def _words_score(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    if one == other:
        return SAME
    # Never 100: they do not say the same.
    found = int(fuzz.ratio(" ".join(one), " ".join(other), score_cutoff=ALIKE - 1))
    if Counter(one) - Counter(other) and Counter(other) - Counter(one):
        return min(found, SAME - 1)
    # One has a word more ("Goreng", "Goreng Jumbo"): that is how makers tell their kinds apart.
    return 0


def phone_key(text: str) -> str:
    """An Indonesian telephone number in one form, "" where it is too short to be one.

    "0812-3456-789", "+62 812 3456789" and "62812..." are one number.
    """
    digits = "".join(char for char in text if char.isdigit())
    digits = digits.removeprefix("00") if digits.startswith("00") else digits
    if digits.startswith(_COUNTRY):
        digits = digits[len(_COUNTRY) :]
    digits = digits.lstrip("0")
    return digits if 7 <= len(digits) <= 13 else ""
