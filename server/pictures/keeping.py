"""What a shop has of its pictures: kept copies, refused originals, and what its goods name.

Only copies are kept. A picture of another shop is never looked at, not even to save room: who
could see that a picture is here already would learn what another shop has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, exists, func, select

from core.sync.pictures import PICTURES_ASKED, Lacking
from core.sync.wire import Malformed
from server.db.schema.catalog import HAS_PICTURE, product
from server.db.schema.pictures import picture, picture_part
from server.db.tied import tied
from server.db.transaction import ShopTx
from server.marks import mark_picture
from server.pictures.decoding import THUMB_SIDE, Decoded
from server.pictures.refusals import NoPicture, PicturesFull
from server.pictures.shown import has_room, put_variants
from server.pictures.variants import VERSION, sides_at

HASH_BYTES: Final = 32
_here = (tied(picture), picture.c.hash == bindparam("name"))
_kept = (*_here, picture.c.refused == "")
_STATE: Final = select(picture.c.refused).where(*_here)
_COPY: Final = select(picture.c.copy, picture.c.size).where(*_kept)
_SIDES: Final = select(picture.c.width, picture.c.height).where(*_kept)
_SIDES_OF: Final = select(picture.c.hash, picture.c.width, picture.c.height).where(
    tied(picture), picture.c.hash.in_(bindparam("names", expanding=True)), picture.c.refused == ""
)
_DATA: Final = select(picture.c.data).where(*_kept)
_THUMB: Final = select(picture.c.thumb).where(*_kept)
_NAMED: Final = (
    select(product.c.product_id)
    .where(tied(product), HAS_PICTURE, product.c.picture == bindparam("name"))
    .limit(1)
)
_KNOWN: Final = (
    select(picture.c.hash, picture.c.refused)
    .where(tied(picture), picture.c.hash.in_(bindparam("names", expanding=True)))
    .order_by(picture.c.hash)
)
_BEGUN: Final = (
    select(picture_part.c.hash, func.sum(picture_part.c.size).label("size"))
    .where(tied(picture_part), picture_part.c.device == bindparam("who"))
    .group_by(picture_part.c.hash)
)
_LACKING: Final = (
    select(product.c.picture)
    .distinct()
    .where(
        tied(product),
        HAS_PICTURE,
        # What a counter of another make has named so could never be a hash.
        func.length(product.c.picture) == HASH_BYTES,
        product.c.picture > bindparam("after"),
        ~exists(
            select(picture.c.hash)
            .where(tied(picture), picture.c.hash == product.c.picture)
            .correlate(product)
        ),
    )
    .order_by(product.c.picture)
    .limit(PICTURES_ASKED + 1)
)


class Kept(NamedTuple):
    """A copy's hash and its bytes' number."""

    copy: bytes
    size: int


class Sides(NamedTuple):
    """Sides in dots."""

    width: int
    height: int


def state_of(tx: ShopTx, name: bytes) -> str | None:
    """Why an original was refused, empty where its copy is kept, None where it never came."""
    found: str | None = tx.scalar(_STATE, name=name)
    return found


def is_named(tx: ShopTx, name: bytes) -> bool:
    """Whether goods of the shop name this picture."""
    return tx.scalar(_NAMED, name=name) is not None


def known(tx: ShopTx, names: Sequence[bytes]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Which of these pictures the shop has, and which ones were refused."""
    rows = tx.rows(_KNOWN, names=list(names)) if names else ()
    return (
        tuple(row.hash for row in rows if not row.refused),
        tuple(row.hash for row in rows if row.refused),
    )


def lacking(tx: ShopTx, device: bytes, after: bytes) -> tuple[tuple[Lacking, ...], bool]:
    """Pictures that goods name and that never came, in order of their names after `after`, with
    how much this counter has sent of each; and whether more follow."""
    found = [row.picture for row in tx.rows(_LACKING, after=after)]
    begun = {row.hash: int(row.size) for row in tx.rows(_BEGUN, who=device)} if found else {}
    some = tuple(Lacking(name, begun.get(name, 0)) for name in found[:PICTURES_ASKED])
    return some, len(found) > PICTURES_ASKED


def copy_of(tx: ShopTx, name: bytes) -> Kept:
    """The copy of a picture.

    Raises:
        NoPicture: it is not here.
    """
    row = tx.one(_COPY, name=name)
    if row is None:
        raise NoPicture()
    return Kept(row.copy, row.size)


def copy_data(tx: ShopTx, name: bytes, *, small: bool = False) -> bytes:
    """A copy's bytes (JPEG), or those of the small one.

    Raises:
        NoPicture: it is not here.
    """
    found: bytes | None = tx.scalar(_THUMB if small else _DATA, name=name)
    if found is None:
        raise NoPicture()
    return found


def thumb_sides(tx: ShopTx, name: bytes) -> Sides | None:
    """How large a picture's small copy is shown; None where it is not here."""
    row = tx.one(_SIDES, name=name) if len(name) == HASH_BYTES else None
    return None if row is None else _thumb(row.width, row.height)


def thumbs_sides(tx: ShopTx, names: Collection[bytes]) -> dict[bytes, Sides]:
    """The same of several pictures at once, of those that are here."""
    asked = sorted(name for name in set(names) if len(name) == HASH_BYTES)
    rows = tx.rows(_SIDES_OF, names=asked) if asked else ()
    return {row.hash: _thumb(row.width, row.height) for row in rows}


def shown_sides(tx: ShopTx, name: bytes) -> Sides | None:
    """How large a page shows a picture at most; None where it is not here."""
    row = tx.one(_SIDES, name=name) if len(name) == HASH_BYTES else None
    return None if row is None else Sides(row.width, row.height)


def _thumb(width: int, height: int) -> Sides:
    return Sides(*sides_at(width, height, THUMB_SIDE))


def is_coming(tx: ShopTx, name: bytes) -> bool:
    """Whether a picture was named that never came; one that was refused will not."""
    return len(name) == HASH_BYTES and state_of(tx, name) is None


def check_room(tx: ShopTx, quota_bytes: int, more: int) -> None:
    """Pass while the shop's pictures leave room for so many bytes more.

    Raises:
        PicturesFull: they do not.
    """
    if not has_room(tx, quota_bytes, more):
        raise PicturesFull()


def keep(
    tx: ShopTx, name: bytes, decoded: Decoded, now_ms: int, quota_bytes: int | None = None
) -> None:
    """Keep a copy; one that is here already stays, so that what was begun can be finished. What
    pages show of it is kept where there is room: otherwise they show the copy."""
    mark_picture(tx, name)
    is_new = tx.insert_new(
        picture,
        hash=name,
        refused="",
        copy=hashlib.sha256(decoded.data).digest(),
        width=decoded.width,
        height=decoded.height,
        size=len(decoded.data),
        at_ms=now_ms,
        unused_ms=None,
        drawn=0,
        drawn_size=0,
        thumb=decoded.thumb,
        data=decoded.data,
    )
    if is_new:
        put_variants(tx, name, decoded.variants, quota_bytes)


def refuse(tx: ShopTx, name: bytes, why: str, now_ms: int) -> None:
    """Remember that an original cannot be read: it is not asked for again."""
    tx.insert_new(
        picture,
        hash=name,
        refused=why,
        copy=bytes(HASH_BYTES),
        width=0,
        height=0,
        size=0,
        at_ms=now_ms,
        unused_ms=None,
        drawn=VERSION,
        drawn_size=0,
        thumb=b"",
        data=b"",
    )


def check_names(names: Sequence[bytes]) -> None:
    """Pass names of pictures.

    Raises:
        Malformed: one is none, or there are too many.
    """
    if len(names) > PICTURES_ASKED or any(len(name) != HASH_BYTES for name in names):
        raise Malformed(why="names")
