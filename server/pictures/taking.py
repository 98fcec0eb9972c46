"""A picture comes in parts: kept until it is whole, checked against its name, read, written anew.

Reading is done between two transactions: none is held while a process works.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, func, select

from core.sync.pictures import (
    COPY_BYTES,
    PART_BYTES,
    PICTURE_BYTES,
    PictureSent,
    copy_bytes,
    picture_kind,
)
from core.sync.wire import Malformed
from server.db.schema.pictures import picture_part
from server.db.tied import tied
from server.db.transaction import ShopTx
from server.http.problems import TooLarge
from server.pictures import keeping
from server.pictures.reading import read_picture
from server.pictures.refusals import BadPicture, NoPicture, WrongPicture
from server.pictures.sweeping import tidy
from server.services import Services
from server.sync.keys import is_signed
from server.sync.pages import check_may_pull

MOST_OPEN: Final = 4
"""Pictures that one counter may have on their way at once; the oldest gives way."""

_mine = (tied(picture_part), picture_part.c.device == bindparam("who"))
_this = (*_mine, picture_part.c.hash == bindparam("name"))
_COME: Final = select(
    func.coalesce(func.sum(picture_part.c.size), 0).label("size"),
    func.coalesce(func.max(picture_part.c.total), 0).label("total"),
).where(*_this)
_PARTS: Final = select(picture_part.c.data).where(*_this).order_by(picture_part.c.start)
_DROP: Final = delete(picture_part).where(*_this)
_DROP_ALL: Final = delete(picture_part).where(
    tied(picture_part), picture_part.c.hash == bindparam("name")
)
_OPEN: Final = (
    select(picture_part.c.hash)
    .where(*_mine)
    .group_by(picture_part.c.hash)
    .order_by(func.max(picture_part.c.at_ms).desc(), picture_part.c.hash)
)


class Taken(NamedTuple):
    """How much of a picture is here; `kept` once it is whole and read."""

    received: int
    kept: bool


def take_part(
    services: Services, shop_id: bytes, device: bytes, server_key: bytes, sent: PictureSent
) -> Taken:
    """Take a part of a picture that goods of the shop name.

    A part that is here already changes nothing, one that leaves a gap is not taken: the answer
    says from where to go on.

    Raises:
        Malformed, TooLarge: it cannot be a part of a picture.
        Revoked, Unconfirmed, UnknownLine: this counter may not.
        NoPicture: no goods name it.
        PicturesFull: the shop has no room.
        BadPicture: it is no picture that is taken, now or when it last came.
        WrongPicture: it is whole, and not what its name stands for: to be sent from the start.
        DecodersBusy: it is whole and waits to be read: send the last part again later.
    """
    _check(sent)

    def store(tx: ShopTx) -> tuple[Taken, bytes]:
        return _store(tx, services, device, sent)

    taken, whole = services.store.in_shop(shop_id, store)
    if taken.kept or not whole:
        return taken
    return _finish(services, shop_id, device, server_key, sent, whole)


def _check(sent: PictureSent) -> None:
    keeping.check_names((sent.hash,))
    end = sent.offset + len(sent.data)
    if sent.offset < 0 or not sent.data or end > sent.total:
        raise Malformed(why="part")
    if sent.total > (COPY_BYTES if sent.copy else PICTURE_BYTES):
        raise TooLarge(most=PICTURE_BYTES)
    if len(sent.data) > PART_BYTES:
        raise TooLarge(most=PART_BYTES)
    if sent.offset == 0 and len(sent.data) >= 16 and not picture_kind(sent.data[:16]):
        # Said by its first bytes: the rest need not travel.
        raise BadPicture(why="type")


def _store(tx: ShopTx, services: Services, device: bytes, sent: PictureSent) -> tuple[Taken, bytes]:
    check_may_pull(tx, device)
    state = keeping.state_of(tx, sent.hash)
    if state:
        raise BadPicture(why=state)
    if state is not None:
        return Taken(sent.total, True), b""
    if not keeping.is_named(tx, sent.hash):
        raise NoPicture()
    come = tx.one(_COME, who=device, name=sent.hash)
    assert come is not None
    have = int(come.size)
    if have and int(come.total) != sent.total:
        # Another form of the picture (the original, the copy): from the start.
        tx.run(_DROP, who=device, name=sent.hash)
        have = 0
    if not have:
        keeping.check_room(tx, services.picture_rules.quota_bytes, COPY_BYTES)
        _make_way(tx, device, sent.hash)
    fresh = sent.data[have - sent.offset :] if sent.offset <= have else b""
    if fresh:
        tx.insert_new(
            picture_part,
            device=device,
            hash=sent.hash,
            start=have,
            size=len(fresh),
            total=sent.total,
            at_ms=services.now_ms(),
            data=fresh,
        )
        have += len(fresh)
    if have < sent.total:
        return Taken(have, False), b""
    parts = tx.rows(_PARTS, who=device, name=sent.hash)
    return Taken(have, False), b"".join(row.data for row in parts)


def _make_way(tx: ShopTx, device: bytes, name: bytes) -> None:
    others = [row.hash for row in tx.rows(_OPEN, who=device) if row.hash != name]
    for older in others[MOST_OPEN - 1 :]:
        tx.run(_DROP, who=device, name=older)


def _finish(
    services: Services,
    shop_id: bytes,
    device: bytes,
    server_key: bytes,
    sent: PictureSent,
    whole: bytes,
) -> Taken:
    if not _is_what_it_says(shop_id, server_key, sent, whole):
        services.store.in_shop(shop_id, lambda tx: tx.run(_DROP, who=device, name=sent.hash))
        raise WrongPicture()
    try:
        decoded = read_picture(whole)
    except BadPicture as refusal:
        why = str(refusal.details["why"])
        services.store.in_shop(shop_id, lambda tx: _refused(tx, services, sent.hash, why))
        raise

    def keep(tx: ShopTx) -> None:
        quota = services.picture_rules.quota_bytes
        keeping.check_room(tx, quota, len(decoded.data))
        keeping.keep(tx, sent.hash, decoded, services.now_ms(), quota)
        tx.run(_DROP_ALL, name=sent.hash)
        tidy(tx, services)

    services.store.in_shop(shop_id, keep)
    return Taken(sent.total, True)


def _refused(tx: ShopTx, services: Services, name: bytes, why: str) -> None:
    keeping.refuse(tx, name, why, services.now_ms())
    tx.run(_DROP_ALL, name=name)


def _is_what_it_says(shop_id: bytes, server_key: bytes, sent: PictureSent, whole: bytes) -> bool:
    """The original by its hash; a copy that this server made and lost by its own signature."""
    digest = hashlib.sha256(whole).digest()
    if not sent.copy:
        return digest == sent.hash
    signed = copy_bytes(shop_id, sent.hash, sent.copy)
    return digest == sent.copy and is_signed(server_key, sent.signature, signed)
