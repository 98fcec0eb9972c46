"""Which records of two counters mean one thing: proposals only, an owner decides.

Two shops that become one have written down the same goods and the same people, each for itself.
Pure rules: records in, pairs out; `pos.merging` brings the records and writes what was decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Generic, Literal, NamedTuple, Protocol, TypeVar

from core.facts.catalog import BarcodeRecord, UnitRecord
from core.gtin import display_form, is_gtin
from core.likeness import (
    ALIKE,
    SAME,
    NameKey,
    goods_key,
    goods_score,
    person_key,
    person_score,
    phone_key,
)
from core.united import Packs

Reason = Literal["barcode", "name", "phone", "member"]
Doubt = Literal["", "unit", "barcodes", "shop_code", "names", "name_only"]
"""Why a pair is not sure: base units differ (it cannot be merged at all), both carry barcodes and
none is shared, the shared code is one that shops make up themselves, names differ, or nothing but
the name speaks for it."""

_SHOP_MADE: Final = ("02", "04", "2")
"""How 13-digit codes begin that GS1 leaves to each shop (General Specifications, section 1.4)."""
_SHOP_MADE_SHORT: Final = ("0", "2")
"""The same of 8-digit codes."""
_COMMON: Final = 60
"""A word that more records share tells nothing; others of the name do, or the whole of it."""


class GoodsSide(NamedTuple):
    """A product as it is compared. `rank` says whose it is: lower was in the shop earlier."""

    id: bytes
    rank: int
    name: str
    unit: str
    units: tuple[UnitRecord, ...]
    barcodes: tuple[BarcodeRecord, ...]

    @property
    def packs(self) -> Packs:
        """How it is packed."""
        return Packs(self.unit, self.units, self.barcodes)


class PersonSide(NamedTuple):
    """A customer as it is compared."""

    id: bytes
    rank: int
    name: str
    phone: str
    member_no: str


class Pair(NamedTuple):
    """Two records that may mean one thing: `source` would go up in `target`.

    `score` is how alike the names are, 0 to 100. A pair that is `sure` has no doubt.
    """

    source: bytes
    target: bytes
    why: Reason
    score: int
    doubt: Doubt

    @property
    def sure(self) -> bool:
        """Whether it may be ticked beforehand."""
        return self.doubt == ""

    @property
    def possible(self) -> bool:
        """Whether the two can be merged at all: stock in pieces and in cartons has no sum."""
        return self.doubt != "unit"


class _Side(Protocol):
    @property
    def id(self) -> bytes: ...
    @property
    def rank(self) -> int: ...
    @property
    def name(self) -> str: ...


SideT = TypeVar("SideT", bound=_Side)


def goods_pairs(sides: Iterable[GoodsSide]) -> list[Pair]:
    """For each product the one of an earlier counter that is most likely the same."""
    return _Matching(goods_key, goods_score, _goods_codes, _goods_pair).pairs(sides)


def people_pairs(sides: Iterable[PersonSide]) -> list[Pair]:
    """For each customer the one of an earlier counter that is most likely the same."""
    return _Matching(person_key, person_score, _people_codes, _people_pair).pairs(sides)


class _Matching(Generic[SideT]):
    """Finds pairs in one pass, the shop's own records first: what was met before is a target."""

    def __init__(
        self,
        key: Callable[[str], NameKey],
        score: Callable[[NameKey, NameKey], int],
        codes: Callable[[SideT], Sequence[str]],
        judge: Callable[[SideT, SideT, int], Pair | None],
    ) -> None:
        self._key = key
        self._score = score
        self._codes = codes
        self._judge = judge
        self._met: dict[bytes, tuple[SideT, NameKey]] = {}
        self._by_code: dict[str, list[bytes]] = {}
        self._by_name: dict[str, list[bytes]] = {}
        self._by_word: dict[str, list[bytes]] = {}

    def pairs(self, sides: Iterable[SideT]) -> list[Pair]:
        found: list[Pair] = []
        waiting: list[tuple[SideT, NameKey]] = []
        rank = -1
        for side in sorted(sides, key=lambda one: (one.rank, one.id)):
            if side.rank != rank:
                # Two records of one counter are that shop's own affair.
                self._meet(waiting)
                waiting, rank = [], side.rank
            key = self._key(side.name)
            best = self._best(side, key)
            if best is not None:
                found.append(best)
            waiting.append((side, key))
        return found

    def _meet(self, sides: Sequence[tuple[SideT, NameKey]]) -> None:
        for side, key in sides:
            self._met[side.id] = (side, key)
            for code in self._codes(side):
                self._by_code.setdefault(code, []).append(side.id)
            self._by_name.setdefault(key.text, []).append(side.id)
            for word in {*key.words, " ".join(key.words)}:
                self._by_word.setdefault(word, []).append(side.id)

    def _best(self, side: SideT, key: NameKey) -> Pair | None:
        best: Pair | None = None
        for other in self._candidates(side, key):
            there, their_key = self._met[other]
            pair = self._judge(side, there, self._score(key, their_key))
            if pair is not None and (best is None or _weight(pair) > _weight(best)):
                best = pair
        return best

    def _candidates(self, side: SideT, key: NameKey) -> list[bytes]:
        found: dict[bytes, None] = {}
        for code in self._codes(side):
            found.update(dict.fromkeys(self._by_code.get(code, ())))
        found.update(dict.fromkeys(self._by_name.get(key.text, ())))
        for word in {*key.words, " ".join(key.words)}:
            there = self._by_word.get(word, ())
            if len(there) <= _COMMON:
                found.update(dict.fromkeys(there))
        return list(found)


def _weight(pair: Pair) -> tuple[bool, bool, bool, int]:
    return pair.possible, pair.sure, pair.why != "name", pair.score


def _goods_codes(side: GoodsSide) -> Sequence[str]:
    return [one.code for one in side.barcodes]


def _goods_pair(source: GoodsSide, target: GoodsSide, score: int) -> Pair | None:
    same = _same_codes(source, target) if source.barcodes and target.barcodes else ()
    if not same and score < ALIKE:
        return None
    mine, theirs = source.packs, target.packs
    # A code on the piece here and on the carton there says two things.
    shared = [one.code for one, other in same if mine.factor(one.unit) == theirs.factor(other.unit)]
    why: Reason = "barcode" if same else "name"
    return Pair(source.id, target.id, why, score, _goods_doubt(source, target, score, shared))


def _same_codes(
    source: GoodsSide, target: GoodsSide
) -> Sequence[tuple[BarcodeRecord, BarcodeRecord]]:
    return [
        (one, other)
        for one in source.barcodes
        for other in target.barcodes
        if one.code == other.code
    ]


def _goods_doubt(source: GoodsSide, target: GoodsSide, score: int, shared: Sequence[str]) -> Doubt:
    if source.unit != target.unit:
        return "unit"
    if shared:
        # A maker's code says it whatever the name; a code of the shop's own may be two articles.
        made_here = not any(_is_makers(code) for code in shared)
        return "shop_code" if made_here and score < ALIKE else ""
    return "barcodes" if source.barcodes and target.barcodes else "name_only"


def _is_makers(code: str) -> bool:
    if not is_gtin(code):
        return False
    shown = display_form(code)
    if len(shown) == 8:
        return not shown.startswith(_SHOP_MADE_SHORT)
    return len(shown) > 13 or not shown.zfill(13).startswith(_SHOP_MADE)


def _people_codes(side: PersonSide) -> Sequence[str]:
    codes = (("p", phone_key(side.phone)), ("m", side.member_no.strip().casefold()))
    return [f"{kind}{code}" for kind, code in codes if code]


def _people_pair(source: PersonSide, target: PersonSide, score: int) -> Pair | None:
    mine, theirs = phone_key(source.phone), phone_key(target.phone)
    mine_no, theirs_no = source.member_no.strip(), target.member_no.strip()
    alike = score >= ALIKE
    if mine and mine == theirs:
        # A family may share a telephone.
        return Pair(source.id, target.id, "phone", score, "" if alike else "names")
    if mine_no and mine_no.casefold() == theirs_no.casefold():
        return Pair(source.id, target.id, "member", score, "" if alike else "names")
    # Half a village may have one name; who has two numbers is two people.
    if score == SAME and not (mine and theirs) and not (mine_no and theirs_no):
        return Pair(source.id, target.id, "name", score, "name_only")
    return None
