"""What a shop may not sell online: tobacco, medicines by prescription, alcohol.

PP 28/2024 article 434 bans tobacco by web, app or social media unless the buyer's age is verified;
medicines with the red dot, narcotics and psychotropics are given on a prescription; alcohol is left
out of the gerai. Goods are known by the words of their category, without one by their name's.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Kept = Literal["", "tobacco", "medicine", "alcohol"]

_WORDS: Final[dict[Kept, frozenset[str]]] = {
    "tobacco": frozenset({"rokok", "tembakau", "cerutu", "kretek", "vape", "vapor", "tobacco",
                          "cigarette", "cigarettes", "shisha"}),
    "medicine": frozenset({"narkotika", "psikotropika", "antibiotik", "antibiotika", "prekursor",
                           "oot", "ethical"}),
    "alcohol": frozenset({"alkohol", "beralkohol", "miras", "bir", "arak", "tuak",
                          "alcohol", "beer", "wine", "whisky", "vodka"}),
}  # fmt: skip
_PHRASES: Final[dict[Kept, tuple[str, ...]]] = {
    "medicine": ("obat keras", "daftar g", "obat resep", "resep dokter", "label merah"),
    "alcohol": ("minuman keras", "anggur merah", "cap tikus"),
}
# What only stands beside them.
_BESIDE: Final = ("asbak", "korek", "pipa", "tanpa alkohol", "non alkohol", "bebas alkohol")


def kept_offline(category: str, name: str) -> Kept:
    """Why goods stay at the counter, "" where they may be sold online."""
    text = " ".join(re.findall(r"\w+", (category or name).casefold()))
    if any(word in text for word in _BESIDE):
        return ""
    words = frozenset(text.split())
    for why, known in _WORDS.items():
        if words & known or any(phrase in text for phrase in _PHRASES.get(why, ())):
            return why
    return ""
