"""Goods over all gerai, a page at a time: whole words first, then beginnings, then near ones.

A search goes in rounds, each with an order of its own that an index can serve; a page that one
round does not fill goes on with the next. So nothing is looked for roughly that is found exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, not_, or_, select, tuple_

from server.db.schema.search import search_gerai, search_product
from server.db.transaction import Tx
from server.db.types import Id
from server.marks import GRAIN_MS
from server.search.asking import Asked, Place
from server.search.near import near_words
from server.search.neighbours import FAR, Atlas, Neighbours
from server.services import Services
from server.storefront.availability import ONE, ONS, Availability, Shelf, availability

PAGE: Final = 24
_WHOLE, _BEGUN, _NEAR = 0, 1, 2
_LEAST_INNER: Final = 3
_SAMPLE: Final = 1_000
"""Of what fits equally well, so many are looked at for the best."""
_FEW: Final = 200
_RING: Final = 64
_MOST_OF_RING: Final = 2_000
_p, _g = search_product.c, search_gerai.c
_GOODS: Final = (
    _p.owner,
    _p.product_id,
    _p.name,
    _p.size,
    _p.category,
    _p.unit,
    _p.price,
    _p.fractional,
    _p.picture,
    _p.width,
    _p.height,
    _p.qty,
    _p.reserved,
    _p.sold,
)
_GERAI: Final = (_g.name.label("gerai"), _g.title, _g.district, _g.term_ms, _g.seen_ms)
_BOTH: Final = search_product.join(search_gerai, _g.owner == _p.owner)


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
            around = self._atlas.around(tx, asked.district, asked.point)
            return _page(_nearest(tx, asked, now_ms, after, around), now_ms, around)


def _page(rows: Iterator[tuple[Place, Any]], now_ms: int, around: Neighbours | None) -> FoundPage:
    found = list(islice(rows, PAGE + 1))
    shown = found[:PAGE]
    return FoundPage(
        [_find(row, now_ms, around) for _, row in shown],
        bool(shown) and shown[0][0].round == _NEAR,
        str(shown[-1][0]) if len(found) > PAGE else "",
    )


def _find(row: Any, now_ms: int, around: Neighbours | None) -> Find:
    age_ms = None if row.seen_ms is None else max(0, _step_up(now_ms) - row.seen_ms)
    shelf = Shelf(row.qty, row.reserved, row.sold, ONS if row.fractional else ONE, age_ms)
    away = around.metres_to(row.owner) if around is not None else FAR
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
    keys: list[Any] = [_p.size, _p.price] if by_size else [_p.price]
    for number, like in _rounds(tx, asked, after):
        conditions = [*like, *_filters(asked)]
        if after is not None and after.round == number:
            conditions.append(_beyond(keys, after))
        for row in _first_rows(tx, asked, conditions, keys, _given(asked, now_ms)):
            first, second = (row.size, row.price) if by_size else (row.price, 0)
            yield Place(number, first, second, row.owner, row.product_id), row


def _first_rows(
    tx: Tx,
    asked: Asked,
    conditions: Sequence[ColumnElement[bool]],
    keys: Sequence[Any],
    given: dict[str, Any],
) -> Sequence[Any]:
    """The first rows in an order.

    Of what is found often, sorting all would take long, and so would going through an order until
    enough is met. So some of it is looked at first, and where nothing but the length of names would
    put others before these, that is enough. The cheapest are the cheapest of all: as many as are
    wanted lie below a bound, and what is above it is left out. Without words an index orders.
    """
    if not asked.words:
        return tx.rows(_sorted(_some(asked, conditions), keys), **given)
    rows = tx.rows(_sorted(_some(asked, conditions).limit(_SAMPLE), keys), **given)
    if not rows or rows[0].looked < _SAMPLE or asked.order == "best":
        return rows
    bound = keys[0] <= getattr(rows[-1], keys[0].name)
    return tx.rows(_sorted(_some(asked, [*conditions, bound]).offset(0), keys), **given)


def _some(asked: Asked, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Goods for which the conditions hold, in no order."""
    query = select(*_GOODS).where(*conditions)
    return query.select_from(_BOTH) if asked.available else query


def _sorted(some: Select[Any], keys: Sequence[Any]) -> Select[Any]:
    """The first of them, each with its gerai; `looked`: how many there are."""
    hits = some.subquery("hits")
    order = [hits.c[key.name] for key in (*keys, _p.owner, _p.product_id)]
    first = (
        select(hits, func.count().over().label("looked"))
        .order_by(*order)
        .limit(PAGE + 1)
        .subquery("first")
    )
    return (
        select(first, *_GERAI)
        .select_from(first.join(search_gerai, _g.owner == first.c.owner))
        .order_by(*(first.c[column.name] for column in order))
    )


def _nearest(
    tx: Tx, asked: Asked, now_ms: int, after: Place | None, around: Neighbours
) -> Iterator[tuple[Place, Any]]:
    """The same, nearest gerai first and by price in each."""
    given = _given(asked, now_ms)
    for number, like in _rounds(tx, asked, after):
        query = select(*_GOODS, *_GERAI).select_from(_BOTH).where(*like, *_filters(asked))
        begin = after if after is not None and after.round == number else None
        few = tx.rows(query.limit(_FEW + 1), **given)
        if len(few) <= _FEW:
            yield from _by_distance(number, few, around, begin)
            continue
        least = begin.first if begin is not None else 0
        shops = [one for one in around.nearest_first if around.metres_to(one) >= least]
        for start in range(0, len(shops), _RING):
            ring = _of_ring(tx, query, given, shops[start : start + _RING], begin)
            yield from _by_distance(number, ring, around, begin)


def _of_ring(
    tx: Tx, query: Select[Any], given: dict[str, Any], shops: list[bytes], begin: Place | None
) -> Sequence[Any]:
    """What some gerai have; of each no more than a page can take, where there is much."""
    rows = tx.rows(query.where(_p.owner.in_(shops)).limit(_MOST_OF_RING + 1), **given)
    if len(rows) <= _MOST_OF_RING:
        return rows
    found: list[Any] = []
    for shop in shops:
        own = query.where(_p.owner == shop).order_by(_p.price, _p.product_id).limit(PAGE + 1)
        if begin is not None and begin.shop == shop:
            own = own.where(_beyond([_p.price], Place(0, begin.second, 0, *begin[3:])))
        found += tx.rows(own, **given)
    return found


def _by_distance(
    number: int, rows: Sequence[Any], around: Neighbours, begin: Place | None
) -> Iterator[tuple[Place, Any]]:
    placed = [
        (Place(number, around.metres_to(row.owner), row.price, row.owner, row.product_id), row)
        for row in rows
    ]
    # Of gerai that are equally far each is gone through by itself.
    placed.sort(key=lambda one: _turn(one[0]))
    for place, row in placed:
        if begin is None or _turn(place) > _turn(begin):
            yield place, row


def _turn(place: Place) -> tuple[int, bytes, int, bytes]:
    return place.first, place.shop, place.second, place.product_id


def _rounds(
    tx: Tx, asked: Asked, after: Place | None
) -> Iterator[tuple[int, list[ColumnElement[bool]]]]:
    """The rounds that are left, each with what a product's words must be like."""
    first = after.round if after is not None else 0
    typed = asked.words
    if not typed:
        yield _BEGUN, []
        return
    whole = and_(*(_has(f"% {word} %") for word in typed))
    begun = and_(*(_has(f"% {word}%") for word in typed))
    if asked.order == "best":
        if first <= _WHOLE:
            yield _WHOLE, [whole]
        if first <= _BEGUN:
            yield _BEGUN, [begun, not_(whole)]
    elif first <= _BEGUN:
        yield _BEGUN, [begun]
    near = and_(*(_nearly(tx, word) for word in typed))
    yield _NEAR, [near, not_(begun)]


def _has(pattern: str) -> ColumnElement[bool]:
    # Folded words are letters and digits alone: nothing in them is a sign of a pattern.
    return _p.folded.like(pattern)


def _nearly(tx: Tx, word: str) -> ColumnElement[bool]:
    """A word that begins like it, holds it inside, or is a slip away."""
    patterns = [f"% {word}%"]
    if len(word) >= _LEAST_INNER:
        patterns.append(f"%{word}%")
    patterns += [f"% {one} %" for one in near_words(tx, word)]
    return or_(*map(_has, patterns))


def _filters(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.category:
        found.append(_p.category_key == bindparam("category"))
    if asked.district and asked.order != "nearest":
        found.append(_p.district == bindparam("district"))
    if asked.least is not None:
        found.append(_p.price >= bindparam("least"))
    if asked.most is not None:
        found.append(_p.price <= bindparam("most"))
    if asked.available:
        found += [_p.lasts_ms >= 0, _p.lasts_ms >= bindparam("now_up") - _g.seen_ms]
    return found


def _given(asked: Asked, now_ms: int) -> dict[str, Any]:
    values = {
        "category": asked.category or None,
        "district": asked.district or None,
        "least": asked.least,
        "most": asked.most,
        "now_up": _step_up(now_ms) if asked.available else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def _beyond(keys: Sequence[Any], after: Place) -> ColumnElement[bool]:
    values = (after.first, after.second)[: len(keys)]
    left = tuple_(*keys, _p.owner, _p.product_id)
    ids = (bindparam(None, one, type_=Id) for one in (after.shop, after.product_id))
    return left > tuple_(*values, *ids)
