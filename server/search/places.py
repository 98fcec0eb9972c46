"""Where a shop is: its kecamatan, and a point where its map link has one."""

from __future__ import annotations

import re
from math import cos, hypot, radians
from typing import Final, NamedTuple
from urllib.parse import unquote

from core.text import fold
from server.storefront.districts import districts
from server.storefront.settings import GeraiFields

MICRO: Final = 1_000_000
_NUMBER: Final = r"(-?[0-9]{1,3}\.[0-9]{2,12})"
# Google's pin (!3d..!4d..), its map's middle (@..), a search for a point; OpenStreetMap's marker
# and map (#map=17/..). The pin goes before the middle, which is only what was looked at.
_POINTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"!3d{_NUMBER}!4d{_NUMBER}",
        rf"[?&](?:q|query|ll|destination|daddr)=(?:loc:)?{_NUMBER},\s*\+?{_NUMBER}",
        rf"mlat={_NUMBER}&mlon={_NUMBER}",
        rf"@{_NUMBER},{_NUMBER}",
        rf"#map=[0-9.]+/{_NUMBER}/{_NUMBER}",
    )
)
# Indonesia with some sea around it: a point elsewhere is a slip.
_LATS: Final = (-12 * MICRO, 7 * MICRO)
_LONS: Final = (94 * MICRO, 142 * MICRO)


class Point(NamedTuple):
    """A place in millionths of a degree."""

    lat: int
    lon: int


def point_of(link: str) -> Point | None:
    """The point that a map link names, None where it names none (a short link does not)."""
    text = unquote(link)
    for pattern in _POINTS:
        found = pattern.search(text)
        if found is not None:
            return as_point(float(found[1]), float(found[2]))
    return None


def as_point(lat: float, lon: float) -> Point | None:
    """Degrees as a point, None where it is not around here."""
    point = Point(round(lat * MICRO), round(lon * MICRO))
    is_here = _LATS[0] <= point.lat <= _LATS[1] and _LONS[0] <= point.lon <= _LONS[1]
    return point if is_here else None


def read_point(text: str) -> Point | None:
    """A point as a page sends it ("0.5421,123.0591"), None for anything else."""
    found = re.fullmatch(r"(-?[0-9]{1,2}(?:\.[0-9]{1,8})?),(-?[0-9]{1,3}(?:\.[0-9]{1,8})?)", text)
    return as_point(float(found[1]), float(found[2])) if found else None


def metres(one: Point, other: Point) -> int:
    """How far apart two points are, near enough over some hundred kilometres."""
    shrink = cos(radians((one.lat + other.lat) / 2 / MICRO))
    north = (one.lat - other.lat) * 0.111_195
    east = (one.lon - other.lon) * 0.111_320 * shrink
    return round(hypot(north, east))


def district_of(fields: GeraiFields, address: str) -> str:
    """The kecamatan's code: as the owner says, else the one that the address names; "" where
    neither does."""
    if fields.gerai_district:
        return fields.gerai_district
    text = f" {fold(address)} "
    ends = {
        code: text.rfind(f" {fold(name)} ") + len(fold(name))
        for code, name in districts().items()
        if f" {fold(name)} " in text
    }
    # "Jl. Danau Limboto, Telaga Biru": streets come before places, and Telaga is within the name.
    return max(ends, key=lambda code: (ends[code], len(districts()[code])), default="")
