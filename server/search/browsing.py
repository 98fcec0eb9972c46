"""What a market's first page shows: categories, and gerai by kecamatan with how they stand now."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select

from server.db.schema.search import search_gerai, search_product
from server.db.transaction import Tx
from server.search.kept import Kept
from server.search.reckoning import unpack_hours
from server.services import Services
from server.storefront.hours import Standing, standing

MOST_CATEGORIES: Final = 30
MOST_GERAI: Final = 600
"""So many of a kecamatan are looked at, by name."""
_FRESH_MS: Final = 5 * 60_000
_count = func.count().label("goods")
_CATEGORIES: Final = (
    select(search_product.c.category_key, func.min(search_product.c.category).label("name"), _count)
    .where(search_product.c.category_key != "")
    .group_by(search_product.c.category_key)
    .order_by(_count.desc(), search_product.c.category_key)
    .limit(MOST_CATEGORIES)
)
_DISTRICTS: Final = select(search_gerai.c.district, func.count().label("gerai")).group_by(
    search_gerai.c.district
)
_GERAI: Final = (
    select(
        search_gerai.c.name,
        search_gerai.c.title,
        search_gerai.c.district,
        search_gerai.c.zone,
        search_gerai.c.hours,
    )
    .order_by(search_gerai.c.district, search_gerai.c.sort_title, search_gerai.c.owner)
    .limit(MOST_GERAI)
)
_IN_DISTRICT: Final = _GERAI.where(search_gerai.c.district == bindparam("place"))


class Category(NamedTuple):
    """A category as most gerai write it; `key` finds it."""

    key: str
    name: str
    goods: int


class GeraiNow(NamedTuple):
    """A gerai, and how it stands now on the clock of its zone."""

    name: str
    title: str
    district: str
    zone: str
    now: Standing


class Browsing:
    """Reads it; the categories, which take a look at all goods, once in five minutes."""

    def __init__(self, services: Services) -> None:
        """Nothing is read yet."""
        self._services = services
        self._categories: Kept[list[Category]] = Kept(_FRESH_MS)

    def categories(self, tx: Tx) -> list[Category]:
        """The largest categories."""
        return self._categories.get(
            self._services.now_ms(), lambda: [Category(*row) for row in tx.rows(_CATEGORIES)]
        )

    def districts(self, tx: Tx) -> dict[str, int]:
        """How many gerai there are in each kecamatan, by code; "" where none is known."""
        return {row.district: row.gerai for row in tx.rows(_DISTRICTS)}

    def gerai(self, tx: Tx, district: str | None) -> list[GeraiNow]:
        """Gerai of a kecamatan, or of all: those that are open now first, then by name."""
        now_ms = self._services.now_ms()
        rows = tx.rows(_GERAI) if district is None else tx.rows(_IN_DISTRICT, place=district)
        found = []
        for row in rows:
            hours = unpack_hours(row.hours)
            at = standing(hours.week, hours.holidays, now_ms, row.zone)
            found.append(GeraiNow(row.name, row.title, row.district, row.zone, at))
        return sorted(found, key=lambda one: one.now.kind != "open")
