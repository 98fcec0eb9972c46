"""What the words of a product must be like, said so that each engine can look for it.

PostgreSQL has an index of words (`search_words` of the schema) in which each stands by itself and
once more behind the code of its kecamatan: goods of one kecamatan are found without looking at
those of others. SQLite, for a small office, goes through the folded texts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, not_, or_

from server.db.schema.search import in_district, search_product
from server.db.transaction import Tx
from server.search.near import near_words, words_around


class Wanted(NamedTuple):
    """A folded word that is looked for: whole, or as a beginning."""

    word: str
    begins: bool


Choice = Sequence[Wanted]
"""Of these one is enough."""


@dataclass(frozen=True)
class Match:
    """Goods that have a word of each choice, but for those that have one of each choice of
    `but`."""

    choices: Sequence[Choice]
    but: Sequence[Choice] = ()

    def query(self, districts: Collection[str]) -> str:
        """As PostgreSQL's `tsquery`, in some kecamatan; none: everywhere. Folded words and codes
        hold neither quotes nor backslashes."""
        places = [in_district(code) for code in sorted(districts)] or [""]
        return " | ".join(self._in_place(place) for place in places)

    @property
    def condition(self) -> ColumnElement[bool]:
        """As SQLite's condition."""
        like = _like(self.choices)
        return and_(like, not_(_like(self.but))) if self.but else like

    def _in_place(self, place: str) -> str:
        every = _every(self.choices, place)
        return f"({every} & !({_every(self.but, place)}))" if self.but else f"({every})"


def whole(typed: Sequence[str]) -> Match:
    """Goods that have every word as it was typed."""
    return Match([[Wanted(word, begins=False)] for word in typed])


def begun(typed: Sequence[str]) -> Match:
    """Goods that have words that begin so."""
    return Match([[Wanted(word, begins=True)] for word in typed])


def near(tx: Tx, typed: Sequence[str]) -> Match:
    """Goods with words that begin so, hold what was typed inside, or are a slip away; but for those
    whose words all begin so."""
    choices = []
    for word in typed:
        others = dict.fromkeys((*words_around(tx, word), *near_words(tx, word)))
        choices.append([Wanted(word, begins=True), *(Wanted(one, begins=False) for one in others)])
    return Match(choices, begun(typed).choices)


def _every(choices: Sequence[Choice], place: str) -> str:
    return " & ".join(
        "(" + " | ".join(f"'{place}{one.word}'{':*' * one.begins}" for one in choice) + ")"
        for choice in choices
    )


def _like(choices: Sequence[Choice]) -> ColumnElement[bool]:
    folded = search_product.c.folded
    return and_(
        *(
            or_(
                *(
                    folded.like(f"% {one.word}%" if one.begins else f"% {one.word} %")
                    for one in choice
                )
            )
            for choice in choices
        )
    )
