"""Text as shops write it: cleaned for keeping, folded for finding, spelled for printers."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_AMOUNT: Final = re.compile(r"([0-9]+)([^\W\d_].*)")
_LATIN_MARKS: Final = re.compile("[\u0300-\u036f]+")
_SOUNDS: Final = re.compile(r"s[yh]|ie|y")
_DOUBLED: Final = re.compile(r"([^\W\d_])\1+")
_UNFOLDED: Final = re.compile(r"s[yh]|ie|y|([^\W\d_])\1")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_FRACTION: Final = re.compile(r"(?<=[0-9])(?=[\u00bc-\u00be\u2150-\u215e])")


def fold(text: str) -> str:
    """Reduce text to what sounds and slips leave alone, for searching and sorting.

    Accents and case go; sy and sh are s; oo is o; ie and y are i; doubled letters are single;
    `1kg` is `1 kg`; anything but letters and digits is a blank. Folding twice changes nothing.
    """
    if text.isdigit() and text.isascii():
        return text
    if not text.isascii():
        text = _unaccented(text)
    return " ".join(filter(None, map(_fold_known, _WORD.findall(text))))


def _fold_known(word: str) -> str:
    """Numbers are as they are, and would only drive the words out of the cache."""
    return word if word.isdigit() and word.isascii() else _fold_word(word)


def _unaccented(text: str) -> str:
    """Decompose and drop the marks; the Latin ones first, which are nearly all and quick."""
    text = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text))
    if text.isascii():
        return text
    return "".join(char for char in text if not unicodedata.combining(char))


@lru_cache(maxsize=1 << 16)
def _fold_word(word: str) -> str:
    word = word.casefold()
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word)
        word = "".join(c for c in word if c.isalnum())
    amount = _AMOUNT.fullmatch(word)
    if amount:
        return f"{amount[1]} {_fold_sounds(amount[2])}"
    return _fold_sounds(word)


def _fold_sounds(word: str) -> str:
    while _UNFOLDED.search(word):
        word = _DOUBLED.sub(r"\1", _SOUNDS.sub(_sound, word))
    return word


def _sound(found: re.Match[str]) -> str:
    return "s" if found[0][0] == "s" else "i"


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return fold(text).split()


def clean_name(text: str) -> str:
    """A name as it is kept: entities decoded, control characters gone, blanks single.

    Dumps escape more than once (`&amp;amp;`), so entities are decoded until none is left.
    """
    while True:
        decoded = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        if decoded == text:
            break
        text = decoded
    kept = "".join(map(_keep, unicodedata.normalize("NFC", text)))
    return " ".join(kept.split())


def _keep(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in ("Zs", "Zl", "Zp") or char in "\t\n\r\v\f":
        return " "
    return "" if kind in ("Cc", "Cs") or char in _INVISIBLE else char


_INVISIBLE: Final = frozenset("\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e")


def _letters(script: str, spelling: str) -> dict[str, str]:
    return dict(zip(script, spelling.split(), strict=True))


_SPELLED: Final[dict[str, str]] = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u00b4\u02bb", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2039", "<"),
    **dict.fromkeys("\u203a", ">"),
    **dict.fromkeys("\u2022\u2023\u25aa\u25cf\u25a0\u00b7\u2219\u2605", "*"),
    **{"\u2044": "/", "\u00d7": "x", "\u00f7": "/", "\u00b1": "+-", "\u2192": "->"},
    **{"\u20ac": "EUR", "\u00a3": "GBP", "\u00a5": "JPY", "\u00a2": "c", "\u20b9": "INR"},
    **{"\u00b0": " deg", "\u00a9": "(C)", "\u00ae": "(R)", "\u00b5": "u", "\u00a7": "par."},
    **{"\u00a1": "!", "\u00bf": "?", "\u00a6": "|", "\u00ac": "-", "\u2264": "<=", "\u2265": ">="},
    **{"\u00df": "ss", "\u1e9e": "SS", "\u00e6": "ae", "\u00c6": "AE", "\u0153": "oe"},
    **{"\u0152": "OE", "\u00f8": "o", "\u00d8": "O", "\u0142": "l", "\u0141": "L"},
    **{"\u0111": "d", "\u0110": "D", "\u00f0": "d", "\u00d0": "D", "\u00fe": "th"},
    **{"\u00de": "Th", "\u0127": "h", "\u0126": "H", "\u0131": "i", "\u014b": "n"},
    # Greek and Cyrillic letters that decomposition leaves, by their usual Latin spelling.
    **_letters("αβγδεζηθικλμνξοπρ", "a v g d e z i th i k l m n x o p r"),
    **_letters("στυφχψως", "s t y f ch ps o s"),
    **_letters("абвгдежзиклмнопр", "a b v g d e zh z i k l m n o p r"),
    **_letters("стуфхцчшщыэюя", "s t u f kh ts ch sh shch y e yu ya"),
    **dict.fromkeys("ъь", ""),
}


def ascii_text(text: str) -> str:
    """Spell a text in one line of printable ASCII, for printers without its letters.

    Accents are dropped, signs and Greek and Cyrillic letters spelled; a letter that has no
    spelling becomes `?`.
    """
    text = _FRACTION.sub(" ", text)
    decomposed = unicodedata.normalize("NFKD", "".join(_SPELLED.get(c, c) for c in text))
    return " ".join("".join(map(_spell, decomposed)).split())


def _spell(char: str) -> str:
    if " " <= char <= "~":
        return char
    if char in _SPELLED:
        return _SPELLED[char]
    small = char.lower()
    if small in _SPELLED:
        return _SPELLED[small].capitalize()
    kind = unicodedata.category(char)
    if kind.startswith("Z") or char in "\t\n\r\v\f":
        return " "
    return "" if kind in ("Mn", "Me", "Cc", "Cf", "Cs") else "?"


def unreadable(words: Sequence[str]) -> str:
    """The first word of a command line that is no UTF-8, as it can be shown; empty without one."""
    for word in words:
        shown = word.encode("utf-8", "backslashreplace").decode()
        if shown != word:
            return shown
    return ""
