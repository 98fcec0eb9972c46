"""The queries of a search, by what is asked for and never by what was typed.

On PostgreSQL each is made once: its words are one parameter. To make a query took longer than to
answer it. On SQLite the words are conditions of the query itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Label,
    Select,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from server.db.schema.search import search_gerai, search_product, search_words
from server.db.types import Big, Id
from server.search.asking import Asked

PAGE: Final = 24
SAMPLE: Final = 1_000
"""Of what fits equally well, so many are looked at for the best."""
_BESIDE: Final = 10_000
"""More than any text is long: what only stands in the category or brand comes after all names."""
_p, _g = search_product.c, search_gerai.c
# The folded text begins with the name; folded it is about as long, and a blank stands before it.
_named: Final = func.substr(_p.folded, 1, func.length(_p.name) + 2).like(
    bindparam("lead", type_=Text)
)
_FIRST: Final = (_p.size + case((_named, 0), else_=_BESIDE)).label("first")
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
_MATCHES: Final = search_words.bool_op("@@")(cast(bindparam("words", type_=Text), TSQUERY))


class Shape(NamedTuple):
    """What a query asks. `words`: by PostgreSQL's index of them; `district`: by a condition of its
    own; `after`: what lies beyond a place; `bound`: nothing dearer than some price; `sampled`: no
    more than a sample is looked at; `by_size`: where the name has the first word of what was typed
    before where only the category or brand has it, and short texts first."""

    words: bool
    district: bool
    category: bool
    least: bool
    most: bool
    available: bool
    after: bool = False
    by_size: bool = False
    sampled: bool = False
    bound: bool = False

    @classmethod
    def of(cls, asked: Asked, *, words: bool, district: bool) -> Shape:
        """The filters of a search."""
        return cls(
            words,
            district,
            bool(asked.category),
            asked.least is not None,
            asked.most is not None,
            asked.available,
        )

    @property
    def keys(self) -> list[Column[Any] | Label[Any]]:
        """By what it is in order, before the ids."""
        return [_FIRST, _p.price] if self.by_size else [_p.price]


def ordered(shape: Shape, words: ColumnElement[bool] | None) -> Select[Any]:
    """The first in an order, each with its gerai; `looked`: how many there are. `words`: SQLite's
    condition."""
    return _ordered(shape) if words is None else _ordered_of(shape, words)


def around(shape: Shape, words: ColumnElement[bool] | None) -> Select[Any]:
    """Goods with their gerai, in no order."""
    return _around(shape) if words is None else _around_of(shape, words)


def of_one(query: Select[Any], shop: bytes, *, after: bool) -> Select[Any]:
    """The same of one gerai, the cheapest first, as many as a page takes."""
    own = query.where(_p.owner == shop).order_by(_p.price, _p.product_id).limit(PAGE + 1)
    return own.where(_beyond([_p.price])) if after else own


def of_some(query: Select[Any], shops: list[bytes], most: int) -> Select[Any]:
    """The same of some gerai."""
    return query.where(_p.owner.in_(shops)).limit(most)


def _ordered_of(shape: Shape, words: ColumnElement[bool] | None) -> Select[Any]:
    hits = _some(shape, words).subquery("hits")
    order = [hits.c[key.key] for key in (*shape.keys, _p.owner, _p.product_id)]
    first = (
        select(hits, func.count().over().label("looked"))
        .order_by(*order)
        .limit(PAGE + 1)
        .subquery("first")
    )
    return (
        select(first, *_GERAI)
        .select_from(first.join(search_gerai, _g.owner == first.c.owner))
        .order_by(*(first.c[column.key] for column in order))
    )


def _some(shape: Shape, words: ColumnElement[bool] | None) -> Select[Any]:
    """Goods for which the conditions hold, in no order; all of them are looked at, or a sample."""
    also = (_FIRST,) if shape.by_size else ()
    query = select(*_GOODS, *also).where(*_conditions(shape, words))
    if shape.available:
        query = query.select_from(_BOTH)
    if shape.sampled:
        return query.limit(SAMPLE)
    return query.offset(literal_column("0")) if shape.bound else query


def _around_of(shape: Shape, words: ColumnElement[bool] | None) -> Select[Any]:
    return select(*_GOODS, *_GERAI).select_from(_BOTH).where(*_conditions(shape, words))


@lru_cache(maxsize=512)
def _ordered(shape: Shape) -> Select[Any]:
    return _ordered_of(shape, None)


@lru_cache(maxsize=64)
def _around(shape: Shape) -> Select[Any]:
    return _around_of(shape, None)


def _conditions(shape: Shape, words: ColumnElement[bool] | None) -> list[ColumnElement[bool]]:
    now_up = bindparam("now_up", type_=Big)
    conditions: list[tuple[bool, ColumnElement[bool]]] = [
        (shape.words, _MATCHES),
        (shape.district, _p.district == bindparam("district")),
        (shape.category, _p.category_key == bindparam("category")),
        (shape.least, _p.price >= bindparam("least")),
        (shape.most, _p.price <= bindparam("most")),
        (shape.available, _p.lasts_ms >= 0),
        (shape.available, _p.lasts_ms >= now_up - _g.seen_ms),
        (shape.bound, _p.price <= bindparam("bound")),
    ]
    found = [condition for is_asked, condition in conditions if is_asked]
    if words is not None:
        found.append(words)
    if shape.after:
        found.append(_beyond(shape.keys))
    return found


def _beyond(keys: Sequence[Column[Any] | Label[Any]]) -> ColumnElement[bool]:
    left = tuple_(*keys, _p.owner, _p.product_id)
    values = [bindparam(f"last_{key.key}", type_=Big) for key in keys]
    ids = [bindparam(name, type_=Id) for name in ("last_owner", "last_product")]
    return left > tuple_(*values, *ids)
