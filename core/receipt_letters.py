"""The letters of paper: any script's text spelled in the printer's safe ASCII letters.

Thermal printers know a few code pages each, and no two the same ones; 20 to 7E is what all print
alike. What `ascii_text` has no spelling for (Thai, Arabic, Hangul, Han ...) is spelled by the
AnyAscii tables, character by character, so that a name stays recognisable.
"""

from __future__ import annotations

from functools import lru_cache

from core.text import ascii_text


def printable(text: str) -> str:
    """Spell a text in one line of bytes 20 to 7E.

    Emoji are left out where letters remain, and named where a text has nothing else.
    """
    if text.isascii():
        return ascii_text(text)
    spelled = ascii_text("".join(map(_letter, text)))
    return spelled or ascii_text("".join(map(_name, text)))


@lru_cache(maxsize=4096)
def _letter(char: str) -> str:
    """A character that `ascii_text` can spell as it is, another one spelled, an emoji as none."""
    if char.isascii() or "?" not in ascii_text(char):
        return char
    from anyascii import anyascii

    spelled = anyascii(char)
    return " " if spelled.startswith(":") else spelled


def _name(char: str) -> str:
    from anyascii import anyascii

    return f" {anyascii(char).strip(':').replace('_', ' ')} "
