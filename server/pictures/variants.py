"""A picture in the sizes and kinds that pages ask for: AVIF and WebP beside the JPEG copy.

Which sizes there are follows from the picture's sides alone, so that a page needs no look-up to
write its addresses down. Pure, and run where originals are decoded.
"""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any, Final

import msgspec

from core.sync.pictures import SHOWN_SIDE

VERSION: Final = 1
"""Of what is made here: pictures that were made by an earlier one are made again."""

STEPS: Final = (160, 320, 640, SHOWN_SIDE)
"""The longest side of each size, in dots; a copy is no larger than the last but one."""

KINDS: Final = {"avif": "image/avif", "webp": "image/webp"}
"""Each kind with its media type, the lightest first."""

MOST_BYTES: Final = {160: 6_000, 320: 16_000, 640: 48_000, SHOWN_SIDE: 90_000}
"""A size that cannot be had within is left out: the JPEG is shown."""

_QUALITIES: Final = {"avif": (50, 40, 30), "webp": (74, 58, 42)}
# Faster than the default by far and hardly larger: an upload waits for it.
_OPTIONS: Final[dict[str, dict[str, int]]] = {
    "avif": {"speed": 8, "max_threads": 1},
    "webp": {"method": 4},
}


class Variant(msgspec.Struct, frozen=True):
    """A picture in one kind and step."""

    kind: str
    step: int
    data: bytes


def steps_of(width: int, height: int) -> tuple[int, ...]:
    """The steps of a picture with these sides: none that shows no more than the one before."""
    longest = max(width, height)
    return STEPS[:1] + tuple(step for before, step in pairwise(STEPS) if longest > before)


def sides_at(width: int, height: int, step: int) -> tuple[int, int]:
    """The sides of a picture at a step; it is never enlarged."""
    longest = max(width, height, step)
    return max(1, round(width * step / longest)), max(1, round(height * step / longest))


def variants(image: Any) -> tuple[Variant, ...]:
    """A decoded picture in each step and kind that is light enough."""
    from PIL import Image

    made = []
    width, height = image.size
    for step in steps_of(width, height):
        small = image.resize(sides_at(width, height, step), Image.Resampling.LANCZOS)
        for kind in KINDS:
            data = _light(small, kind, MOST_BYTES[step])
            if data:
                made.append(Variant(kind, step, data))
    return tuple(made)


def _light(image: Any, kind: str, most_bytes: int) -> bytes:
    for quality in _QUALITIES[kind]:
        out = io.BytesIO()
        image.save(out, kind.upper(), quality=quality, **_OPTIONS[kind])
        if out.tell() <= most_bytes:
            return out.getvalue()
    return b""
