"""Goods over all gerai, a page at a time: whole words first, then beginnings, then near ones.

A search goes in rounds, each with an order of its own that an index can serve; a page that one
round does not fill goes on with the next. So nothing is looked for roughly that is found exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select

from server.db.transaction import Tx
from server.marks import GRAIN_MS
from server.search.asking import Asked, Place
from server.search.matching import Match, begun, near, whole
from server.search.neighbours import FAR, Atlas, Neighbours, Spot
from server.search.statements import PAGE, SAMPLE, Shape, around, of_one, of_some, ordered
from server.services import Services
from server.storefront.availability import ONE, ONS, Availability, Shelf, availability

_WHOLE, _BEGUN, _NEAR = 0, 1, 2
_FEW: Final = 200
_RING: Final = 64
"""So many gerai are the first that are looked at; then four times as many each time."""
_MOST_SHOPS: Final = 1_024
_SPARSE: Final = 4
"""Where the first have fewer, it may be that few have any."""
_FEW_PLACES: Final = 4
_MOST_OF_RING: Final = 2_000


class Find(NamedTuple):
    """One product that was found, with the gerai that sells it. `metres`: how far away, None where
    nobody knows."""

    shop: bytes
    product_id: bytes
    name: str
    category: str
    unit: str
    price: int
    picture: bytes
    width: int
    height: int
    gerai: str
    title: str
    district: str
    available: Availability
    metres: int | None


class FoundPage(NamedTuple):
    """A page of what was found. `near`: nothing exactly; `after`: where the next page begins, "" at
    the end."""

    finds: list[Find]
    near: bool
    after: str


class Finder:
    """Finds goods; what it remembers is where the gerai are."""

    def __init__(self, services: Services) -> None:
        """Nothing is read yet."""
        self._services = services
        self._atlas = Atlas(services)

    def find(self, asked: Asked, after: Place | None = None) -> FoundPage:
        """What gerai sell of what is asked for."""
        if asked.is_nothing:
            return FoundPage([], False, "")
        now_ms = self._services.now_ms()
        with self._services.store.reading_directory(by_index=True) as tx:
            if asked.order != "nearest":
                return _page(_ordered(tx, asked, now_ms, after), now_ms, None)
            near_to = self._atlas.around(tx, asked.district, asked.point)
            return _page(_nearest(tx, asked, now_ms, after, near_to), now_ms, near_to)


def _page(rows: Iterator[tuple[Place, Any]], now_ms: int, atlas: Neighbours | None) -> FoundPage:
    found = list(islice(rows, PAGE + 1))
    shown = found[:PAGE]
    return FoundPage(
        [_find(row, now_ms, atlas) for _, row in shown],
        bool(shown) and shown[0][0].round == _NEAR,
        str(shown[-1][0]) if len(found) > PAGE else "",
    )


def _find(row: Any, now_ms: int, atlas: Neighbours | None) -> Find:
    age_ms = None if row.seen_ms is None else max(0, _step_up(now_ms) - row.seen_ms)
    shelf = Shelf(row.qty, row.reserved, row.sold, ONS if row.fractional else ONE, age_ms)
    away = atlas.metres_to(row.owner) if atlas is not None else FAR
    return Find(
        row.owner,
        row.product_id,
        row.name,
        row.category,
        row.unit,
        row.price,
        row.picture,
        row.width,
        row.height,
        row.gerai,
        row.title,
        row.district,
        availability(shelf, row.term_ms),
        None if away == FAR else away,
    )


def _step_up(now_ms: int) -> int:
    return -(-now_ms // GRAIN_MS) * GRAIN_MS


def _ordered(tx: Tx, asked: Asked, now_ms: int, after: Place | None) -> Iterator[tuple[Place, Any]]:
    """All that is found, in the order of the rounds; read as far as it is taken."""
    by_size = asked.order == "best" and bool(asked.words)
    places = [asked.district] if asked.district else ()
    for number, match in _rounds(tx, asked, after):
        looking = _Looking(tx, asked, now_ms, match)
        last = after if after is not None and after.round == number else None
        shape = looking.shape(places)._replace(by_size=by_size, after=last is not None)
        for row in _first_rows(looking, shape, looking.given(places, last, by_size=by_size)):
            first, second = (row.first, row.price) if by_size else (row.price, 0)
            yield Place(number, first, second, row.owner, row.product_id), row


def _first_rows(looking: _Looking, shape: Shape, given: dict[str, Any]) -> Sequence[Any]:
    """The first rows in an order.

    Of what is found often, sorting all would take long, and so would going through an order until
    enough is met. So some of it is looked at first, and where nothing but the length of names would
    put others before these, that is enough. The cheapest are the cheapest of all: as many as are
    wanted lie below a bound, and what is above it is left out. Without words an index orders.
    """
    if looking.match is None:
        return looking.tx.rows(ordered(shape, None), **given)
    words = looking.condition
    rows = looking.tx.rows(ordered(shape._replace(sampled=True), words), **given)
    if not rows or rows[0].looked < SAMPLE or shape.by_size:
        return rows
    bounded = ordered(shape._replace(bound=True), words)
    return looking.tx.rows(bounded, **given, bound=rows[-1].price)


def _nearest(
    tx: Tx, asked: Asked, now_ms: int, after: Place | None, atlas: Neighbours
) -> Iterator[tuple[Place, Any]]:
    """The same, nearest gerai first and by price in each; a gerai that is new, or in another
    kecamatan, since the map was read comes with the next one."""
    for number, match in _rounds(tx, asked, after):
        begin = after if after is not None and after.round == number else None
        looking = _Looking(tx, asked, now_ms, match)
        for row in _outwards(looking, atlas, begin):
            away = atlas.metres_to(row.owner)
            yield Place(number, away, row.price, row.owner, row.product_id), row


class _Looking(NamedTuple):
    """What is looked for, in one round."""

    tx: Tx
    asked: Asked
    now_ms: int
    match: Match | None

    @property
    def by_words(self) -> bool:
        """Whether PostgreSQL's index finds words, and their kecamatan with them."""
        return self.match is not None and self.tx.is_postgresql

    @property
    def condition(self) -> ColumnElement[bool] | None:
        """What SQLite looks for instead."""
        return None if self.match is None or self.by_words else self.match.condition

    def shape(self, places: Collection[str]) -> Shape:
        """What its queries ask, in some kecamatan or everywhere."""
        district = bool(places) and not self.by_words and self.asked.order != "nearest"
        return Shape.of(self.asked, words=self.by_words, district=district)

    def given(
        self, places: Collection[str], after: Place | None = None, *, by_size: bool = False
    ) -> dict[str, Any]:
        """Their parameters."""
        asked = self.asked
        values: dict[str, Any] = {
            "district": asked.district,
            "category": asked.category,
            "least": asked.least,
            "most": asked.most,
            "now_up": _step_up(self.now_ms),
        }
        if self.match is not None and self.by_words:
            values["words"] = self.match.query(places)
        if by_size:
            values["lead"] = f"% {asked.words[0]}%"
        if after is not None:
            values["last_first"] = after.first if by_size else None
            values["last_price"] = after.second if by_size else after.first
            values["last_owner"], values["last_product"] = after.shop, after.product_id
        return {name: value for name, value in values.items() if value not in (None, "")}

    def around(self, places: Collection[str]) -> Select[Any]:
        """Goods in no order; where they are in few kecamatan, words are looked for there alone."""
        return around(self.shape(places), self.condition)


def _outwards(looking: _Looking, atlas: Neighbours, begin: Place | None) -> Iterator[Any]:
    """What gerai have, the nearest first. What few have is looked for everywhere at once."""
    shops, many = _from(atlas, begin), _RING
    while ring := list(islice(shops, many)):
        found = 0
        for row in _of_ring(looking, atlas, ring, begin):
            found += 1
            yield row
        if many == _RING and found < _SPARSE:
            query = looking.around(()).limit(_FEW + 1)
            few = looking.tx.rows(query, **looking.given(()))
            if len(few) <= _FEW:
                left = {one.shop for one in shops}
                yield from _in_turn(atlas, (row for row in few if row.owner in left), None)
                return
        many = min(4 * many, _MOST_SHOPS)


def _from(atlas: Neighbours, begin: Place | None) -> Iterator[Spot]:
    """Gerai from where a page ended, which may have more, nearest first."""
    for one in atlas.nearest_first():
        if begin is None or (atlas.metres_to(one.shop), one.shop) >= (begin.first, begin.shop):
            yield one


def _of_ring(
    looking: _Looking, atlas: Neighbours, ring: Sequence[Spot], begin: Place | None
) -> Iterator[Any]:
    """What some gerai have; where that is much, of one after the other as far as it is taken."""
    places = {one.district for one in ring}
    places = places if len(places) <= _FEW_PLACES else set()
    query, given = looking.around(places), looking.given(places)
    some = of_some(query, [one.shop for one in ring], _MOST_OF_RING + 1)
    rows = looking.tx.rows(some, **given)
    if len(rows) <= _MOST_OF_RING:
        yield from _in_turn(atlas, rows, begin)
        return
    for one in ring:
        is_begun = begin is not None and begin.shop == one.shop
        if begin is not None and is_begun:
            last = begin._replace(first=begin.second)
            given = looking.given(places, last)
        yield from looking.tx.rows(of_one(query, one.shop, after=is_begun), **given)


def _in_turn(atlas: Neighbours, rows: Iterable[Any], begin: Place | None) -> list[Any]:
    """By distance; of gerai that are equally far each is gone through by itself."""

    def turn(row: Any) -> tuple[int, bytes, int, bytes]:
        return atlas.metres_to(row.owner), row.owner, row.price, row.product_id

    found = sorted(rows, key=turn)
    if begin is None:
        return found
    last = (begin.first, begin.shop, begin.second, begin.product_id)
    return [row for row in found if turn(row) > last]


def _rounds(tx: Tx, asked: Asked, after: Place | None) -> Iterator[tuple[int, Match | None]]:
    """The rounds that are left, each with what a product's words must be like."""
    first = after.round if after is not None else 0
    typed = asked.words
    if not typed:
        yield _BEGUN, None
        return
    if asked.order == "best":
        if first <= _WHOLE:
            yield _WHOLE, whole(typed)
        if first <= _BEGUN:
            yield _BEGUN, replace(begun(typed), but=whole(typed).choices)
    elif first <= _BEGUN:
        yield _BEGUN, begun(typed)
    yield _NEAR, near(tx, typed)
