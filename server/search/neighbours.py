"""Which gerai are how far away, for whoever asked for the nearest. Nothing of the buyer is kept.

A gerai without a point is taken to be in the middle of those of its kecamatan that have one; a
buyer who names a kecamatan alone stands there, and its own gerai are nearest.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Final, NamedTuple

from sqlalchemy import select

from server.db.schema.search import search_gerai
from server.db.transaction import Tx
from server.search.places import Point, metres
from server.services import Services

FAR: Final = 10_000_000
"""Metres to where nobody knows."""
_FRESH_MS: Final = 60_000
_PLACES: Final = select(
    search_gerai.c.owner, search_gerai.c.district, search_gerai.c.lat, search_gerai.c.lon
)


class _Spot(NamedTuple):
    shop: bytes
    district: str
    point: Point | None


class Atlas:
    """Where every gerai is, read again once a minute."""

    def __init__(self, services: Services) -> None:
        """Nothing is read yet."""
        self._services = services
        self._lock = threading.Lock()
        self._read_ms = 0
        self._spots: list[_Spot] = []
        self._middles: dict[str, Point] = {}

    def around(self, tx: Tx, district: str, point: Point | None) -> Neighbours:
        """All gerai with how far they are from a point, or from the middle of a kecamatan."""
        spots, middles = self._fresh(tx)
        here = point or middles.get(district)
        away: dict[bytes, int] = {}
        for spot in spots:
            there = spot.point or middles.get(spot.district)
            length = metres(here, there) if here and there else FAR
            away[spot.shop] = 0 if point is None and spot.district == district else length
        return Neighbours(away)

    def _fresh(self, tx: Tx) -> tuple[list[_Spot], dict[str, Point]]:
        now_ms = self._services.now_ms()
        with self._lock:
            if not 0 <= now_ms - self._read_ms < _FRESH_MS:
                self._spots = [
                    _Spot(row.owner, row.district, _point(row.lat, row.lon))
                    for row in tx.rows(_PLACES)
                ]
                self._middles = _middles(self._spots)
                self._read_ms = now_ms
            return self._spots, self._middles


class Neighbours:
    """Gerai by how far away they are."""

    def __init__(self, away: dict[bytes, int]) -> None:
        """`away` in metres."""
        self._away = away
        self.nearest_first = sorted(away, key=lambda shop: (away[shop], shop))

    def metres_to(self, shop: bytes) -> int:
        """How far a gerai is; `FAR` where nobody knows."""
        return self._away.get(shop, FAR)


def _point(lat: int | None, lon: int | None) -> Point | None:
    return None if lat is None or lon is None else Point(lat, lon)


def _middles(spots: list[_Spot]) -> dict[str, Point]:
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
