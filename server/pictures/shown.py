"""What pages show of a shop's pictures: kept beside the copies, where the shop has room for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import bindparam, delete, exists, func, select, update

from server.db.schema.pictures import picture, picture_variant
from server.db.tied import tied
from server.db.transaction import ShopTx
from server.pictures.variants import VERSION, Variant

_ROOM: Final = select(func.coalesce(func.sum(picture.c.size + picture.c.drawn_size), 0)).where(
    tied(picture)
)
_DATA: Final = select(picture_variant.c.data).where(
    tied(picture_variant),
    picture_variant.c.hash == bindparam("name"),
    picture_variant.c.step == bindparam("step"),
    picture_variant.c.kind == bindparam("kind"),
)
_DRAWN: Final = (
    update(picture)
    .where(tied(picture), picture.c.hash == bindparam("name"))
    .values(drawn=VERSION, drawn_size=bindparam("bytes"))
)
_DROP: Final = delete(picture_variant).where(
    tied(picture_variant), picture_variant.c.hash == bindparam("name")
)
_UNDRAWN: Final = (
    select(picture.c.hash)
    .where(tied(picture), picture.c.drawn < VERSION, picture.c.refused == "")
    .order_by(picture.c.hash)
    .limit(bindparam("most"))
)
_ORPHANS: Final = delete(picture_variant).where(
    tied(picture_variant),
    ~exists(
        select(picture.c.hash)
        .where(tied(picture), picture.c.hash == picture_variant.c.hash)
        .correlate(picture_variant)
    ),
)


def has_room(tx: ShopTx, quota_bytes: int, more: int) -> bool:
    """Whether the shop's pictures leave room for so many bytes more."""
    return int(tx.scalar(_ROOM)) + more <= quota_bytes


def variant_data(tx: ShopTx, name: bytes, step: int, kind: str) -> bytes | None:
    """A variant's bytes; None where the picture has none such."""
    found: bytes | None = tx.scalar(_DATA, name=name, step=step, kind=kind)
    return found


def put_variants(
    tx: ShopTx, name: bytes, variants: Collection[Variant], quota_bytes: int | None = None
) -> None:
    """Keep a picture's variants in place of earlier ones; without room, none: its copy is shown."""
    # The picture's row first: whoever draws it at the same time waits until this is written.
    tx.run(_DRAWN, name=name, bytes=0)
    tx.run(_DROP, name=name)
    size = sum(len(one.data) for one in variants)
    if not variants or (quota_bytes is not None and not has_room(tx, quota_bytes, size)):
        return
    tx.insert_columns(
        picture_variant,
        {
            "step": [one.step for one in variants],
            "kind": [one.kind for one in variants],
            "data": [one.data for one in variants],
        },
        constants={"hash": name},
    )
    tx.run(_DRAWN, name=name, bytes=size)


def undrawn(tx: ShopTx, most: int) -> Sequence[bytes]:
    """Pictures whose variants were never made, or by an earlier version."""
    return [row.hash for row in tx.rows(_UNDRAWN, most=most)]


def drop_orphans(tx: ShopTx) -> None:
    """Remove the variants of pictures that went."""
    tx.run(_ORPHANS)
