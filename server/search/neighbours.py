"""Which gerai are how far away, for whoever asked for the nearest. Nothing of the buyer is kept.

A gerai without a point is taken to be in the middle of those of its kecamatan that have one; a
buyer who names a kecamatan alone stands there, and its own gerai are nearest. Gerai are kept by
cells of some kilometres, so that of ten thousand only those around are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import Final, NamedTuple

from sqlalchemy import select

from server.db.schema.search import search_gerai
from server.db.transaction import Tx
from server.search.kept import Kept
from server.search.places import Point, metres
from server.services import Services

FAR: Final = 10_000_000
"""Metres to where nobody knows."""
_FRESH_MS: Final = 60_000
_CELL: Final = 50_000
"""A cell's side, in millionths of a degree: some 5.5 km."""
_PLACES: Final = select(
    search_gerai.c.owner, search_gerai.c.district, search_gerai.c.lat, search_gerai.c.lon
)
_Cell = tuple[int, int]


class Spot(NamedTuple):
    """A gerai, and where it is taken to be."""

    shop: bytes
    district: str
    point: Point | None


class Map:
    """Where every gerai is."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        """Of gerai with the points that they have of their own."""
        self.middles = _middles(spots)
        self.spots: dict[bytes, Spot] = {}
        self.cells: dict[_Cell, list[Spot]] = defaultdict(list)
        self.unknown: list[Spot] = []
        self.by_district: dict[str, list[Spot]] = defaultdict(list)
        for one in sorted(spots):
            spot = one if one.point else one._replace(point=self.middles.get(one.district))
            self.spots[spot.shop] = spot
            self.by_district[spot.district].append(spot)
            if spot.point is None:
                self.unknown.append(spot)
            else:
                self.cells[spot.point.lat // _CELL, spot.point.lon // _CELL].append(spot)

    def __bool__(self) -> bool:
        """Whether there is any gerai."""
        return bool(self.spots)


class Atlas:
    """Where every gerai is, read again once a minute."""

    def __init__(self, services: Services) -> None:
        """Nothing is read yet."""
        self._services = services
        self._map: Kept[Map] = Kept(_FRESH_MS)

    def around(self, tx: Tx, district: str, point: Point | None) -> Neighbours:
        """All gerai with how far they are from a point, or from the middle of a kecamatan."""
        return Neighbours(
            self._map.get(self._services.now_ms(), lambda: _read(tx)), district, point
        )


class Neighbours:
    """Gerai by how far away they are."""

    def __init__(self, known: Map, district: str, point: Point | None) -> None:
        """From a point, or from a kecamatan."""
        self._map = known
        self._own = district if point is None else None
        self._here = point or known.middles.get(district)

    def metres_to(self, shop: bytes) -> int:
        """How far a gerai is; `FAR` where nobody knows."""
        spot = self._map.spots.get(shop)
        return FAR if spot is None else self._away(spot)

    def nearest_first(self) -> Iterator[Spot]:
        """All gerai, nearest first; of equally far ones by the shop's id. Those that nobody takes
        are not reckoned."""
        own = self._map.by_district.get(self._own, ()) if self._own else ()
        if self._here is None:
            yield from own
            yield from self._others(self._map.spots.values())
            return
        waiting = [(0, spot) for spot in own]
        for least, cell in self._cells(self._here):
            while waiting and waiting[0][0] < least:
                yield heappop(waiting)[1]
            for spot in self._others(self._map.cells[cell]):
                heappush(waiting, (self._away(spot), spot))
        while waiting:
            yield heappop(waiting)[1]
        yield from self._others(self._map.unknown)

    def _cells(self, here: Point) -> list[tuple[int, _Cell]]:
        """Cells, nearest first, each with metres than which none of its gerai is nearer."""
        return sorted((_least(here, cell), cell) for cell in self._map.cells)

    def _others(self, spots: Iterable[Spot]) -> Iterator[Spot]:
        return (spot for spot in spots if not self._own or spot.district != self._own)

    def _away(self, spot: Spot) -> int:
        if self._own and spot.district == self._own:
            return 0
        return FAR if spot.point is None or self._here is None else metres(self._here, spot.point)


def _least(here: Point, cell: _Cell) -> int:
    """Metres to the cell's nearest corner or side, and some less: how long a degree is differs a
    little within it."""
    lat, lon = (
        min(max(own, low * _CELL), low * _CELL + _CELL - 1)
        for own, low in zip(here, cell, strict=True)
    )
    return metres(here, Point(lat, lon)) * 98 // 100


def _read(tx: Tx) -> Map:
    return Map(
        [Spot(row.owner, row.district, _point(row.lat, row.lon)) for row in tx.rows(_PLACES)]
    )


def _point(lat: int | None, lon: int | None) -> Point | None:
    return None if lat is None or lon is None else Point(lat, lon)


def _middles(spots: Sequence[Spot]) -> dict[str, Point]:
    by_district: dict[str, list[Point]] = defaultdict(list)
    for spot in spots:
        if spot.point is not None and spot.district:
            by_district[spot.district].append(spot.point)
    return {
        district: Point(
            sum(one.lat for one in points) // len(points),
            sum(one.lon for one in points) // len(points),
        )
        for district, points in by_district.items()
    }
