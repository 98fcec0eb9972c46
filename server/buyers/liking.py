"""What the heart has marked while its buyer was signed in: kept with the account, sealed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
from sqlalchemy import bindparam, select, update

from server.buyers.refusals import SignedOut
from server.buyers.sealing import seal, unseal
from server.buyers.sessions import Known
from server.db.schema.buyers import buyer
from server.db.transaction import Tx
from server.services import Services

MOST: Final = 50
"""The one that was marked first gives way."""

Goods = tuple[tuple[bytes, bytes], ...]
"""Shop and product, the newest first."""

_LIKED = select(buyer.c.favourites).where(buyer.c.buyer_id == bindparam("whose"))
_LOCKED = _LIKED.with_for_update()
_WRITE = (
    update(buyer).where(buyer.c.buyer_id == bindparam("whose")).values(favourites=bindparam("new"))
)
_decode: Final = msgspec.msgpack.Decoder(Goods).decode


def liked_by(services: Services, known: Known) -> Goods:
    """What the account has marked."""
    with services.store.reading_directory() as tx:
        return _opened(known, tx.scalar(_LIKED, whose=known.buyer_id))


def like(services: Services, known: Known, shop_id: bytes, product_id: bytes) -> None:
    """Mark goods; marked again they come first.

    Raises:
        SignedOut: the account is gone.
    """
    new = (shop_id, product_id)
    _change(services, known, lambda had: (new, *(one for one in had if one != new))[:MOST])


def unlike(services: Services, known: Known, shop_id: bytes, product_id: bytes) -> None:
    """Mark them no longer.

    Raises:
        SignedOut: the account is gone.
    """
    old = (shop_id, product_id)
    _change(services, known, lambda had: tuple(one for one in had if one != old))


def _change(services: Services, known: Known, make: Callable[[Goods], Goods]) -> None:
    def write(tx: Tx) -> None:
        row = tx.one(_LOCKED, whose=known.buyer_id)
        if row is None:
            raise SignedOut()
        made = msgspec.msgpack.encode(make(_opened(known, row.favourites)))
        sealed = seal(services, known.key, made, known.place(b"favourites"))
        tx.run(_WRITE, whose=known.buyer_id, new=sealed)

    services.store.in_directory(write)


def _opened(known: Known, sealed: bytes | None) -> Goods:
    if sealed is None:
        return ()
    return _decode(unseal(known.key, sealed, known.place(b"favourites")))
