"""An original becomes a copy: read within limits, upright, without anything but its dots.

Pure, and run in a process of its own (`server.pictures.child`): the bytes come from outside, and a
decoder that they lead astray shall reach nothing.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from core.sync.pictures import COPY_BYTES, COPY_SIDE, PICTURE_PIXELS, SHOWN_SIDE, picture_kind
from server.pictures.fronts import STEPS, Fronted, Role, fronted
from server.pictures.variants import Variant, variants

THUMB_SIDE: Final = 256
THUMB_BYTES: Final = 12_000
_KINDS: Final = ("JPEG", "PNG", "WEBP")
_SIDES: Final = (COPY_SIDE, 480, 320, 160)
_QUALITIES: Final = (82, 70, 58, 46, 34)


Made = TypeVar("Made")


class Unreadable(Exception):
    """No picture that is taken; `why` is type, pixels, animated or unreadable."""

    def __init__(self, why: str) -> None:
        """Keep the word."""
        super().__init__(why)
        self.why = why


class Decoded(msgspec.Struct, frozen=True):
    """A copy and a small one (both JPEG), what pages show, and the sides in dots of the largest."""

    data: bytes
    width: int
    height: int
    thumb: bytes
    variants: tuple[Variant, ...] = ()


def decode(original: bytes) -> Decoded:
    """Read an original and write it anew.

    Raises:
        Unreadable: it is not of a kind that is taken, too large, moving, or damaged.
    """
    return _read(original, _copied, SHOWN_SIDE)


def decode_front(original: bytes, role: Role) -> Fronted:
    """Read a gerai's logo or banner and write it anew.

    Raises:
        Unreadable: it is not of a kind that is taken, too large, moving, or damaged.
    """
    return _read(original, lambda image: fronted(image, role), STEPS[role][-1])


def _read(original: bytes, make: Callable[[Any], Made], side: int) -> Made:
    kind = picture_kind(original[:16])
    if not kind:
        raise Unreadable("type")
    try:
        return make(_upright(original, kind, side))
    except Unreadable:
        raise
    except Exception as error:
        if type(error).__name__ == "DecompressionBombError":
            raise Unreadable("pixels") from error
        # A damaged file may raise nearly anything in a decoder; all of it means the same.
        raise Unreadable("unreadable") from error


def _copied(image: Any) -> Decoded:
    width, height = image.size
    shown = variants(image)
    data = _jpeg(image, COPY_BYTES, _SIDES)
    return Decoded(data, width, height, _jpeg(image, THUMB_BYTES, (THUMB_SIDE, 160, 96)), shown)


def _upright(original: bytes, kind: str, side: int) -> Any:
    """The picture as it is looked at, on white, no side longer than `side`."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(original), formats=_KINDS) as image:
        # Known from the head: nothing has been unpacked yet.
        if image.width * image.height > PICTURE_PIXELS:
            raise Unreadable("pixels")
        # A phone's JPEG may hold a second, small picture (MPO): the first one counts.
        if image.format != "MPO" and getattr(image, "is_animated", False):
            raise Unreadable("animated")
        if image.format not in (kind, "MPO"):
            raise Unreadable("type")
        whole: Any = image
        whole.draft("RGB", (side, side))
        whole.load()
        with contextlib.suppress(Exception):
            # Only a hint of the camera's; a damaged one costs no picture.
            whole = ImageOps.exif_transpose(whole)
        if whole.mode not in ("RGB", "L"):
            whole = whole.convert("RGBA")
        whole.thumbnail((side, side), Image.Resampling.LANCZOS)
        whole = whole.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        ground.alpha_composite(whole)
        return ground.convert("RGB")


def _jpeg(image: Any, most_bytes: int, sides: tuple[int, ...]) -> bytes:
    """The best JPEG within `most_bytes`: less quality first, then smaller. Shrinks `image`."""
    for side in sides:
        image.thumbnail((side, side))
        for quality in _QUALITIES:
            out = io.BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= most_bytes:
                return out.getvalue()
    raise Unreadable("pixels")
