"""A gerai's own pictures, its logo and its banner: an original becomes the sizes and kinds of it.

Pure, and run where originals of goods are decoded, within the same limits.
"""

from __future__ import annotations

import io
from typing import Any, Final, Literal

import msgspec

from server.pictures.variants import KINDS, sides_at

Role = Literal["logo", "banner"]
ROLES: Final[tuple[Role, ...]] = ("logo", "banner")
STEPS: Final[dict[Role, tuple[int, ...]]] = {"logo": (96, 256), "banner": (480, 960)}
"""The longest side of each size, in dots; nothing is enlarged."""

MEDIA: Final = {**KINDS, "jpeg": "image/jpeg"}
"""Each kind with its media type, the lightest first; every browser shows the last."""

FRONT_BYTES: Final = 7 * 1024 * 1024
"""The largest original: as a phone's camera makes them."""

_MOST_BYTES: Final = {96: 5_000, 256: 16_000, 480: 36_000, 960: 110_000}
_QUALITIES: Final = {"avif": (55, 42, 30), "webp": (76, 60, 42), "jpeg": (80, 64, 48, 32, 18)}
_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "avif": {"speed": 8, "max_threads": 1},
    "webp": {"method": 4},
    "jpeg": {"optimize": True},
}


class Piece(msgspec.Struct, frozen=True):
    """A picture in one step and kind."""

    step: int
    kind: str
    data: bytes


class Fronted(msgspec.Struct, frozen=True):
    """Its sides at the largest step; its pieces: a JPEG of each step, others if light enough."""

    width: int
    height: int
    pieces: tuple[Piece, ...]


def fronted(image: Any, role: Role) -> Fronted:
    """An upright picture in all its sizes and kinds."""
    from PIL import Image

    pieces, (width, height) = [], image.size
    for step in STEPS[role]:
        small = image.resize(sides_at(width, height, step), Image.Resampling.LANCZOS)
        for kind in MEDIA:
            data = _light(small, kind, _MOST_BYTES[step])
            if data:
                pieces.append(Piece(step, kind, data))
    return Fronted(*sides_at(width, height, STEPS[role][-1]), tuple(pieces))


def _light(image: Any, kind: str, most_bytes: int) -> bytes:
    data = b""
    for quality in _QUALITIES[kind]:
        out = io.BytesIO()
        image.save(out, kind.upper(), quality=quality, **_OPTIONS[kind])
        data = out.getvalue()
        if len(data) <= most_bytes:
            return data
    return data if kind == "jpeg" else b""
