"""What a shop says of goods of its own: halal by a certificate, not halal, or nothing.

UU 33/2014 article 26 and PP 42/2024 make it a statement about each product: a certificate covers
the goods that stand in it, and what is not halal says so. A product's field `halal` holds one text,
so that two places that change it at once leave one whole statement: nothing where the shop's word
on the category counts, one of the words below, or the number of the maker's own certificate.
"""

from __future__ import annotations

import re
from typing import Final

BY_CATEGORY: Final = ""
"""The product says nothing of its own: what the shop says of its category counts."""
IN_SHOPS: Final = "toko"
"""It stands in the shop's certificate."""
NOT_HALAL: Final = "tidak"
UNSAID: Final = "-"
"""Nothing is claimed of it, whatever is said of its category."""
OWN_NUMBER: Final = "nomor"
"""A form's choice, in no field: the maker's own certificate, whose number is typed beside it."""

WORDS: Final = (BY_CATEGORY, IN_SHOPS, NOT_HALAL, UNSAID)

# BPJPH writes ID and 17 digits; certificates of the time before have digits alone.
_NUMBER: Final = re.compile(r"(?:ID)?[0-9]{10,20}", re.ASCII)
_BETWEEN: Final = re.compile(r"[\s.,:/-]")


def halal_number(typed: str) -> str | None:
    """A certificate's number in its one form ("ID75110000012341024"); None where it is none."""
    text = _BETWEEN.sub("", typed).upper()
    return text if _NUMBER.fullmatch(text) else None


def choice_of(text: str) -> tuple[str, str]:
    """A field as a form shows it: what is chosen and the number beside it. What no field may hold
    counts as not said."""
    if text in WORDS:
        return text, ""
    return (OWN_NUMBER, text) if is_halal(text) else (BY_CATEGORY, "")


def tidy_halal(typed: str) -> str:
    """The field in its one form; what is none stays as it is, for `is_halal` to refuse."""
    text = typed.strip()
    return text if text in WORDS else halal_number(text) or text


def is_halal(text: str) -> bool:
    """Whether a product's field may hold this."""
    return text in WORDS or halal_number(text) == text
