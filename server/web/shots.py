"""A picture of goods as public pages show it: addresses of each size and kind, and its sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from server.db.transaction import ShopTx
from server.pictures.decoding import THUMB_SIDE
from server.pictures.fronts import MEDIA as FRONT_MEDIA
from server.pictures.fronts import STEPS as FRONT_STEPS
from server.pictures.fronts import Role
from server.pictures.keeping import Sides, copy_data
from server.pictures.shown import variant_data
from server.pictures.variants import KINDS, STEPS, sides_at, steps_of
from server.shops.reading import ShopHere
from server.storefront.pictures import FrontPicture, front_picture

PLACES: Final[dict[Role, str]] = {"logo": "logo", "banner": "spanduk"}
"""What their addresses are called below the gerai's."""

LIST_STEPS: Final = STEPS[:2]
"""Of a list: its pictures are small on every screen."""


class Source(NamedTuple):
    """One kind: its media type, and the addresses with their widths."""

    media_type: str
    addresses: str


class Shot(NamedTuple):
    """A picture in a page. `src` is the JPEG that every browser shows."""

    sources: tuple[Source, ...]
    src: str
    width: int
    height: int


class Sent(NamedTuple):
    """A picture's bytes as they are sent; `is_asked` unless another kind stands in for it."""

    body: bytes
    media_type: str
    is_asked: bool

    @property
    def suffix(self) -> str:
        """How a file of it is called."""
        return "jpg" if self.media_type == "image/jpeg" else self.media_type.rpartition("/")[2]


def small_shot(place: str, thumb: Sides) -> Shot:
    """A picture of a list. `place`: where it is; `thumb`: the sides of its small copy."""
    sides = thumb
    if max(thumb) == THUMB_SIDE:  # made of a larger one
        sides = Sides(*(side * LIST_STEPS[-1] // THUMB_SIDE for side in thumb))
    return Shot(_sources(place, sides, LIST_STEPS), f"{place}&kecil=1", *thumb)


def large_shot(place: str, sides: Sides) -> Shot:
    """A picture of a page of its own. `sides`: those of the largest that is shown."""
    return Shot(_sources(place, sides, STEPS), place, *sides)


def front_shot(here: ShopHere, place: str, role: Role) -> Shot | None:
    """A picture of the gerai at `place`, None where it has none."""
    found = front_picture(here, role)
    if not found.name:
        return None
    base = f"{place}/{PLACES[role]}?v={found.name[:16]}"
    sources = tuple(
        Source(FRONT_MEDIA[kind], ", ".join(_front_sizes(found, role, base, kind)))
        for kind in FRONT_MEDIA
        if kind != "jpeg"
    )
    last = FRONT_STEPS[role][-1]
    return Shot(sources, f"{base}&u={last}&j=jpeg", found.width, found.height)


def _front_sizes(found: FrontPicture, role: Role, base: str, kind: str) -> list[str]:
    widths = {step: sides_at(found.width, found.height, step)[0] for step in FRONT_STEPS[role]}
    return [f"{base}&u={step}&j={kind} {width}w" for step, width in widths.items()]


def _sources(place: str, sides: Sides, steps: tuple[int, ...]) -> tuple[Source, ...]:
    widths = {one: sides_at(*sides, one)[0] for one in steps_of(*sides) if one in steps}
    return tuple(
        Source(
            media_type,
            ", ".join(f"{place}&u={step}&j={kind} {width}w" for step, width in widths.items()),
        )
        for kind, media_type in KINDS.items()
    )


def sent_picture(tx: ShopTx, name: bytes, query: Mapping[str, str]) -> Sent:
    """The bytes that an address asks for. Where they were not made (yet), the JPEG stands in.

    Raises:
        NoPicture: nothing of the picture is here.
    """
    step, kind = query.get("u", ""), query.get("j", "")
    if not step and not kind:
        return Sent(copy_data(tx, name, small=query.get("kecil") == "1"), "image/jpeg", True)
    known = kind in KINDS and step in map(str, STEPS)
    data = variant_data(tx, name, int(step), kind) if known else None
    if data is None:
        small = step in map(str, LIST_STEPS)
        return Sent(copy_data(tx, name, small=small), "image/jpeg", False)
    return Sent(data, KINDS[kind], True)
